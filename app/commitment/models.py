"""Tables of commitment: resolutions of councils and committees, mayors' conferences and what came of them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model
from app.region.models import District, Municipality

COUNCIL, COMMITTEE = "council", "committee"
OUTCOMES = ("absent", "presented", "interested", "draft", "declined")
"""What a conference can lead to in a municipality, in the order in which things usually go."""
LONGEST_TEXT = 4000


class Resolution(Model):
    """Ratsbeschluss: a council, or a committee for it, decided that the municipality takes part.

    ``named`` is the consent to be named in publications. Votes are those of a public vote, all three or none.
    ``renew_by`` is the day until which it has to be decided anew, ``None`` if it holds until further notice.
    """

    __tablename__ = "resolution"
    __table_args__ = (
        UniqueConstraint("municipality_ags", "decided_on", "body", "body_name"),
        CheckConstraint("body IN ('council', 'committee')", name="body_known"),
        CheckConstraint("body = 'council' OR length(trim(body_name)) > 0", name="committee_has_its_name"),
        CheckConstraint("renew_by IS NULL OR renew_by > decided_on", name="renewal_comes_later"),
        CheckConstraint("link = '' OR link LIKE 'https://%' OR link LIKE 'http://%'", name="link_is_an_address"),
        CheckConstraint(
            "(votes_for IS NULL) = (votes_against IS NULL) AND (votes_for IS NULL) = (abstentions IS NULL)",
            name="votes_together",
        ),
        CheckConstraint(
            "votes_for IS NULL OR (votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0)", name="votes_counted"
        ),
        CheckConstraint(f"length(wording) <= {LONGEST_TEXT}", name="wording_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"))
    body: Mapped[str] = mapped_column(String(10))
    body_name: Mapped[str] = mapped_column(String(120), default="")
    decided_on: Mapped[dt.date]
    paper_number: Mapped[str] = mapped_column(String(60), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    wording: Mapped[str] = mapped_column(Text, default="")
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstentions: Mapped[int | None]
    named: Mapped[bool] = mapped_column(default=False)
    renew_by: Mapped[dt.date | None]

    municipality: Mapped[Municipality] = relationship()

    def holds(self, day: dt.date) -> bool:
        """Whether the resolution is in force on that day."""
        return self.decided_on <= day and (self.renew_by is None or day <= self.renew_by)


class Conference(Model):
    """Bürgermeisterkonferenz of a district: what stood on the agenda and what was presented."""

    __tablename__ = "conference"
    __table_args__ = (
        UniqueConstraint("district_ags", "held_on"),
        CheckConstraint(f"length(agenda) <= {LONGEST_TEXT}", name="agenda_length"),
        CheckConstraint(f"length(presented) <= {LONGEST_TEXT}", name="presented_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    district_ags: Mapped[str] = mapped_column(ForeignKey("district.ags"))
    held_on: Mapped[dt.date]
    agenda: Mapped[str] = mapped_column(Text, default="")
    presented: Mapped[str] = mapped_column(Text, default="")

    district: Mapped[District] = relationship()
    outcomes: Mapped[list[Outcome]] = relationship(back_populates="conference", cascade="all, delete-orphan")


class Outcome(Model):
    """What a conference led to in one municipality of the district."""

    __tablename__ = "conference_outcome"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({', '.join(repr(name) for name in OUTCOMES)})", name="outcome_known"),
    )

    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(500), default="")

    conference: Mapped[Conference] = relationship(back_populates="outcomes")

"""Tables of round tables: when and where, who came, what was presented, what guests thought of it."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, UtcDateTime, now
from app.personal import GUESTS, personal
from app.practices.models import Practice
from app.region.models import Municipality
from app.uploads.kept import KeptFile, whole_hash

LONGEST_TEXT = 8000


def _pass() -> str:
    return secrets.token_urlsafe(24)


class RoundTable(Model):
    """Runder Tisch. Of those before this service ``shown`` says what is known of the day, ``source`` who reported it.

    ``people`` and ``places`` are how many came, once that is known; they stay when the guests' names have gone.
    ``sequence`` counts the changes since people were invited, as their calendars do (RFC 5546).
    """

    __tablename__ = "round_table"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("source_key"),
        CheckConstraint("number > 0", name="number_counts"),
        CheckConstraint("held_on IS NOT NULL OR length(shown) > 0", name="some_day_is_known"),
        CheckConstraint("people >= 0 AND places >= 0", name="attendance_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str | None] = mapped_column(String(40))
    number: Mapped[int | None]
    held_on: Mapped[dt.date | None]
    shown: Mapped[str] = mapped_column(String(80), default="")
    begins: Mapped[dt.time | None]
    ends: Mapped[dt.time | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    host_ags: Mapped[str | None] = mapped_column(ForeignKey("municipality.ags"))
    about: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    people: Mapped[int | None]
    places: Mapped[int | None]
    counted: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(500), default="")
    invited_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[bool] = mapped_column(default=False)

    host: Mapped[Municipality | None] = relationship()
    agenda: Mapped[list[AgendaItem]] = relationship(cascade="all, delete-orphan", order_by="AgendaItem.position")
    guests: Mapped[list[TableGuest]] = relationship(
        back_populates="table", cascade="all, delete-orphan", order_by="TableGuest.name"
    )
    present: Mapped[list[Present]] = relationship(cascade="all, delete-orphan")
    files: Mapped[list[Handout]] = relationship(
        back_populates="table", cascade="all, delete-orphan", order_by="Handout.id"
    )
    presented: Mapped[list[Presented]] = relationship(cascade="all, delete-orphan")
    opinions: Mapped[list[Opinion]] = relationship(cascade="all, delete-orphan")

    @property
    def documented(self) -> bool:
        """Whether it was held before this service and is known from public sources only."""
        return self.source_key is not None


class AgendaItem(Model):
    """One item of the agenda; ``speaker`` is a function, never a name."""

    __tablename__ = "round_table_item"

    table_id: Mapped[int] = mapped_column(ForeignKey("round_table.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    speaker: Mapped[str] = mapped_column(String(160), default="")


class TableGuest(Model):
    """Somebody who signed up, from a municipality or from elsewhere; gone after the retention period.

    ``listed`` is the consent to stand on the list that all guests get. ``ticket`` is the secret of the QR code.
    """

    __tablename__ = "round_table_guest"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_length"),
        Index("ix_round_table_guest_table_id", "table_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("round_table.id", ondelete="CASCADE"))
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipality.ags"), info=personal(GUESTS))
    name: Mapped[str] = mapped_column(String(120), info=personal(GUESTS))
    function: Mapped[str] = mapped_column(String(160), default="", info=personal(GUESTS))
    listed: Mapped[bool] = mapped_column(default=False, info=personal(GUESTS))
    ticket: Mapped[str] = mapped_column(String(40), unique=True, default=_pass, info=personal(GUESTS, secret=True))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(GUESTS))
    signed_up_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    came_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, info=personal(GUESTS))

    table: Mapped[RoundTable] = relationship(back_populates="guests")
    municipality: Mapped[Municipality | None] = relationship()


class Present(Model):
    """A municipality that was represented; no person, so it stays."""

    __tablename__ = "round_table_present"

    table_id: Mapped[int] = mapped_column(ForeignKey("round_table.id", ondelete="CASCADE"), primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"), primary_key=True)


class Handout(KeptFile, Model):
    """A file of a round table: slides, minutes, a list of ideas."""

    __tablename__ = "round_table_file"
    __table_args__ = (whole_hash(), Index("ix_round_table_file_table_id", "table_id"))

    table_id: Mapped[int] = mapped_column(ForeignKey("round_table.id", ondelete="CASCADE"))

    table: Mapped[RoundTable] = relationship(back_populates="files")


class Presented(Model):
    """A practice that was presented at a round table."""

    __tablename__ = "round_table_practice"

    table_id: Mapped[int] = mapped_column(ForeignKey("round_table.id", ondelete="CASCADE"), primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), primary_key=True)

    practice: Mapped[Practice] = relationship()


class Opinion(Model):
    """What a guest thought of it. Nobody knows whose it is: a random key, no time, no account."""

    __tablename__ = "round_table_opinion"
    __table_args__ = (CheckConstraint("useful BETWEEN 1 AND 5", name="useful_in_range"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid.uuid4()))
    table_id: Mapped[int] = mapped_column(ForeignKey("round_table.id", ondelete="CASCADE"))
    useful: Mapped[int]
    wish: Mapped[str] = mapped_column(Text, default="")

"""Tables of survey rounds: the round with its frozen catalogue, and who takes part."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, UtcDateTime, now
from app.region.models import Municipality

RoundState = Literal["draft", "open", "closed", "released"]
STATES: tuple[RoundState, ...] = ("draft", "open", "closed", "released")


class Round(Model):
    """Erhebungsrunde: one wave with its window. Opening it freezes the catalogue, here, in full.

    ``demonstration`` marks invented data: every page and document made from it says so. ``late_answers``: forms opened
    before the closing are still taken for a day, until a first release has been built. ``evidence_rule``: levels 3
    and 4 count only as far as their evidence carries. ``plausible_only``: a level enters comparisons only once the
    agency has looked at it.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed', 'released')", name="state_known"),
        CheckConstraint("opens <= closes", name="window_in_order"),
        CheckConstraint(
            "(catalogue_json IS NULL) = (catalogue_sha256 IS NULL)", name="catalogue_and_its_hash_together"
        ),
        CheckConstraint("state = 'draft' OR catalogue_json IS NOT NULL", name="frozen_once_open"),
        CheckConstraint("(state IN ('closed', 'released')) = (closed_at IS NOT NULL)", name="closed_has_its_date"),
        CheckConstraint("NOT late_answers OR state = 'closed'", name="late_once_closed"),
        # One round collects at a time: a newcomer's address needs no round in it.
        Index(
            "uq_round_only_one_open",
            "state",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    opens: Mapped[dt.date]
    closes: Mapped[dt.date]
    demonstration: Mapped[bool] = mapped_column(default=False)
    evidence_rule: Mapped[bool] = mapped_column(default=True)
    plausible_only: Mapped[bool] = mapped_column(default=False)
    catalogue_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    late_answers: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Last: SQLite reads through all of a long text to get at a column behind it.
    catalogue_json: Mapped[str | None] = mapped_column(Text, deferred=True)

    participations: Mapped[list[Participation]] = relationship(
        back_populates="round", cascade="all, delete-orphan", order_by="Participation.municipality_ags"
    )


class Participation(Model):
    """A municipality invited to a round. ``newcomers`` is how many moved in during the window, where it is known.

    ``open_link``, ``codes`` and ``paper`` are the doors through which its newcomers' responses may come in.
    """

    __tablename__ = "participation"
    __table_args__ = (
        CheckConstraint("newcomers IS NULL OR newcomers > 0", name="newcomers_positive"),
        CheckConstraint("open_link OR codes OR paper", name="one_door_is_open"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"), primary_key=True)
    newcomers: Mapped[int | None]
    invited_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    open_link: Mapped[bool] = mapped_column(default=True, server_default=true())
    codes: Mapped[bool] = mapped_column(default=False, server_default=false())
    paper: Mapped[bool] = mapped_column(default=False, server_default=false())

    round: Mapped[Round] = relationship(back_populates="participations")
    municipality: Mapped[Municipality] = relationship()

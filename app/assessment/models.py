"""Tables of the self-assessment: one per municipality and round, one row per criterion answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import Model, UtcDateTime, now
from app.region.models import Municipality

LONGEST_REASON = 4000


class Assessment(Model):
    """Selbsteinschätzung of one municipality in one round.

    ``consented`` is the approver's word at hand-in that results may be shown publicly by name.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("round_id", "municipality_ags"),
        ForeignKeyConstraint(
            ["round_id", "municipality_ags"], ["participation.round_id", "participation.municipality_ags"]
        ),
        CheckConstraint("state IN ('open', 'handed_in')", name="state_known"),
        CheckConstraint("(state = 'handed_in') = (handed_in_at IS NOT NULL)", name="hand_in_has_its_date"),
        CheckConstraint("state = 'handed_in' OR NOT consented", name="consent_comes_with_hand_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    consented: Mapped[bool] = mapped_column(default=False)
    handed_in_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    handed_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reopened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reopened_reason: Mapped[str] = mapped_column(String(500), default="")

    municipality: Mapped[Municipality] = relationship()
    handed_in_by: Mapped[User | None] = relationship()
    answers: Mapped[list[CriterionAnswer]] = relationship(back_populates="assessment", cascade="all, delete-orphan")


class CriterionAnswer(Model):
    """The municipality's answer to one criterion. ``version`` counts saves, so that nobody overwrites unseen."""

    __tablename__ = "criterion_answer"
    __table_args__ = (
        CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name="level_in_range"),
        CheckConstraint("NOT not_applicable OR level IS NULL", name="level_or_not_applicable"),
        CheckConstraint("NOT not_applicable OR length(trim(reason)) > 0", name="not_applicable_has_reason"),
        CheckConstraint(f"length(reason) <= {LONGEST_REASON}", name="reason_length"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(12), primary_key=True)
    level: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    assessment: Mapped[Assessment] = relationship(back_populates="answers")
    saved_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - declared so by SQLAlchemy

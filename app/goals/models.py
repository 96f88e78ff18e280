"""The table of development goals."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, UtcDateTime, now
from app.rounds.models import Round


class DevelopmentGoal(Model):
    """Entwicklungsziel: the level a criterion is to reach, by when, who takes care, how, and how far it has come.

    ``position`` is 1 to 3, so that there are never more than three in a round.
    """

    __tablename__ = "development_goal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "municipality_ags"], ["participation.round_id", "participation.municipality_ags"]
        ),
        UniqueConstraint("round_id", "municipality_ags", "position"),
        UniqueConstraint("round_id", "municipality_ags", "criterion"),
        CheckConstraint("position BETWEEN 1 AND 3", name="at_most_three"),
        CheckConstraint("target BETWEEN 1 AND 4", name="target_in_range"),
        CheckConstraint("length(measures) BETWEEN 1 AND 1000", name="measures_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    municipality_ags: Mapped[str]
    position: Mapped[int]
    criterion: Mapped[str] = mapped_column(String(12))
    target: Mapped[int]
    due: Mapped[dt.date]
    responsible: Mapped[str] = mapped_column(String(160), default="")
    measures: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    round: Mapped[Round] = relationship(overlaps="participations", viewonly=True,
                                        primaryjoin="foreign(DevelopmentGoal.round_id) == Round.id")  # fmt: skip

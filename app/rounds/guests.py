"""Guests of a round: they check themselves without a council's resolution, collect no answers, enter no comparison."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import ForeignKeyConstraint, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, db
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Participation, Round


class Guest(Model):
    """A municipality that takes part in a round as a guest."""

    __tablename__ = "guest"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "municipality_ags"],
            ["participation.round_id", "participation.municipality_ags"],
            name="fk_guest_participation",
            ondelete="CASCADE",
        ),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(String(8), primary_key=True)


IS_GUEST = (
    select(Guest.round_id)
    .where(Guest.round_id == Participation.round_id, Guest.municipality_ags == Participation.municipality_ags)
    .correlate(Participation)
    .exists()
)
"""Whether the participation of a query is that of a guest."""


def guests_of(round_: Round) -> set[str]:
    """The AGS of all guests of the round. One statement."""
    return set(db.session.scalars(select(Guest.municipality_ags).where(Guest.round_id == round_.id)))


def set_guests(round_: Round, keys: Collection[str]) -> None:
    """Say who of those invited takes part as a guest: exactly these. ``StepRefused`` once the round is closed."""
    if round_.state not in ("draft", "open"):
        raise StepRefused(_("Die Runde ist geschlossen. Öffnen Sie sie wieder, um die Gäste zu ändern."))
    invited = {participation.municipality_ags for participation in round_.participations}
    db.session.execute(delete(Guest).where(Guest.round_id == round_.id))
    db.session.add_all(Guest(round_id=round_.id, municipality_ags=ags) for ags in sorted(invited & set(keys)))
    db.session.flush()

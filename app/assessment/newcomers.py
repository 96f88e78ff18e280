"""What the municipality may know of its newcomers' feedback while it comes in: roughly how much, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

from app.assessment.workspace import Workspace
from app.database import db
from app.feedback.models import COUNTED, Response
from app.rounds.guests import Guest
from scoring.method import Method

STEP = 5
"""Numbers are rounded down to multiples of this, so that nobody can see when one more person has answered."""


@dataclass(frozen=True)
class Feedback:
    """Responses that have come in at least, rounded down to steps of 5 (0: fewer than 5), and those needed."""

    at_least: int
    needed: int
    address: str

    @property
    def enough(self) -> bool:
        """Whether public results are possible."""
        return self.at_least >= self.needed


def is_guest(workspace: Workspace) -> bool:
    """Whether the municipality takes part in the round as a guest: it asks no newcomers."""
    return db.session.get(Guest, (workspace.round.id, workspace.municipality.ags)) is not None


def feedback(workspace: Workspace) -> Feedback:
    """The newcomers' feedback to this municipality in this round, roughly, and the address of their page."""
    number = db.session.scalar(
        select(func.count())
        .select_from(Response)
        .where(
            Response.round_id == workspace.round.id,
            Response.municipality_ags == workspace.municipality.ags,
            Response.state.in_(COUNTED),
        )
    )
    address = f"{current_app.config['KOMPASS'].address}/f/{workspace.municipality.slug}"
    return Feedback((number or 0) // STEP * STEP, Method().minimum_public, address)

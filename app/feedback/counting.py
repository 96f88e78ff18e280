"""How many responses have come in; numbers that the workspace and the agency watch while a round is open."""

from __future__ import annotations

from sqlalchemy import func, select

from app.database import db
from app.feedback.models import COUNTED, Response
from app.rounds.models import Round


def responses_by_municipality(round_: Round) -> dict[str, int]:
    """The number of responses that count, by municipality key (AGS); none: left out. One statement."""
    counts = (
        select(Response.municipality_ags, func.count())
        .where(Response.round_id == round_.id, Response.state.in_(COUNTED))
        .group_by(Response.municipality_ags)
    )
    return dict(db.session.execute(counts).all())


def responses_in(round_: Round) -> int:
    """The number of responses in the whole round, whatever is thought of them."""
    return db.session.scalar(select(func.count()).select_from(Response).where(Response.round_id == round_.id)) or 0

"""A round's ratings as the scoring reads them: one statement, whatever the number of responses."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.feedback.models import COUNTED, Response
from app.rounds.models import Round


def load_ratings(session: Session, round_: Round) -> tuple[list[str], list[bytes]]:
    """Keys (AGS, ascending) of the municipalities with responses, and for each its rating strings end to end.

    Each bytes object holds responses x items characters of ``12345-.`` (questionnaires/answers.py), one response
    after the other in no particular order: ``np.frombuffer(part, np.uint8).reshape(-1, items)``.
    """
    rows = session.execute(
        select(Response.municipality_ags, func.aggregate_strings(Response.ratings, ""))
        .where(Response.round_id == round_.id, Response.state.in_(COUNTED))
        .group_by(Response.municipality_ags)
        .order_by(Response.municipality_ags)
    ).all()
    return [ags for ags, _ in rows], [ratings.encode("ascii") for _, ratings in rows]

"""A round's answers as the scoring reads them: one statement, whatever the number of responses."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.feedback.models import COUNTED, Response
from app.rounds.models import Round

LANGUAGE, CHANNEL = 12, 10
"""Characters that a language and a channel take in a row, filled up with spaces."""


def load_answers(session: Session, round_: Round, profile: int) -> tuple[list[str], list[bytes]]:
    """Keys (AGS, ascending) of the municipalities with responses, and for each its rows end to end, in no order.

    A row is a rating string (questionnaires/answers.py), ``profile`` characters of the profile string, the language
    and the channel; a profile of another length, from before a question was added, is cut or filled with ".".
    """
    row = (
        Response.ratings
        + _wide(Response.profile, ".", profile)
        + _wide(Response.language, " ", LANGUAGE)
        + _wide(Response.channel, " ", CHANNEL)
    )
    rows = session.execute(
        select(Response.municipality_ags, func.aggregate_strings(row, ""))
        .where(Response.round_id == round_.id, Response.state.in_(COUNTED))
        .group_by(Response.municipality_ags)
        .order_by(Response.municipality_ags)
    ).all()
    return [ags for ags, _ in rows], [answers.encode("ascii") for _, answers in rows]


def _wide(column: InstrumentedAttribute[str], filling: str, width: int) -> ColumnElement[str]:
    return func.substr(column + filling * width, 1, width)

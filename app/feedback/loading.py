"""A round's answers as the scoring reads them: one statement, whatever the number of responses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.feedback.copying import LETTERS, OTHER, copied
from app.feedback.models import COUNTED, Response
from app.rounds.models import Round

_MUNICIPALITIES_AT_ONCE = 100


def load_answers(
    session: Session, round_: Round, profile: int, languages: Sequence[str], channels: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """Key (AGS) of each municipality with responses, ascending, and its rows end to end, in no order.

    A row is a rating string (questionnaires/answers.py), ``profile`` characters of the profile string, and a letter
    each for the language and the channel: that of ``LETTERS`` at its place in ``languages`` or ``channels``, ``OTHER``
    if it is not among them. A profile of another length, from before a question was added, is cut or filled with ".".
    Rows are read as they are asked for, so that ten million of them need not lie in memory twice.
    """
    if session.get_bind().dialect.name == "postgresql":
        yield from copied(session, round_, _wide(Response.profile, ".", profile), languages, channels)
        return
    row = (
        Response.ratings
        + _wide(Response.profile, ".", profile)
        + _lettered(Response.language, languages)
        + _lettered(Response.channel, channels)
    )
    rows = session.execute(
        select(Response.municipality_ags, func.aggregate_strings(row, ""))
        .where(Response.round_id == round_.id, Response.state.in_(COUNTED))
        .group_by(Response.municipality_ags)
        .order_by(Response.municipality_ags)
        .execution_options(yield_per=_MUNICIPALITIES_AT_ONCE)
    )
    for ags, answers in rows:
        yield ags, answers.encode("ascii")


def languages_of(session: Session, round_: Round) -> set[str]:
    """Every language of an answer that counts."""
    counted = Response.round_id == round_.id, Response.state.in_(COUNTED)
    return set(session.scalars(select(Response.language).where(*counted).distinct()))


def _wide(column: InstrumentedAttribute[str], filling: str, width: int) -> ColumnElement[str]:
    return case((func.length(column) == width, column), else_=func.substr(column + filling * width, 1, width))


def _lettered(column: InstrumentedAttribute[str], words: Sequence[str]) -> ColumnElement[str]:
    return case(dict(zip(words, LETTERS, strict=False)), value=column, else_=OTHER)


__all__ = ["LETTERS", "OTHER", "languages_of", "load_answers"]

"""The free texts as the municipality reads and codes them: what the agency let through, once the round has ended.

From ten texts to one question on, which ten people have written: who knows the few newcomers of a small place would
know them by their words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.database import db
from app.feedback import coding
from app.feedback.models import Comment, CommentTheme
from app.region.models import Municipality
from app.rounds.models import Participation, Round
from scoring.method import Method

ENDED = ("closed", "released")
FEWEST = Method().minimum_public
ON_A_PAGE = 20
UNCODED, CODED = "offen", "eingeordnet"
STATES = (UNCODED, CODED)


@dataclass(frozen=True)
class Reading:
    """Some of the texts of a round: those without a theme yet or those with one; how many there are of each.

    ``few`` says that there are too few to be shown to somebody who may know the people; then there are no texts.
    """

    texts: tuple[Comment, ...]
    codes: dict[str, set[str]]
    counts: dict[str, int]
    few: bool


def ended_rounds(municipality: Municipality) -> list[Round]:
    """Rounds that took answers of this municipality and have ended, the newest first. One statement."""
    query = select(Round).join(Participation).where(Participation.municipality_ags == municipality.ags)
    return list(db.session.scalars(query.where(Round.state.in_(ENDED)).order_by(Round.opens.desc(), Round.id.desc())))


def read(round_: Round, municipality: Municipality, state: str, page: int) -> Reading:
    """A page of the texts in one state; keys are random, so that their order is not that of arrival."""
    counts = _counts(round_, municipality)
    if counts is None:
        return Reading((), {}, {}, few=True)
    query = select(Comment).where(*_readable(round_, municipality), _is_coded() if state == CODED else ~_is_coded())
    texts = db.session.scalars(query.order_by(Comment.id).limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)).all()
    return Reading(tuple(texts), coding.codes_of(round_, texts), counts, few=False)


def code(round_: Round, municipality: Municipality, comment_id: str, themes: Collection[str]) -> bool:
    """Give a text these themes; False where there is no such text to be read. ``StepRefused`` for a theme unknown."""
    if _counts(round_, municipality) is None:
        return False
    query = select(Comment).where(*_readable(round_, municipality), Comment.id == comment_id)
    text = db.session.scalar(query.with_for_update())
    if text is None:
        return False
    coding.code_themes(text, themes)
    return True


def _readable(round_: Round, municipality: Municipality) -> tuple[ColumnElement[bool], ...]:
    """What the agency has let through."""
    here = (Comment.round_id == round_.id, Comment.municipality_ags == municipality.ags)
    return *here, Comment.state == "kept"


def _is_coded() -> ColumnElement[bool]:
    return (
        select(CommentTheme.theme)
        .where(
            CommentTheme.round_id == Comment.round_id,
            CommentTheme.municipality_ags == Comment.municipality_ags,
            CommentTheme.comment_id == Comment.id,
        )
        .exists()
    )


def _counts(round_: Round, municipality: Municipality) -> dict[str, int] | None:
    """How many texts have no theme yet, and how many have one; ``None`` if no question has enough. One statement."""
    both = select(func.count(), func.count().filter(_is_coded())).select_from(Comment)
    rows = db.session.execute(both.where(*_readable(round_, municipality)).group_by(Comment.question)).all()
    if max((number for number, _coded in rows), default=0) < FEWEST:
        return None
    coded = sum(coded for _number, coded in rows)
    return {UNCODED: sum(number for number, _coded in rows) - coded, CODED: coded}

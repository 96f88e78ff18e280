"""How far the municipalities of a round are, for those who look at all of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import and_, func, or_, select

from app.assessment.models import Assessment, CriterionAnswer
from app.database import db
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Participation, Round

State = Literal["not_started", "open", "handed_in"]


@dataclass(frozen=True)
class Progress:
    """One municipality: criteria answered (a level, or not applicable) of those there are, and the state.

    ``saved_at`` is the last time anybody saved; ``assessment_id`` is ``None`` and ``state`` "not_started" before
    the first answer.
    """

    answered: int
    of: int
    state: State
    assessment_id: int | None = None
    saved_at: dt.datetime | None = None
    handed_in_at: dt.datetime | None = None
    consented: bool = False


def progress_by_municipality(round_: Round) -> dict[str, Progress]:
    """Progress of every municipality invited to the round, by AGS, in one statement; empty for a draft."""
    if round_.state == "draft":
        return {}
    of = len(catalogue_of(round_).criteria)
    rows = db.session.execute(
        select(
            Participation.municipality_ags,
            func.count(CriterionAnswer.criterion).filter(_given),
            Assessment.id,
            Assessment.state,
            func.max(CriterionAnswer.saved_at),
            Assessment.handed_in_at,
            Assessment.consented,
        )
        .outerjoin(Assessment, _same_place)
        .outerjoin(CriterionAnswer, CriterionAnswer.assessment_id == Assessment.id)
        .where(Participation.round_id == round_.id)
        .group_by(Participation.municipality_ags, Assessment.id)
        .order_by(Participation.municipality_ags)
    )
    return {
        ags: Progress(answered, of, cast(State, state or "not_started"), id, saved_at, handed_in_at, bool(consented))
        for ags, answered, id, state, saved_at, handed_in_at, consented in rows
    }


def assessments_with_answers(round_: Round) -> int:
    """How many self-assessments of the round hold at least one answer."""
    statement = select(func.count(Assessment.id.distinct())).join(Assessment.answers)
    return db.session.scalar(statement.where(Assessment.round_id == round_.id)) or 0


_given = or_(CriterionAnswer.level.is_not(None), CriterionAnswer.not_applicable)
_same_place = and_(
    Assessment.round_id == Participation.round_id, Assessment.municipality_ags == Participation.municipality_ags
)

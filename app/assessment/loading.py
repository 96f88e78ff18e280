"""A round's self-assessments as arrays, the way scoring wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.assessment.models import Assessment, CriterionAnswer, Evidence, Plausibility
from app.assessment.plausibility import COUNTS
from app.rounds.models import Round
from questionnaires import evidence as rule
from questionnaires.catalogue import LEVELS, Catalogue


@dataclass(frozen=True, eq=False)
class SelfAssessments:
    """Rows are municipalities in the order asked for, columns criteria in catalogue order.

    ``levels`` (municipalities, criteria) are the maturity levels 0 to 4 that count, NaN where there is none;
    ``claimed`` those that were answered, the same where the round has no rule of evidence; ``evidenced`` where there
    is evidence; ``plausible`` where the agency has accepted the answer, or agreed on another level, which then is the
    one that counts; ``not_applicable``; all of them (municipalities, criteria). ``handed_in`` and ``consented``
    (municipalities). What was not handed in is loaded too: whether it counts is for the caller to decide.
    """

    levels: NDArray[np.float64]
    claimed: NDArray[np.float64]
    evidenced: NDArray[np.bool_]
    plausible: NDArray[np.bool_]
    not_applicable: NDArray[np.bool_]
    handed_in: NDArray[np.bool_]
    consented: NDArray[np.bool_]


def load_levels(session: Session, round_: Round, catalogue: Catalogue, keys: Sequence[str]) -> SelfAssessments:
    """The self-assessments of the municipalities with these AGS, in four statements whatever their number.

    A municipality without a self-assessment has a row of NaN; one that is not in ``keys`` is left out.
    """
    rows = {ags: position for position, ags in enumerate(keys)}
    columns = {criterion.id: position for position, criterion in enumerate(catalogue.criteria)}
    shape = (len(keys), len(catalogue.criteria))
    found = _empty(shape)
    place = {}
    for id, ags, state, consented in session.execute(_assessments(round_)):
        if ags in rows:
            place[id] = row = rows[ags]
            found.handed_in[row], found.consented[row] = state == "handed_in", consented
    proofs, verdicts = _proofs(session, round_), _verdicts(session, round_)
    counted, plausible_only = _counting(round_), round_.plausible_only
    for id, criterion, level, not_applicable in session.execute(_answers(round_)):
        if id in place:
            where, shown = (place[id], columns[criterion]), proofs.get((id, criterion), ())
            counts = counted(level, shown)
            verdict, agreed = verdicts.get((id, criterion), ("", None))
            if agreed is not None:
                counts = agreed
            if plausible_only and verdict not in COUNTS:
                counts = None
            found.plausible[where] = verdict in COUNTS
            found.levels[where] = np.nan if counts is None else counts
            found.claimed[where] = np.nan if level is None else level
            found.evidenced[where] = bool(shown)
            found.not_applicable[where] = not_applicable
    return found


def _counting(round_: Round) -> Callable[[int | None, Sequence[rule.Proof]], int | None]:
    """The level that counts for a claim with its evidence; most claims have none and are decided beforehand."""
    if not round_.evidence_rule:
        return lambda level, _shown: level
    day = round_.closes
    bare = {level: rule.counted(level, (), day).level for level in (None, *LEVELS)}
    return lambda level, shown: rule.counted(level, shown, day).level if shown else bare[level]


def _empty(shape: tuple[int, int]) -> SelfAssessments:
    return SelfAssessments(
        levels=np.full(shape, np.nan),
        claimed=np.full(shape, np.nan),
        evidenced=np.zeros(shape, bool),
        plausible=np.zeros(shape, bool),
        not_applicable=np.zeros(shape, bool),
        handed_in=np.zeros(shape[0], bool),
        consented=np.zeros(shape[0], bool),
    )


def _proofs(session: Session, round_: Round) -> dict[tuple[int, str], list[rule.Proof]]:
    """All evidence of the round as the rule sees it, by self-assessment and criterion."""
    found: dict[tuple[int, str], list[rule.Proof]] = {}
    statement = select(
        Evidence.assessment_id, Evidence.criterion, Evidence.dated, Evidence.shows_check, Evidence.shows_improvement
    )
    rows = session.execute(statement.join(Assessment).where(Assessment.round_id == round_.id))
    for id, criterion, dated, check, improvement in rows:
        found.setdefault((id, criterion), []).append(rule.Proof(dated, check, improvement))
    return found


def _verdicts(session: Session, round_: Round) -> dict[tuple[int, str], tuple[str, int | None]]:
    """What the agency said and the level agreed on, by self-assessment and criterion."""
    statement = select(
        Plausibility.assessment_id, Plausibility.criterion, Plausibility.state, Plausibility.agreed_level
    )
    rows = session.execute(statement.join(Assessment).where(Assessment.round_id == round_.id))
    return {(id, criterion): (state, agreed) for id, criterion, state, agreed in rows}


def _assessments(round_: Round) -> Select[int, str, str, bool]:
    return select(Assessment.id, Assessment.municipality_ags, Assessment.state, Assessment.consented).where(
        Assessment.round_id == round_.id
    )


def _answers(round_: Round) -> Select[int, str, int | None, bool]:
    return (
        select(
            CriterionAnswer.assessment_id,
            CriterionAnswer.criterion,
            CriterionAnswer.level,
            CriterionAnswer.not_applicable,
        )
        .join(Assessment)
        .where(Assessment.round_id == round_.id)
    )

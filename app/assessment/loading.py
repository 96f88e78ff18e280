"""A round's self-assessments as arrays, the way scoring wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, Select, select
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
    answered = _put_claims(found, session.execute(_answers(round_)).all(), place, columns, round_)
    proofs, verdicts = _proofs(session, round_), _verdicts(session, round_)
    for id, criterion in proofs.keys() | verdicts.keys():
        where = (place.get(id, -1), columns.get(criterion, -1))
        if min(where) >= 0 and answered[where]:
            _look_closer(found, where, proofs.get((id, criterion), []), verdicts.get((id, criterion)), round_)
    return found


def _put_claims(
    found: SelfAssessments,
    answers: Sequence[Row[int, str, int | None, bool]],
    place: Mapping[int, int],
    columns: Mapping[str, int],
    round_: Round,
) -> NDArray[np.bool_]:
    """What was stated, all at once, counting as it does with nothing to show for it; which criteria were answered."""
    answered = np.zeros(found.levels.shape, bool)
    if not answers:
        return answered
    ids, criteria, levels, away = zip(*answers, strict=True)
    rows = np.array([place.get(id, -1) for id in ids])
    here = rows >= 0
    where = rows[here], np.array([columns[criterion] for criterion in criteria])[here]
    claimed = np.array(levels, dtype=np.float64)[here]
    found.claimed[where] = claimed
    found.levels[where] = _bare(round_)[np.nan_to_num(claimed, nan=-1).astype(np.int64) + 1]
    found.not_applicable[where] = np.array(away, dtype=bool)[here]
    answered[where] = True
    return answered


def _bare(round_: Round) -> NDArray[np.float64]:
    """What counts of no level and of each one without evidence and without the agency's word."""
    claims: tuple[int | None, ...] = (None, *LEVELS)
    if round_.plausible_only:
        return np.full(len(claims), np.nan)
    return np.array([_counted(claim, [], round_) for claim in claims], dtype=np.float64)


def _counted(claim: int | None, shown: Sequence[rule.Proof], round_: Round) -> int | None:
    return rule.counted(claim, shown, round_.closes).level if round_.evidence_rule else claim


def _look_closer(
    found: SelfAssessments,
    where: tuple[int, int],
    shown: Sequence[rule.Proof],
    verdict: tuple[str, int | None] | None,
    round_: Round,
) -> None:
    """Count a level with its evidence and what the agency said of it."""
    state, agreed = verdict or ("", None)
    claimed = found.claimed[where]
    counts = _counted(None if np.isnan(claimed) else int(claimed), shown, round_) if agreed is None else agreed
    if round_.plausible_only and state not in COUNTS:
        counts = None
    found.plausible[where] = state in COUNTS
    found.levels[where] = np.nan if counts is None else counts
    found.evidenced[where] = bool(shown)


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

"""What municipalities said beside their levels, by AGS: evidence and marks, goals, good examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assessment.loading import SelfAssessments
from app.assessment.models import Assessment, Evidence, Plausibility
from app.rounds.models import Round
from questionnaires.catalogue import Catalogue
from scoring.release import Backing, Goal, Validation
from scoring.standing import GOOD_LEVEL, Standing

VALIDATION: dict[str, Validation] = {
    "accepted": "accepted",
    "question": "open",
    "returned": "open",
    "changed": "changed",
}
Key = tuple[str, str]
GoalsOfRound = Callable[[Session, Round, Catalogue, Sequence[str], SelfAssessments], Mapping[str, tuple[Goal, ...]]]
goal_sources: list[GoalsOfRound] = []
"""Where goals come from, by AGS; the slice that keeps them registers here."""


def load_standings(
    session: Session, round_: Round, catalogue: Catalogue, units: Sequence[str], assessments: SelfAssessments
) -> dict[str, Standing]:
    """The standing of everybody who handed in, in two statements; rows of ``assessments`` as ``units``.

    Who agreed to be shown by name may be named as a good example wherever the level is high enough. A round without a
    rule of evidence, where nobody gave any and nothing was checked, has no backings.
    """
    good = (assessments.levels >= GOOD_LEVEL) & ~assessments.not_applicable & assessments.consented[:, None]
    criteria = [criterion.id for criterion in catalogue.criteria]
    pieces, verdicts = _pieces(session, round_), _verdicts(session, round_)
    asked = round_.evidence_rule or bool(pieces) or bool(verdicts)
    goals: dict[str, tuple[Goal, ...]] = {}
    for source in goal_sources:
        goals.update(source(session, round_, catalogue, units, assessments))
    return {
        ags: Standing(
            goals=goals.get(ags, ()),
            backings=_backings(ags, row, criteria, assessments, pieces, verdicts) if asked else {},
            good_examples=frozenset(c for c, named in zip(criteria, good[row], strict=True) if named),
        )
        for row, ags in enumerate(units)
        if assessments.handed_in[row]
    }


def _backings(
    ags: str,
    row: int,
    criteria: Sequence[str],
    assessments: SelfAssessments,
    pieces: dict[Key, dict[str, int]],
    verdicts: dict[Key, Validation],
) -> dict[str, Backing]:
    """Evidence and marks of every criterion that has a level; a lower level that nobody agreed on is a mere claim."""
    claims, counts = assessments.claimed[row].tolist(), assessments.levels[row].tolist()
    found = {}
    for criterion, claimed, counted in zip(criteria, claims, counts, strict=True):
        if claimed == claimed:  # NaN is not.
            kinds, verdict = pieces.get((ags, criterion), {}), verdicts.get((ags, criterion), "none")
            mere = counted < claimed and verdict != "changed"
            shown = tuple(sorted(kinds.items())) if kinds else ()
            found[criterion] = _backing(int(claimed), shown, mere, verdict)
    return found


@lru_cache(maxsize=4096)
def _backing(claimed: int, kinds: tuple[tuple[str, int], ...], self_report: bool, verdict: Validation) -> Backing:
    """One object for all criteria that are backed alike: a country has half a million of them."""
    return Backing(
        claimed=claimed,
        evidence=sum(count for _, count in kinds),
        evidence_kinds=tuple(kind for kind, _ in kinds),
        self_report=self_report,
        validation=verdict,
    )


def _pieces(session: Session, round_: Round) -> dict[Key, dict[str, int]]:
    """How many pieces of evidence of each kind, by AGS and criterion."""
    statement = (
        select(Assessment.municipality_ags, Evidence.criterion, Evidence.kind, func.count())
        .join(Evidence.assessment)
        .where(Assessment.round_id == round_.id)
        .group_by(Assessment.municipality_ags, Evidence.criterion, Evidence.kind)
    )
    found: dict[Key, dict[str, int]] = {}
    for ags, criterion, kind, count in session.execute(statement):
        found.setdefault((ags, criterion), {})[kind] = count
    return found


def _verdicts(session: Session, round_: Round) -> dict[Key, Validation]:
    """What the agency says of a criterion, by AGS and criterion."""
    statement = (
        select(Assessment.municipality_ags, Plausibility.criterion, Plausibility.state)
        .join(Plausibility.assessment)
        .where(Assessment.round_id == round_.id)
    )
    return {(ags, criterion): VALIDATION[state] for ags, criterion, state in session.execute(statement)}

"""A round's self-assessments as arrays, the way scoring wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.assessment.models import Assessment, CriterionAnswer
from app.rounds.models import Round
from questionnaires.catalogue import Catalogue


@dataclass(frozen=True, eq=False)
class SelfAssessments:
    """Rows are municipalities in the order asked for, columns criteria in catalogue order.

    ``levels`` (municipalities, criteria) are maturity levels 0 to 4, NaN where there is none; ``not_applicable``
    (municipalities, criteria); ``handed_in`` and ``consented`` (municipalities). What was not handed in is loaded
    too: whether it counts is for the caller to decide.
    """

    levels: NDArray[np.float64]
    not_applicable: NDArray[np.bool_]
    handed_in: NDArray[np.bool_]
    consented: NDArray[np.bool_]


def load_levels(session: Session, round_: Round, catalogue: Catalogue, keys: Sequence[str]) -> SelfAssessments:
    """The self-assessments of the municipalities with these AGS, in two statements whatever their number.

    A municipality without a self-assessment has a row of NaN; one that is not in ``keys`` is left out.
    """
    rows = {ags: position for position, ags in enumerate(keys)}
    columns = {criterion.id: position for position, criterion in enumerate(catalogue.criteria)}
    shape = (len(keys), len(catalogue.criteria))
    found = SelfAssessments(
        np.full(shape, np.nan), np.zeros(shape, bool), np.zeros(len(keys), bool), np.zeros(len(keys), bool)
    )
    place = {}
    for id, ags, state, consented in session.execute(_assessments(round_)):
        if ags in rows:
            place[id] = row = rows[ags]
            found.handed_in[row], found.consented[row] = state == "handed_in", consented
    for id, criterion, level, not_applicable in session.execute(_answers(round_)):
        if id in place:
            where = place[id], columns[criterion]
            found.levels[where] = np.nan if level is None else level
            found.not_applicable[where] = not_applicable
    return found


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

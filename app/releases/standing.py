"""What municipalities said beside their levels, by AGS: evidence and marks, goals, good examples."""

from __future__ import annotations

from collections.abc import Sequence

from app.assessment.loading import SelfAssessments
from questionnaires.catalogue import Catalogue
from scoring.standing import GOOD_LEVEL, Standing


def load_standings(catalogue: Catalogue, units: Sequence[str], assessments: SelfAssessments) -> dict[str, Standing]:
    """The standing of everybody who handed in; rows of ``assessments`` as ``units``.

    Who agreed to be shown by name may be named as a good example wherever the level is high enough.
    """
    good = (assessments.levels >= GOOD_LEVEL) & ~assessments.not_applicable & assessments.consented[:, None]
    criteria = [criterion.id for criterion in catalogue.criteria]
    return {
        ags: Standing(good_examples=frozenset(c for c, named in zip(criteria, row, strict=True) if named))
        for ags, handed_in, row in zip(units, assessments.handed_in, good, strict=True)
        if handed_in
    }

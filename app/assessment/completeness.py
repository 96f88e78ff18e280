"""What is missing before the hand-in, and what will come of it: judged by the very rules that scoring applies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.assessment.workspace import Answer, Count, Workspace
from questionnaires.catalogue import Catalogue, Criterion, Dimension
from questionnaires.evidence import Counted
from scoring import index
from scoring.method import Method

PLANNED = 1
"""The level whose condition is that somebody is responsible and a date is set."""


@dataclass(frozen=True)
class DimensionReview:
    """One dimension: how much is answered, and whether it gets a score.

    ``verdict`` is a status of ``scoring.index``, or "too_many_not_applicable" where that is the cause.
    """

    dimension: Dimension
    count: Count
    not_applicable: int
    verdict: str

    @property
    def gets_score(self) -> bool:
        """Whether enough is answered for a score."""
        return self.verdict == "published"


@dataclass(frozen=True)
class Review:
    """The state of a self-assessment before its hand-in.

    ``unplanned`` are criteria at level 1 without responsibility or date; ``self_declared`` those whose level goes
    beyond its evidence, with what will count; ``to_confirm`` those taken over from last round and not looked at since;
    ``gets_total`` whether it is enough for a total.
    """

    open: tuple[Criterion, ...]
    unplanned: tuple[Criterion, ...]
    self_declared: tuple[tuple[Criterion, Counted], ...]
    to_confirm: tuple[Criterion, ...]
    dimensions: tuple[DimensionReview, ...]
    gets_total: bool

    @property
    def complete(self) -> bool:
        """Whether every criterion is answered."""
        return not self.open

    @property
    def without_score(self) -> tuple[DimensionReview, ...]:
        """The dimensions that will have no score as things stand."""
        return tuple(review for review in self.dimensions if not review.gets_score)


def review(workspace: Workspace) -> Review:
    """What is open, and which dimensions would have no score if it were handed in now."""
    answers = {criterion.id: workspace.answer(criterion.id) for criterion in workspace.in_order}
    status = _status(workspace)
    dimensions = tuple(
        _dimension(workspace, dimension, status[dimension.id])
        for _, group in workspace.areas()
        for dimension, _ in group
    )
    return Review(
        open=tuple(c for c in workspace.in_order if not answers[c.id].given),
        unplanned=tuple(c for c in workspace.in_order if _unplanned(answers[c.id])),
        self_declared=tuple(
            (c, counted) for c in workspace.in_order if (counted := workspace.counted(c.id)).self_declared
        ),
        to_confirm=tuple(c for c in workspace.in_order if workspace.taken_over(c.id)),
        dimensions=dimensions,
        gets_total=status["total"] == "published",
    )


def _unplanned(answer: Answer) -> bool:
    return answer.level == PLANNED and not (answer.responsible and answer.due)


def _dimension(workspace: Workspace, dimension: Dimension, status: str) -> DimensionReview:
    criteria = workspace.catalogue.criteria_of(dimension.id)
    away = sum(workspace.answer(criterion.id).not_applicable for criterion in criteria)
    if status == "insufficient" and away > Method().not_applicable_limit * len(criteria) + 1e-9:
        status = "too_many_not_applicable"
    return DimensionReview(dimension, workspace.count(criteria), away, status)


def _status(workspace: Workspace) -> dict[str, str]:
    """The status of every area, dimension and of the total, by id, as scoring will see it."""
    catalogue, method = workspace.catalogue, Method()
    structure = _structure(catalogue)
    answers = [workspace.answer(criterion.id) for criterion in catalogue.criteria]
    levels = np.array([[np.nan if a.level is None else a.level for a in answers]], dtype=float)
    away = np.array([[a.not_applicable for a in answers]])
    sizes = (1, len(catalogue.areas), len(catalogue.dimensions), len(catalogue.criteria))
    minimum = np.repeat([1.0, method.coverage_field, method.coverage_dimension, 0.0], sizes)
    codes = index.evaluate(structure, levels, minimum, 1.0, away, method.not_applicable_limit).status[0]
    status = {id: index.STATUSES[code] for id, code in zip(structure.ids, codes, strict=True)}
    if (~np.isnan(levels)).sum() < method.coverage_total * (~away).sum() - 1e-9:
        status["total"] = "insufficient"
    return status


def _structure(catalogue: Catalogue) -> index.Structure:
    areas = [area.id for area in catalogue.areas]
    dimensions = [dimension.id for dimension in catalogue.dimensions]
    return index.tree(
        [
            (["total"], [0], [1.0]),
            (areas, [0] * len(areas), [a.weight for a in catalogue.areas]),
            (dimensions, [areas.index(d.area) for d in catalogue.dimensions], [d.weight for d in catalogue.dimensions]),
            (
                [c.id for c in catalogue.criteria],
                [dimensions.index(c.dimension) for c in catalogue.criteria],
                [c.weight for c in catalogue.criteria],
            ),
        ]
    )

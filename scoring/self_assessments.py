"""What municipalities say of themselves: levels of criteria, brought together node by node of the catalogue."""

from __future__ import annotations

import numpy as np

from scoring import comparison, index
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.method import Method
from scoring.round_data import RoundData
from scoring.views import SelfView

TOTAL = "total"


def structure_of(data: RoundData) -> index.Structure:
    """The catalogue as a hierarchy: the total, areas, dimensions and criteria in that order."""
    return index.tree(
        [
            ((TOTAL,), [0], [1.0]),
            (data.areas, np.zeros(len(data.areas), dtype=int), data.area_weight),
            (data.dimensions, data.dimension_area, data.dimension_weight),
            (data.criteria, data.criterion_dimension, data.criterion_weight),
        ]
    )


def score_self_assessments(data: RoundData, method: Method) -> SelfView:
    """What municipalities say of themselves, for every node of the catalogue."""
    structure, sizes = structure_of(data), _sizes(data)
    minimum, away, values = self_inputs(data, method)
    result = index.evaluate(structure, values, minimum, 1.0, away, method.not_applicable_limit)
    _require_criteria(result, values, away, method.coverage_total)
    low, high = index.logical_range(structure, values, away)
    return SelfView(
        structure.ids,
        tuple(np.repeat(["total", "area", "dimension", "criterion"], sizes).tolist()),
        result.values,
        result.shares,
        result.status,
        _below(data, away),
        low,
        high,
    )


def _sizes(data: RoundData) -> tuple[int, ...]:
    return 1, len(data.areas), len(data.dimensions), len(data.criteria)


def self_inputs(data: RoundData, method: Method) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Minimum shares of the nodes, which criteria do not apply, and scores of the others; nothing before hand-in."""
    minimum = np.repeat([1.0, method.coverage_field, method.coverage_dimension, 0.0], _sizes(data))
    away = data.not_applicable & data.handed_in[:, None]
    return minimum, away, np.where(data.handed_in[:, None] & ~away, data.levels * comparison.LEVEL_STEP, np.nan)


def _require_criteria(result: index.Evaluation, values: FloatArray, away: BoolArray, share: float) -> None:
    """The total needs, beside both areas, a share of all criteria that apply."""
    answered, applicable = (~np.isnan(values)).sum(axis=1), (~away).sum(axis=1)
    short = (answered < share * applicable - 1e-9) & (result.status[:, 0] == index.PUBLISHED)
    result.status[short, 0] = index.INSUFFICIENT
    result.values[short, 0] = np.nan


def _below(data: RoundData, away: BoolArray) -> IntArray:
    """Number of criteria that do not apply, at and below every node."""
    of_dimension = np.eye(len(data.dimensions), dtype=np.int64)[data.criterion_dimension]
    of_area = np.eye(len(data.areas), dtype=np.int64)[data.dimension_area]
    criteria = away.astype(np.int64)
    dimensions = criteria @ of_dimension
    areas = dimensions @ of_area
    return np.concatenate([areas.sum(axis=1, keepdims=True), areas, dimensions, criteria], axis=1)

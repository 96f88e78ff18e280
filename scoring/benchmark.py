"""The one way through: a round in, everything that can be said about it out, as arrays.

A ``Benchmark`` is confidential. What of it may be shown, and how coarse, is decided in ``disclosure`` and written down
in ``publication``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring import comparison, index, intervals, likert, network, shrinkage
from scoring.arrays import BoolArray, FloatArray, IntArray, RatingArray, TextArray
from scoring.method import Method, ParameterOutOfRange, UnknownParameter
from scoring.round_data import LevelOutOfRange, RoundData, ShapeMismatch

__all__ = [
    "Benchmark",
    "LevelOutOfRange",
    "Method",
    "OutsideView",
    "PairView",
    "ParameterOutOfRange",
    "RoundData",
    "SelfView",
    "ShapeMismatch",
    "UnknownParameter",
    "score_round",
]

TOTAL = "total"
OVERALL = "overall"


@dataclass(frozen=True, eq=False)
class SelfView:
    """Self-assessments: arrays (units, nodes), nodes being the total, areas, dimensions and criteria in that order.

    ``status`` holds positions in ``index.STATUSES``, ``not_applicable`` the number of criteria below that do not apply,
    ``low`` and ``high`` the logical range. Units that did not hand in are unanswered throughout.
    """

    nodes: tuple[str, ...]
    kinds: tuple[str, ...]
    values: FloatArray
    shares: FloatArray
    status: RatingArray
    not_applicable: IntArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, eq=False)
class OutsideView:
    """Newcomers' view: arrays (units, indicators), indicators being overall, dimensions and items in that order.

    ``n`` persons with a score, ``mean`` and sample ``variance`` of their scores, ``low`` and ``high`` the interval of
    the mean; ``enough`` whether a scale has a score for a sufficient share of respondents. From the model between
    municipalities, NaN where there is none: ``shrunken`` with its limits; ``band``. Per indicator: ``probability``
    that municipalities differ by more than the gate, ``between`` the variance between them, ``answers_needed`` for a
    reliable mean. ``sampling`` is the variance of each mean as an estimate, with what all units say about the scatter
    of answers. ``indicator_items`` positions of the items of each indicator; ``tally`` the counts behind all of it.
    """

    indicators: tuple[str, ...]
    kinds: tuple[str, ...]
    indicator_items: tuple[IntArray, ...]
    tally: likert.Tally
    minimum_answered: IntArray
    n: IntArray
    mean: FloatArray
    variance: FloatArray
    low: FloatArray
    high: FloatArray
    enough: BoolArray
    shrunken: FloatArray
    shrunken_low: FloatArray
    shrunken_high: FloatArray
    band: TextArray
    probability: FloatArray
    between: FloatArray
    answers_needed: FloatArray
    sampling: FloatArray

    @property
    def item_count(self) -> IntArray:
        """Number of items of each indicator."""
        return np.array([items.size for items in self.indicator_items], dtype=np.int64)

    @property
    def scales(self) -> int:
        """Number of indicators made of several items; they stand before the items."""
        return len(self.tally.scales)


@dataclass(frozen=True, eq=False)
class PairView:
    """Self-view against newcomers' view: arrays (units, pairs); a pair is an item (position) and its criterion."""

    items: IntArray
    criteria: IntArray
    self_scores: FloatArray
    gap: FloatArray
    low: FloatArray
    high: FloatArray
    verdict: TextArray
    quadrant: TextArray


@dataclass(frozen=True, eq=False)
class Benchmark:
    """Everything computed of a round. Confidential."""

    self_view: SelfView
    outside_view: OutsideView
    pairs: PairView


def score_round(data: RoundData, method: Method) -> Benchmark:
    """Score a round: self-assessments, newcomers' view and the two side by side.

    Random steps take their seed from the data, so the same round and method always give the same numbers.
    """
    self_view = score_self_assessments(data, method)
    outside_view = _score_newcomers(data, method)
    return Benchmark(self_view, outside_view, _score_pairs(data, self_view, outside_view, method))


# --- self-assessments


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


# --- newcomers' view


@dataclass(frozen=True)
class _Scale:
    name: str
    kind: str
    items: IntArray
    asked: int
    minimum_answered: int


def _scales(data: RoundData, method: Method) -> list[_Scale]:
    """All items but outcomes, and the items of each dimension with enough pairs of its own."""
    dimension = np.where(
        data.item_criterion >= 0, data.criterion_dimension[np.maximum(data.item_criterion, 0)], index.ROOT
    )
    scales = [_scale(data, OVERALL, "overall", ~data.item_outcome, method)]
    for position, name in enumerate(data.dimensions):
        scales.append(_scale(data, name, "dimension", (dimension == position) & ~data.item_outcome, method))
    return [s for s in scales if s.items.size >= (method.dimension_pairs if s.kind == "dimension" else 1)]


def _scale(data: RoundData, name: str, kind: str, member: BoolArray, method: Method) -> _Scale:
    """A scale with the number of answers a person needs: a share of the items that everybody is asked, at least one.

    A rating string does not tell "not shown" from "not answered", so items with a show-rule cannot be demanded; where
    they were answered they count. For the same reason a scale without an item for everybody is not judged by the share
    of respondents who have a score.
    """
    asked = int((member & data.item_for_all).sum())
    return _Scale(name, kind, np.flatnonzero(member), asked, max(1, int(np.ceil(method.person_share * asked - 1e-9))))


def _score_newcomers(data: RoundData, method: Method) -> OutsideView:
    scales = _scales(data, method)
    columns = [scale.items.tolist() for scale in scales]
    counted = likert.tally(data.ratings, data.response_unit, len(data.units), scales=columns)
    minimum = np.array([s.minimum_answered for s in scales] + [1] * len(data.items))
    members = tuple(s.items for s in scales) + tuple(np.arange(len(data.items))[:, None])
    item_count = np.array([items.size for items in members])
    n, mean, variance = indicator_moments(counted, minimum)
    low, high = mean_intervals(n, mean, variance, item_count, data.newcomers[:, None], method)
    enough = np.ones(n.shape, dtype=bool)
    enough[:, : len(scales)] = n[:, : len(scales)] >= method.scale_share * expected(data, members, minimum) - 1e-9
    enough[:, [*(s for s, scale in enumerate(scales) if not scale.asked), *range(len(scales), n.shape[1])]] = True
    usable = (n >= method.minimum_public) & enough
    model = network.fit_indicators(n, mean, variance, usable, method)
    return OutsideView(
        tuple(s.name for s in scales) + data.items,
        tuple(s.kind for s in scales) + ("item",) * len(data.items),
        members,
        counted,
        minimum,
        n,
        mean,
        variance,
        low,
        high,
        enough,
        model.shrunken,
        model.low,
        model.high,
        comparison.classify(model.above, model.below, method.fdr, method.same_probability),
        model.probability,
        model.between,
        model.needed,
        model.sampling,
    )


def expected(
    data: RoundData, members: Sequence[IntArray], minimum: IntArray, chosen: BoolArray | None = None
) -> IntArray:
    """From how many of the ``chosen`` respondents a score is expected: (units, scales), units as in ``data``.

    ``members`` are the items of each indicator, scales first, ``minimum`` the answers that each needs. From people who
    have lived here too long for most of a scale none is expected; they do not stand for silence.
    """
    unit = data.response_unit if chosen is None else data.response_unit[chosen]
    everybody = np.bincount(unit, minlength=len(data.units))
    scales = len(members) - len(data.items)
    if data.lapsed is None or data.item_lapses is None:
        return np.repeat(everybody[:, None], scales, axis=1)
    lapsed = data.lapsed if chosen is None else data.lapsed[chosen]
    left = data.item_for_all & ~data.item_lapses
    out = np.array([left[items].sum() < least for items, least in zip(members[:scales], minimum, strict=False)])
    return np.asarray(everybody[:, None] - np.bincount(unit[lapsed], minlength=len(data.units))[:, None] * out)


def indicator_moments(counted: likert.Tally, minimum_answered: IntArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Number, mean and sample variance of scores per unit and indicator: the tally's scales, then its items."""
    scores = 100 * np.arange(counted.points) / (counted.points - 1)
    n, mean, variance = likert.moments(counted.histograms, scores)
    scales = [counted.scale_moments(s, int(minimum_answered[s])) for s in range(len(counted.scales))]
    return (
        np.column_stack([*(s[0] for s in scales), n]),
        np.column_stack([*(s[1] for s in scales), mean]),
        np.column_stack([*(s[2] for s in scales), variance]),
    )


def mean_intervals(
    n: IntArray,
    mean: FloatArray,
    variance: FloatArray,
    item_count: IntArray,
    newcomers: FloatArray | None,
    method: Method,
) -> tuple[FloatArray, FloatArray]:
    """Intervals of means (units, indicators), cut at what the newcomers who did not answer still allow.

    ``newcomers`` (units, 1) is the population of this wave; ``None`` or NaN for the process behind the answers.
    """
    low, high = np.full(mean.shape, np.nan), np.full(mean.shape, np.nan)
    for items in np.unique(item_count):
        columns = item_count == items
        low[:, columns], high[:, columns] = intervals.mean_interval(
            n[:, columns],
            mean[:, columns],
            variance[:, columns],
            newcomers,
            items=int(items),
            level=method.level,
            pseudo=method.pseudo_item if items == 1 else method.pseudo_scale,
        )
    if newcomers is None:
        return low, high
    least, most = intervals.logical_bounds(n, mean, newcomers)
    return np.maximum(low, least), np.minimum(high, most)


# --- both side by side


def _score_pairs(data: RoundData, self_view: SelfView, outside: OutsideView, method: Method) -> PairView:
    criteria = data.item_criterion[data.pairs]
    columns = len(outside.indicators) - len(data.items) + data.pairs
    self_scores = self_view.values[:, len(self_view.nodes) - len(data.criteria) + criteria]
    mean, n, variance = outside.mean[:, columns], outside.n[:, columns], outside.variance[:, columns]
    process = mean_intervals(n, mean, variance, np.ones(len(criteria), dtype=int), None, method)
    gap, low, high = comparison.gaps(self_scores, mean, process, method.level)
    quadrant = comparison.quadrants(
        self_scores, (outside.low[:, columns], outside.high[:, columns]), method.quadrant_self, method.quadrant_outside
    )
    usable = ~np.isnan(gap) & (n >= method.minimum_public)
    return PairView(
        data.pairs,
        criteria,
        self_scores,
        gap,
        low,
        high,
        _judge_gaps(gap, variance, n, usable, method),
        quadrant,
    )


def _judge_gaps(gap: FloatArray, variance: FloatArray, n: IntArray, usable: BoolArray, method: Method) -> TextArray:
    """Verdicts over all pairs at once, so that the share of wrong ones holds for the release as a whole."""
    above, below = np.full(gap.shape, np.nan), np.full(gap.shape, np.nan)
    for j in np.flatnonzero(usable.sum(axis=0) >= method.minimum_units):
        used = usable[:, j]
        moderated = shrinkage.moderated_variance(variance[used, j], n[used, j], method.prior_df)
        fit = network.fit_estimates(gap[used, j], comparison.LEVEL_VARIANCE + moderated / n[used, j], method)
        above[used, j] = fit.exceeds(method.margin_gap)
        below[used, j] = 1 - fit.exceeds(-method.margin_gap)
    return comparison.verdicts(above, below, method.fdr, method.same_probability)

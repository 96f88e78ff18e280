"""What newcomers say: counts, means with intervals, and the model between municipalities, indicator by indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring import comparison, index, intervals, likert, network, ranking
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.method import Method
from scoring.round_data import RoundData
from scoring.threads import one_thread
from scoring.views import OutsideView

OVERALL = "overall"


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


def _generators(data: RoundData) -> network.Generator | None:
    """Random numbers for the places of every indicator; none where places are told as confidence sets only."""
    if len(data.units) > ranking.PAIRWISE_UNITS:
        return None
    return lambda indicator: np.random.default_rng([data.seed, indicator])


@one_thread
def score_newcomers(data: RoundData, method: Method) -> OutsideView:
    """Count, estimate and compare what newcomers say of every indicator."""
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
    model = network.fit_indicators(n, mean, variance, usable, method, _generators(data))
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
        model.rank_low,
        model.rank_high,
        *network.confidence_sets(mean, model, method, len(scales)),
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

"""Self-view against newcomers' view of the same criterion: gaps, verdicts over all of them at once, quadrants."""

from __future__ import annotations

import numpy as np

from scoring import comparison, network, shrinkage
from scoring.arrays import BoolArray, FloatArray, IntArray, TextArray
from scoring.method import Method
from scoring.newcomers import mean_intervals
from scoring.round_data import RoundData
from scoring.views import OutsideView, PairView, SelfView


def score_pairs(data: RoundData, self_view: SelfView, outside: OutsideView, method: Method) -> PairView:
    """Every criterion that newcomers are asked about as well, for units that have both sides."""
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

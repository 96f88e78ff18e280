"""What the numbers of a round are worth: how well scales measure, what matters, how the views agree, what ranks hide.

Nothing here changes a score. Everything is about the network as a whole and rests on many answers; it is shown beside
the scores, so that nobody reads more out of them than is in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from scoring import (
    agreement,
    covariances,
    factor,
    importance,
    index,
    likert,
    ranking,
    reliability,
    sensitivity,
    shrinkage,
)
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.comparison import LEVEL_VARIANCE
from scoring.method import Method

REPLICATIONS = 1000
"""How often places are drawn anew."""
MOST_RANKED = ranking.PAIRWISE_UNITS
"""Nobody would read a ranking of more units, and to draw it again and again would cost more than everything else."""
_FEWEST_RESAMPLES = 200


def assess_scales(
    counted: likert.Tally, scales: Sequence[IntArray], method: Method
) -> tuple[reliability.Assessment, ...]:
    """Reliability of each scale, given by the positions of its items, for persons within municipalities."""
    covariance = covariances.within_covariance(counted)
    pairs = counted.pair_count.sum(axis=0)
    found = []
    for items in scales:
        cells = np.ix_(items, items)
        found.append(reliability.assess(covariance[cells], int(pairs[cells].min()), level=method.level))
    return tuple(found)


def outcome_shares(counted: likert.Tally, outcome: BoolArray, asked: BoolArray, method: Method) -> FloatArray:
    """Share of each item that everybody is ``asked`` in explaining the ``outcome`` item, with limits: (items, 3).

    NaN throughout unless there is exactly one outcome and its correlations can be computed.
    """
    shares = np.full((len(outcome), 3), np.nan)
    predictors = np.flatnonzero(asked & ~outcome)
    if np.count_nonzero(outcome) != 1 or len(predictors) < 2:
        return shares
    try:
        found = importance.outcome_importance(counted, int(np.argmax(outcome)), predictors.tolist(), method.level)
    except (covariances.ConstantItem, factor.NotACorrelation, factor.NotPositiveDefinite):
        return shares
    if found.r_squared > 0:
        limits = np.clip(np.column_stack([found.low, found.high]) / found.r_squared, 0, 1)
        shares[predictors] = np.column_stack([found.shares, limits])
    return shares


def places_by_rules(
    structure: index.Structure, values: FloatArray, minimum: FloatArray, away: BoolArray, method: Method
) -> tuple[int | None, int]:
    """Median number of places that a unit's place extends over when the index is made by other rules, and of how many.

    ``values`` (units, leaves) 0 to 100, ``away`` what does not apply, ``minimum`` shares as in ``index.evaluate``.
    ``None`` and 0 with fewer units than ranks need, or more than ``MOST_RANKED``.
    """
    if len(values) > MOST_RANKED:
        return None, 0
    nominal = sensitivity.Nominal(
        structure, values, minimum, not_applicable=away, not_applicable_limit=method.not_applicable_limit
    )
    try:
        found = sensitivity.uncertainty(nominal, rng=_generator(values), replications=REPLICATIONS)
    except shrinkage.TooFewUnits:
        return None, 0
    if found.places < method.minimum_ranks:
        return None, 0
    return _typical_span(found.low, found.high), found.places


def places_by_chance(
    mean: FloatArray, variance: FloatArray, probability: float, method: Method
) -> tuple[int | None, int]:
    """Median number of places that a unit's place extends over given its answers alone, and of how many.

    ``mean`` and sampling ``variance`` (units,) NaN where there is no estimate. ``None`` and 0 without a signal between
    units (``probability`` below the gate), with fewer units than ranks need or more than ``MOST_RANKED``.
    """
    used = np.isfinite(mean) & np.isfinite(variance)
    units = int(np.count_nonzero(used))
    if not method.minimum_ranks <= units <= MOST_RANKED or not probability >= method.gate_probability:
        return None, 0
    fit = shrinkage.posterior(mean[used], variance[used], method.prior_scale, points=method.grid_points)
    draws = fit.draws(method.draws_for(units), _generator(mean, variance))
    return _typical_span(*ranking.rank_intervals(draws, method.level)), units


def _typical_span(low: FloatArray, high: FloatArray) -> int:
    """Median number of places from the best to the worst, both counted."""
    return int(np.round(np.nanmedian(np.floor(high) - np.ceil(low) + 1)))


def _generator(*inputs: FloatArray) -> np.random.Generator:
    """Random numbers that depend on nothing but these inputs, so that what is hidden does not show in them."""
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(values).tobytes() for values in inputs)).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def agree(
    self_scores: FloatArray, criteria: IntArray, outside: FloatArray, variance: FloatArray, method: Method
) -> agreement.Agreement | None:
    """How the two views of one dimension go together over the units that have both; ``None`` with too few of them.

    ``self_scores`` and the number of ``criteria`` they rest on, ``outside`` scores and their sampling ``variance``:
    arrays (units,), NaN where missing. A self-score is uncertain by the rounding of its levels.
    """
    with np.errstate(divide="ignore"):
        rounding = np.where(criteria > 0, LEVEL_VARIANCE / criteria, np.nan)
    units = np.count_nonzero(np.isfinite(self_scores) & np.isfinite(outside) & np.isfinite(variance))
    if units < method.minimum_units:
        return None
    # The limits of many units are narrow, and their ends need fewer resamples to be as exact.
    resamples = max(_FEWEST_RESAMPLES, min(agreement.RESAMPLES, agreement.RESAMPLES * MOST_RANKED // int(units)))
    rng = _generator(self_scores, outside)
    return agreement.network_agreement(self_scores, rounding, outside, variance, rng, resamples, method.level)

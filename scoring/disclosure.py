"""What may be shown at all: minimum numbers, coarse tiers, near-unanimous answers, and totals that betray a part.

Protected are the newcomers' answers and the municipalities that did not agree to be shown. The reader to guard against
knows everything published, and may be one municipality that also knows its own sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.likert import moments

SUPPRESSED, COARSE, WHOLE, FINE = range(4)
TIER_STATUS = ("suppressed", "coarse", "published", "published")
_SCORE_STEP = np.array([np.nan, 5.0, 1.0, 0.1])
_SHARE_STEP = np.array([np.nan, np.nan, 0.1, 0.01])
_SMALL_TOWN_STEP = 5


def tiers(n: IntArray, minimum: int, public: int = 10, fine: int = 30) -> IntArray:
    """How much may be shown of a figure resting on ``n`` answers, for an audience with that ``minimum``.

    Below the minimum nothing; below ``public`` a mean rounded to 5 points and nothing else; below ``fine`` whole points
    and classes of 10 per cent; from there one decimal and whole per cents.

    >>> tiers(np.array([4, 5, 10, 30]), minimum=5).tolist(), tiers(np.array([9, 10]), minimum=10).tolist()
    ([0, 1, 2, 3], [0, 2])
    """
    allowed = np.select([n >= fine, n >= public], [FINE, WHOLE], COARSE)
    return np.where(n >= minimum, allowed, SUPPRESSED)


def round_scores(scores: FloatArray, tier: IntArray) -> FloatArray:
    """Scores in the steps of their tier: 5 points, whole points, one decimal; NaN where suppressed.

    >>> round_scores(np.full(4, 63.24), np.arange(4)).tolist()
    [nan, 65.0, 63.0, 63.2]
    """
    return _round(scores, _SCORE_STEP[tier])


def round_shares(shares: FloatArray, tier: IntArray) -> FloatArray:
    """Shares (0 to 1) in the steps of their tier: none, tenths, per cents.

    >>> round_shares(np.full(4, 0.637), np.arange(4)).tolist()
    [nan, nan, 0.6, 0.64]
    """
    return _round(shares, _SHARE_STEP[tier])


def _round(values: FloatArray, step: FloatArray) -> FloatArray:
    # Half a step less a hair: 2.5 steps is 2.5 on every machine, whatever the last bit of the division says.
    return np.round(np.floor(values / step + 0.5 + 1e-9) * step, 6)


def round_distribution(counts: IntArray, tier: IntArray) -> FloatArray:
    """Shares (..., points) in the steps of their tier that still add up to 1 (largest remainders); NaN if too few.

    >>> round_distribution(np.array([1, 1, 1, 4, 5]), np.array(WHOLE)).tolist()
    [0.1, 0.1, 0.1, 0.3, 0.4]
    """
    step = _SHARE_STEP[tier][..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = counts / counts.sum(axis=-1, keepdims=True) / step
        whole = np.floor(exact + 1e-9)
        missing = np.round(1 / step - whole.sum(axis=-1, keepdims=True))
    rank = np.argsort(np.argsort(-(exact - whole), axis=-1, kind="stable"), axis=-1, kind="stable")
    return np.asarray(np.round((whole + (rank < missing)) * step, 6))


def round_population(newcomers: FloatArray, small: float = 1000) -> FloatArray:
    """Numbers of people in steps of 5 where they are small, so that a response rate does not give a number away.

    >>> round_population(np.array([183.0, 4242.0])).tolist()
    [185.0, 4242.0]
    """
    return np.where(newcomers < small, _SMALL_TOWN_STEP * np.floor(newcomers / _SMALL_TOWN_STEP + 0.5), newcomers)


@dataclass(frozen=True, eq=False)
class Censored:
    """Moments of answers that may be shown: ``mean`` and ``variance`` in points, top-two share, and a warning.

    ``homogeneous`` marks answers so alike that whoever answered is known by the figure: their distribution is withheld.
    """

    n: IntArray
    mean: FloatArray
    variance: FloatArray
    top_two: FloatArray
    homogeneous: BoolArray


def censor(histograms: IntArray, share: float = 0.9) -> Censored:
    """Moments of histograms (..., 5), cut where nearly everybody chose the same answer or the same side.

    Homogeneous: at least ``share`` chose one answer, or nobody or everybody is in the negative half (1 or 2). Then the
    mean stays within what a share of exactly ``share`` would allow, the variance is at least that of such a split, and
    the top-two share is at most ``share`` and at least 1 - ``share``: "at least 90 %" may be said, "all" may not.

    >>> all_agree = censor(np.array([0, 0, 0, 0, 12]))
    >>> float(all_agree.mean), float(all_agree.top_two), bool(all_agree.homogeneous)
    (92.5, 0.9, True)
    """
    n, mean, variance = moments(histograms, np.arange(5) * 25.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = histograms / n[..., None]
        least_variance = share * (1 - share) * 625 * n / np.maximum(n - 1, 1)
    modal, negative = shares.max(axis=-1), shares[..., :2].sum(axis=-1)
    alike, none, everybody = modal >= share - 1e-9, negative == 0, negative >= 1
    homogeneous = alike | none | everybody
    top_two = shares[..., 3:].sum(axis=-1)
    return Censored(
        n,
        np.clip(mean, *_mean_bounds(shares, share, alike, none, everybody)),
        np.where(alike, np.maximum(variance, least_variance), variance),
        np.where(homogeneous, np.clip(top_two, 1 - share, share), top_two),
        homogeneous,
    )


def _mean_bounds(
    shares: FloatArray, share: float, alike: BoolArray, none: BoolArray, everybody: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest mean that may be shown of homogeneous answers."""
    rest = 1 - share
    low = np.select([everybody, alike & (shares[..., 0] >= share - 1e-9)], [rest * 50, rest * 25], 0.0)
    high = np.select([none, alike & (shares[..., 4] >= share - 1e-9)], [100 - rest * 75, 100 - rest * 25], 100.0)
    return low, high


def contributors(available: BoolArray, visible: BoolArray, minimum_hidden: int = 3) -> BoolArray:
    """Which units (rows) may enter a regional statistic, per column: all, or only those everyone sees.

    Units that are not ``visible`` count only if there are at least ``minimum_hidden`` of them: then neither the public
    nor one of them can tell whose figure the rest is.

    >>> contributors(np.ones((4, 1), dtype=bool), np.array([[True], [True], [True], [False]]))[:, 0].tolist()
    [True, True, True, False]
    """
    hidden = available & ~visible
    return np.asarray(available & (visible | (hidden.sum(axis=0) >= minimum_hidden)))


def countable(
    counts: IntArray, visible: BoolArray, minimum: int = 10, minimum_hidden: int = 3, share: float = 0.9
) -> BoolArray:
    """Which units may be counted in a regional total, so that the total less all published parts gives nothing away.

    ``counts`` (units, columns, answers) are added up; ``visible`` (units, columns) are published on their own. The rest
    is what is left of the total without the published, and what one hidden unit finds taking itself away. If a rest
    could be fewer than ``minimum`` answers, fewer than ``minimum_hidden`` units or near-unanimous, the total is formed
    of the published units alone: then it says nothing that they do not say.

    >>> counts = np.array([[[5, 5, 5, 5, 5]], [[1, 1, 1, 1, 0]]])
    >>> countable(counts, np.array([[True], [False]]))[:, 0].tolist()
    [True, False]
    """
    answered = counts.sum(axis=-1) > 0
    hidden = answered & ~visible
    rest = (counts * hidden[..., None]).sum(axis=0)
    without_one = np.concatenate([rest[None], rest - counts * hidden[..., None]])
    safe = (without_one.sum(axis=-1) >= minimum) & ~_near_unanimous(without_one, share)
    allowed = safe.all(axis=0) & (hidden.sum(axis=0) >= minimum_hidden)
    return np.asarray(answered & (visible | allowed))


def _near_unanimous(counts: IntArray, share: float) -> BoolArray:
    if counts.shape[-1] == 1:
        return np.zeros(counts.shape[:-1], dtype=bool)
    return np.asarray(counts.max(axis=-1) >= share * counts.sum(axis=-1) - 1e-9)


@dataclass(frozen=True, eq=False)
class Spread:
    """Number and quartiles of what municipalities have, per column; NaN where there are too few to say."""

    n: IntArray
    q1: FloatArray
    median: FloatArray
    q3: FloatArray


def quartiles(values: FloatArray, members: BoolArray, minimum: int = 5) -> Spread:
    """Quartiles (linear interpolation) of each column of ``values`` over ``members`` with a value, from ``minimum`` on.

    The group is the same for every reader, so no two of its versions can be subtracted from each other.

    >>> spread = quartiles(np.array([[10.0], [20.0], [30.0], [40.0], [50.0]]), np.ones((5, 1), dtype=bool))
    >>> spread.n.tolist(), spread.q1.tolist(), spread.median.tolist(), spread.q3.tolist()
    ([5], [20.0], [30.0], [40.0])
    """
    ordered = np.sort(np.where(members, values, np.nan), axis=0)
    n = (~np.isnan(ordered)).sum(axis=0)
    if not len(ordered):
        nothing = np.full(values.shape[1], np.nan)
        return Spread(n, nothing, nothing, nothing)
    q1, median, q3 = (np.where(n >= minimum, _quantile(ordered, n, p), np.nan) for p in (0.25, 0.5, 0.75))
    return Spread(n, q1, median, q3)


def _quantile(ordered: FloatArray, n: IntArray, probability: float) -> FloatArray:
    place = np.maximum(n - 1, 0) * probability
    below = np.floor(place).astype(int)
    columns = np.arange(ordered.shape[1])
    low, high = ordered[below, columns], ordered[np.minimum(below + 1, np.maximum(n - 1, 0)), columns]
    return np.asarray(low + (place - below) * (high - low))


def audience_sees(n: ArrayLike, minimum: int) -> IntArray:
    """Numbers of answers as an audience may know them: -1 below its minimum.

    >>> audience_sees([0, 4, 5], 5).tolist()
    [-1, -1, 5]
    """
    numbers = np.asarray(n)
    return np.where(numbers >= minimum, numbers, -1)

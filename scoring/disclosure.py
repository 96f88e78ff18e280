"""What may be shown at all: minimum numbers, coarse tiers, near-unanimous answers, and totals that betray a part.

Protected are the newcomers' answers and the municipalities that did not agree to be shown. The reader to guard against
knows everything published, and may be one municipality that also knows its own sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.attacker import PROTECTION, UNBOUNDED, ContradictsCounts, feasible_ranges
from scoring.audit import Difference, Finding, PublishedTable, Relation, UnknownCount, audit
from scoring.counts import NotACount, NotATable, with_totals
from scoring.likert import moments
from scoring.suppression import protect, protect_with_totals

__all__ = [
    "COARSE",
    "FINE",
    "PROTECTION",
    "SUPPRESSED",
    "TIER_STATUS",
    "UNBOUNDED",
    "WHOLE",
    "Censored",
    "ContradictsCounts",
    "Difference",
    "Finding",
    "KeyNotWhole",
    "NotACount",
    "NotATable",
    "NotNested",
    "PublishedTable",
    "Relation",
    "Spread",
    "UnknownCount",
    "audience_sees",
    "audit",
    "cell_key_noise",
    "censor",
    "contributors",
    "countable",
    "differ_by_one",
    "differs_enough",
    "feasible_ranges",
    "noise_variance",
    "peers_enough",
    "protect",
    "protect_with_totals",
    "quartiles",
    "refreshable",
    "round_distribution",
    "round_population",
    "round_scores",
    "round_shares",
    "steps",
    "tiers",
    "with_totals",
]

SUPPRESSED, COARSE, WHOLE, FINE = range(4)
TIER_STATUS = ("suppressed", "coarse", "published", "published")
_SCORE_STEP = np.array([np.nan, 5.0, 1.0, 0.1])
_SHARE_STEP = np.array([np.nan, np.nan, 0.1, 0.01])
_SMALL_TOWN_STEP = 5
_CELL_KEYS = 2**16
# Four fair coins less their mean: 1, 4, 6, 4, 1 sixteenths of the keys for -2 to 2, so the mean over all keys is 0.
_NOISE = np.repeat(np.arange(-2, 3), np.array([1, 4, 6, 4, 1]) * (_CELL_KEYS // 16))


class NotNested(ValueError):
    """A group that should be part of another has more people than it."""


class KeyNotWhole(ValueError):
    """A record key is negative or not a whole number, or a record belongs to a cell that does not exist."""


def tiers(n: IntArray, minimum: int, public: int = 10, fine: int = 30) -> IntArray:
    """How much may be shown of a figure resting on ``n`` answers, for an audience with that ``minimum``.

    Below the minimum nothing; below ``public`` a mean rounded to 5 points and nothing else; below ``fine`` whole points
    and classes of 10 per cent; from there one decimal and whole per cents.

    >>> tiers(np.array([4, 5, 10, 30]), minimum=5).tolist(), tiers(np.array([9, 10]), minimum=10).tolist()
    ([0, 1, 2, 3], [0, 2])
    """
    allowed = np.select([n >= fine, n >= public], [FINE, WHOLE], COARSE)
    return np.where(n >= minimum, allowed, SUPPRESSED)


def steps(tier: IntArray) -> tuple[float, float]:
    """Steps of scores (points) and of shares in a tier; NaN where there are none.

    >>> steps(np.array(WHOLE))
    (1.0, 0.1)
    """
    return float(_SCORE_STEP[tier]), float(_SHARE_STEP[tier])


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


def differs_enough(smaller: ArrayLike, larger: ArrayLike, least: int = 5) -> BoolArray:
    """Whether both of two nested groups may be published: the larger has no more people, or at least ``least`` more.

    ``smaller`` and ``larger`` are numbers of people and broadcast; ``least`` is 10 where distributions are published.
    Raises ``NotNested``.

    >>> differs_enough(20, [20, 23, 25]).tolist(), differs_enough(20, [20, 25, 30], least=10).tolist()
    ([True, False, True], [True, False, True])
    """
    rest = np.asarray(larger) - np.asarray(smaller)
    if (rest < 0).any():
        raise NotNested(f"A part has {-int(rest.min())} people more than its whole; give the smaller group first.")
    return np.asarray((rest == 0) | (rest >= least))


def refreshable(added: ArrayLike, withdrawn: ArrayLike, least: int = 5) -> BoolArray:
    """Whether a group's figures may be published anew, given who came and who left since *each* earlier version.

    ``added`` and ``withdrawn`` (..., versions) count people, each for itself: none, or at least ``least``. Whoever
    changes an answer leaves and comes. Without an earlier version the answer is yes.

    >>> [bool(refreshable(*changes)) for changes in (([7, 5], [0, 0]), ([5], [1]), ([12, 3], [0, 0]), ([], []))]
    [True, False, False, True]
    """
    settled = [(people == 0) | (people >= least) for people in (np.asarray(added), np.asarray(withdrawn))]
    return np.asarray((settled[0] & settled[1]).all(axis=-1))


def peers_enough(respondents: ArrayLike, minimum: int = 4, share: float = 0.5) -> BoolArray:
    """Whether peer groups are large enough to compare with: a mean of few, or of one above all, shows its parts.

    ``respondents`` (..., municipalities) of the group *without the reader*, who knows their own; municipalities without
    respondents do not count. At least ``minimum`` of them, and none with more than ``share`` of all respondents.

    >>> peers_enough([[10, 10, 10, 30], [10, 10, 10, 31], [10, 10, 20, 0]]).tolist()
    [True, False, False]
    """
    n = np.asarray(respondents)
    return np.asarray(((n > 0).sum(axis=-1) >= minimum) & (n.max(axis=-1, initial=0) <= share * n.sum(axis=-1)))


def differ_by_one(group: ArrayLike, other: ArrayLike) -> BoolArray:
    """Whether two groups (..., municipalities) are the same but for one: the means of both would give its mean away.

    >>> group = np.array([True, True, True, False])
    >>> differ_by_one(group, [[True, True, True, True], [True, True, False, True], group]).tolist()
    [True, False, False]
    """
    return np.asarray((np.asarray(group, dtype=bool) != np.asarray(other, dtype=bool)).sum(axis=-1) == 1)


def cell_key_noise(keys: ArrayLike, cell: ArrayLike, cells: int) -> IntArray:
    """Noise of -2 to 2 answers to add to the counts of ``cells`` cells in open data; 0 for cells without records.

    ``keys`` (records,) are whole random numbers, evenly spread and secret, that stay with their record; ``cell``
    (records,) is the cell of each, from 0. The sum of a cell's keys modulo 65,536 looks its noise up in a fixed table
    with mean exactly 0, so the same people always get the same noise, however they were selected, and asking again
    averages nothing out. Totals are perturbed by their own records and need not add up. Raises ``KeyNotWhole``.
    Sources: Fraser and Wooton (2005); Thompson, Broadfoot and Elazar (2013).

    >>> cell_key_noise([1000, 4000, 65535, 30000], [0, 0, 1, 2], 4).tolist()
    [-1, 2, 0, 0]
    """
    given, place = np.asarray(keys), np.asarray(cell)
    if given.size and (given.dtype.kind not in "iu" or given.min() < 0):
        raise KeyNotWhole("Record keys are whole numbers from 0; draw one for each record and store it.")
    if place.size and (place.dtype.kind not in "iu" or place.min() < 0 or place.max() >= cells):
        raise KeyNotWhole(f"Every record belongs to one of the cells 0 to {cells - 1}.")
    total = np.zeros(cells, dtype=np.int64)
    np.add.at(total, place.astype(np.int64), (given % _CELL_KEYS).astype(np.int64))
    occupied = np.bincount(place.astype(np.int64), minlength=cells) > 0
    return np.where(occupied, _NOISE[total % _CELL_KEYS], 0)


def noise_variance() -> float:
    """Variance of ``cell_key_noise``, in answers squared, published so that users can add it to that of the counts.

    >>> noise_variance()
    1.0
    """
    return float((_NOISE**2).mean())

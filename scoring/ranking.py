"""Places: between which ones a unit lies, and how far estimates scatter around a benchmark by chance alone.

A place is never one number. Its interval comes from joint draws of the true scores, in which every unit is ranked anew;
noise added to raw means, or the ranks of raw means, would promise too much. What is said of several units at once ("one
of the ten best") needs a confidence set that holds for all of them together. Place 1 is the highest score, equal scores
share the mean of their places, and whether places may be shown at all (enough units, a signal) is for the caller to
decide. The funnel is a picture of what chance alone does to few answers, not a rule for flags.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import ndtri

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.shrinkage import TooFewUnits, VarianceNotPositive

PAIRWISE_UNITS = 500
RESAMPLES = 1000
SEED = 2024
_RANKED_AT_ONCE = 2**20
# Few enough numbers to stay in a processor's own memory: fresh arrays of megabytes cost more than what is done to them.
_COMPARED_AT_ONCE = 2**14

ConfidenceMethod = Literal["auto", "pairwise", "sidak"]


class DrawNotFinite(ValueError):
    """Joint draws of scores are missing, infinite or have the wrong number of dimensions."""


class StandardErrorNotPositive(ValueError):
    """An estimate is not finite, or comes with a standard error that is zero, negative or missing."""


class ShareOutOfRange(ValueError):
    """A level or a share does not lie between 0 and 1."""


class AnswersNotPositive(ValueError):
    """A funnel is asked for at a number of answers that is zero, negative or missing."""


class VarianceNegative(ValueError):
    """A variance is negative, infinite or missing."""


class UnknownConfidenceMethod(ValueError):
    """There is no method of that name for a confidence set of places."""


def rank_intervals(draws: ArrayLike, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Between which places (low, high) each unit lies with probability ``level``; 1 is the highest score.

    ``draws`` (draws, units) or (draws, units, indicators) are joint draws of the true scores, best 2,000 or more. Every
    draw is ranked, ties share the mean rank, and the limits are quantiles of the ranks that occurred (so a place and a
    half is possible with ties only). Arrays (units,) or (units, indicators). Raises ``DrawNotFinite``,
    ``TooFewUnits``, ``ShareOutOfRange``. Source: Goldstein and Spiegelhalter (1996).

    >>> low, high = rank_intervals([[3, 2, 1], [3, 1, 2], [9, 8, 7], [5, 5, 1]], level=0.8)
    >>> low.tolist(), high.tolist()
    ([1.0, 1.5, 2.0], [1.5, 3.0, 3.0])
    """
    # Without rounding, 1 - 0.95 over 2 is a little more than 0.025 and the quantile one draw further in.
    tail = round((1 - _within_0_and_1("level", level)) / 2, 12)
    low, high = _quantiles(_ranks(draws), (tail, 1 - tail))
    return low.astype(np.float64), high.astype(np.float64)


def _quantiles(ranks: np.ndarray[tuple[int, ...], np.dtype[np.float32]], levels: tuple[float, float]) -> list[Any]:
    """Quantiles ("inverted_cdf") along the first axis; by counting, where there are fewer places than draws."""
    draws, units = ranks.shape[:2]
    halves = 2 * units + 1
    if halves > draws:
        return list(np.quantile(ranks, levels, axis=0, method="inverted_cdf"))
    columns = ranks[0].size
    cell = (2 * ranks.reshape(draws, columns)).astype(np.int64) + halves * np.arange(columns)
    below = np.bincount(cell.ravel(), minlength=columns * halves).reshape(columns, halves).cumsum(axis=1)
    # The first half place that more draws reach than come before the quantile.
    found = [(below > np.ceil(draws * level - 1)).argmax(axis=1) / 2 for level in levels]
    return [places.reshape(ranks.shape[1:]) for places in found]


def probability_top(draws: ArrayLike, share: float = 0.25) -> FloatArray:
    """Probability that each unit is among the best ``share`` of all, that is the first ceil(share G) places.

    ``draws`` as in ``rank_intervals``; units that tie across the border count by their mean rank. Raises
    ``DrawNotFinite``, ``TooFewUnits``, ``ShareOutOfRange``.

    >>> probability_top([[4, 3, 2, 1], [4, 3, 2, 1], [4, 3, 2, 1], [1, 2, 3, 4]]).tolist()
    [0.75, 0.0, 0.0, 0.25]
    """
    ranks = _ranks(draws)
    places = np.ceil(_within_0_and_1("share", share) * ranks.shape[1] - 1e-9)
    return np.asarray((ranks <= places).mean(axis=0), dtype=np.float64)


def _ranks(draws: ArrayLike) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    theta = np.asarray(draws, dtype=float)
    if theta.ndim not in (2, 3) or not theta.shape[0]:
        raise DrawNotFinite(f"Draws have the shape (draws, units) or (draws, units, indicators), not {theta.shape}.")
    if theta.shape[1] < 2:
        raise TooFewUnits(f"Places need at least two units, not {theta.shape[1]}.")
    if not np.isfinite(theta).all():
        where = np.argwhere(~np.isfinite(theta))[0].tolist()
        raise DrawNotFinite(f"The draw at {where} is {theta[tuple(where)]}; leave out units without an estimate.")
    # Ranks are whole or half numbers, which half the memory holds exactly.
    ranks = np.empty(theta.shape, dtype=np.float32)
    step = max(1, _RANKED_AT_ONCE // theta[0].size)
    for start in range(0, len(theta), step):
        _rank(theta[start : start + step], ranks[start : start + step])
    return ranks


def _rank(theta: FloatArray, ranks: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    """Ranks along the second axis; without ties, which draws hardly ever have, they need no more than a sort."""
    order = np.argsort(-theta, axis=1)
    ordered = np.take_along_axis(theta, order, axis=1)
    if (ordered[:, 1:] == ordered[:, :-1]).any():
        ranks[...] = scipy.stats.rankdata(-theta, axis=1)
        return
    places = np.arange(1, theta.shape[1] + 1, dtype=np.float32).reshape(1, -1, *[1] * (theta.ndim - 2))
    np.put_along_axis(ranks, order, places, axis=1)


def _within_0_and_1(name: str, value: float) -> float:
    if not 0 < value < 1:
        raise ShareOutOfRange(f"The {name} lies between 0 and 1, not {value}.")
    return value


def rank_confidence_set(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    level: float = 0.95,
    joint: bool = True,
    method: ConfidenceMethod = "auto",
    *,
    resamples: int = RESAMPLES,
    rng: np.random.Generator | None = None,
) -> tuple[IntArray, IntArray]:
    """Places (low, high) that contain the true ones of all units together with probability ``level``.

    With ``joint=False`` each unit's own set holds with that probability, but not all at once. ``estimates`` and
    ``standard_errors`` (units,) are those of independent, nearly normal estimates.

    ``pairwise`` tests every difference of two units, theta_j <= theta_k, against the largest standardised difference
    of ``resamples`` normal errors; what was rejected leaves the family and the rest is tested again until nothing new
    is found. low_j = 1 + number of units found above j, high_j = G - number found below. The errors come from ``rng``,
    or from a generator that always starts at ``SEED``: the same input has the same places. They belong to the sorted
    estimates, so that the order of the units does not matter. Cost ``resamples`` G^2.

    ``sidak`` gives every unit the interval y_i -+ z s_i, z the normal quantile of 1 - (1 - level^(1/G)) / 2, and counts
    those that lie wholly above, and wholly below; cost G log G. It holds for all units together, with ``joint=False``
    too. ``auto`` is ``pairwise`` up to ``PAIRWISE_UNITS`` units, ``sidak`` above.

    Raises ``TooFewUnits``, ``StandardErrorNotPositive``, ``ShareOutOfRange``, ``UnknownConfidenceMethod``. Sources:
    Mogstad, Romano, Shaikh and Wilhelm (2024); Klein, Wright and Wieczorek (2020).

    >>> low, high = rank_confidence_set([0, 4, 10], [1, 1, 1], method="sidak")
    >>> low.tolist(), high.tolist()
    ([2, 2, 1], [3, 3, 1])
    """
    y, s = _checked(estimates, standard_errors)
    _within_0_and_1("level", level)
    chosen = ("pairwise" if y.size <= PAIRWISE_UNITS else "sidak") if method == "auto" else method
    if chosen == "sidak":
        return _sidak(y, s, level)
    if chosen != "pairwise":
        raise UnknownConfidenceMethod(f'The method is "auto", "pairwise" or "sidak", not "{method}".')
    order = np.lexsort((s, y))
    generator = np.random.default_rng(SEED) if rng is None else rng
    errors = generator.standard_normal((resamples, y.size), dtype=np.float32)
    low, high = np.empty(y.size, dtype=np.int64), np.empty(y.size, dtype=np.int64)
    low[order], high[order] = _pairwise(y[order], s[order], errors, level, joint)
    return low, high


def _checked(estimates: ArrayLike, standard_errors: ArrayLike) -> tuple[FloatArray, FloatArray]:
    y, s = np.asarray(estimates, dtype=float), np.asarray(standard_errors, dtype=float)
    if y.ndim != 1 or y.shape != s.shape:
        raise StandardErrorNotPositive(f"Every estimate has one standard error: {y.shape} and {s.shape} do not match.")
    if y.size < 2:
        raise TooFewUnits(f"Places need at least two units, not {y.size}.")
    wrong = ~np.isfinite(y) | ~np.isfinite(s) | ~(s > 0)
    if wrong.any():
        unit = int(np.flatnonzero(wrong)[0])
        raise StandardErrorNotPositive(
            f"Unit {unit + 1} has the estimate {y[unit]} with standard error {s[unit]}; both are finite numbers, the "
            "second above zero. Leave out units without an estimate."
        )
    return y, s


def _sidak(y: FloatArray, s: FloatArray, level: float) -> tuple[IntArray, IntArray]:
    reach = -ndtri(-np.expm1(np.log(level) / y.size) / 2) * s
    lower, upper = y - reach, y + reach
    above = y.size - np.searchsorted(np.sort(lower), upper, side="right")
    below = np.searchsorted(np.sort(upper), lower, side="left")
    return (1 + above).astype(np.int64), (y.size - below).astype(np.int64)


def _pairwise(
    y: FloatArray, s: FloatArray, errors: np.ndarray[tuple[int, ...], np.dtype[np.float32]], level: float, joint: bool
) -> tuple[IntArray, IntArray]:
    spread = np.hypot(s[:, None], s)
    np.fill_diagonal(spread, np.inf)
    distance = (y[:, None] - y) / spread
    noise = errors * s.astype(np.float32)
    critical: FloatArray = np.full((1, 1), np.inf)
    while True:
        smaller = _critical(noise, spread, distance <= critical, distance >= -critical, level, joint)
        found = np.abs(distance) > smaller
        if not (found & (np.abs(distance) <= critical)).any():
            above, below = (found & (distance < 0)).sum(axis=1), (found & (distance > 0)).sum(axis=1)
            return 1 + above, y.size - below
        critical = smaller


def _critical(
    noise: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    spread: FloatArray,
    open_above: BoolArray,
    open_below: BoolArray,
    level: float,
    joint: bool,
) -> FloatArray:
    """Quantile of the largest standardised difference among the open hypotheses: (1, 1) if joint, else (units, 1)."""
    scales = [np.where(open_above, 1 / spread, 0.0).astype(np.float32)]
    if not joint:
        # Among all pairs "k above j" is another pair's "j above k"; in the family of one unit it is not.
        scales.append(np.where(open_below, -1 / spread, 0.0).astype(np.float32))
    largest = np.zeros(noise.shape, dtype=np.float32)
    rows = min(len(spread), max(1, _COMPARED_AT_ONCE // len(spread)))
    step = max(1, _COMPARED_AT_ONCE // (rows * len(spread)))
    for top in range(0, len(spread), rows):
        some = slice(top, top + rows)
        for start in range(0, len(noise), step):
            errors = noise[start : start + step]
            difference = errors[:, some, None] - errors[:, None, :]
            here = largest[start : start + step, some]
            for scale in scales:
                np.maximum(here, (difference * scale[some]).max(axis=2), out=here)
    families = largest.max(axis=1, keepdims=True) if joint else largest
    return np.quantile(families, level, axis=0, method="higher").astype(np.float64)[:, None]


def funnel_limits(
    n: ArrayLike, benchmark: ArrayLike, variance: ArrayLike, between: ArrayLike, level: float
) -> tuple[FloatArray, FloatArray]:
    """Where means of ``n`` answers of ordinary units lie with probability ``level``: b -+ z sqrt(s2 / n + t2).

    ``variance`` s2 is that of single answers, pooled over units, ``between`` t2 that between ordinary units (points
    squared, both may be zero), ``benchmark`` b in points. Arrays broadcast; the limits are not cut at 0 and 100. Raises
    ``AnswersNotPositive``, ``VarianceNegative``, ``ShareOutOfRange``. Source: Spiegelhalter (2005).

    >>> [round(float(limit), 3) for limit in funnel_limits(25, 60, 900, 28, 0.95)]
    [44.32, 75.68]
    """
    answers, centre, s2, t2 = (np.asarray(a, dtype=float) for a in (n, benchmark, variance, between))
    if not (np.isfinite(answers) & (answers > 0)).all():
        raise AnswersNotPositive("A funnel is drawn over numbers of answers above zero; leave out units without any.")
    for name, values in (("variance of answers", s2), ("variance between units", t2)):
        if not (np.isfinite(values) & (values >= 0)).all():
            raise VarianceNegative(f"The {name} is a finite number, not below zero.")
    half = ndtri((1 + _within_0_and_1("level", level)) / 2) * np.sqrt(s2 / answers + t2)
    return np.asarray(centre - half), np.asarray(centre + half)


def winsorised_between_variance(
    estimates: ArrayLike, variances: ArrayLike, benchmark: ArrayLike, share: float = 0.1
) -> float:
    """Variance tau2 between ordinary units, which the extreme ``share`` at either end cannot inflate; never negative.

    The root of mean(clip(z, q_share, q_1-share)^2) = k (G - 1) / G with z_i = (y_i - b) / sqrt(v_i + tau2), where k is
    what the left side is for normal z: k = 1 - 2 share - 2 c phi(c) + 2 share c^2, c = Phi^-1(1 - share) (0.6786546 for
    0.1). 0 if the left side is not greater even at tau2 = 0. ``share`` 0 cuts nothing. Raises ``TooFewUnits``,
    ``VarianceNotPositive``, ``ShareOutOfRange``. Sources: Spiegelhalter (2005); Paule and Mandel (1982).

    >>> round(winsorised_between_variance([40, 45, 50, 55, 60, 200], [4.0] * 6, 50.0, share=0.2), 3)
    129.467
    """
    y, v, b = (np.asarray(a, dtype=float) for a in (estimates, variances, benchmark))
    if y.size < 2:
        raise TooFewUnits(f"A variance between units needs at least two, not {y.size}.")
    if not (np.isfinite(y - b) & np.isfinite(v) & (v > 0)).all():
        raise VarianceNotPositive("Estimates and benchmark are finite and every estimate has a variance above zero.")
    if not 0 <= share < 0.5:
        raise ShareOutOfRange(f"The share cut at either end is at least 0 and below 0.5, not {share}.")
    target = _winsorised_square(share) * (y.size - 1) / y.size

    def excess(tau2: float) -> float:
        return _mean_winsorised((y - b) / np.sqrt(v + tau2), share) - target

    # At the upper end no z^2 reaches the target.
    upper = float(((y - b) ** 2).max() / target)
    return float(scipy.optimize.brentq(excess, 0.0, upper, xtol=1e-12, rtol=1e-13)) if excess(0.0) > 0 else 0.0


def _mean_winsorised(z: FloatArray, share: float) -> float:
    low, high = np.quantile(z, [share, 1 - share])
    return float((np.clip(z, low, high) ** 2).mean())


def _winsorised_square(share: float) -> float:
    """Expected square of a standard normal variable that is cut at its quantiles ``share`` and 1 - ``share``."""
    if share == 0:
        return 1.0
    c = float(-ndtri(share))
    return 1 - 2 * share - 2 * c * float(np.exp(-(c**2) / 2) / np.sqrt(2 * np.pi)) + 2 * share * c**2

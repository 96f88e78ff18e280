"""Interval estimates of means, shares and differences, for bounded scores and few answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from scoring.arrays import FloatArray

CENTRE = 50.0
UNIFORM_VARIANCE = 1250.0
ITEM_CORRELATION = 0.4


class PopulationBelowResponses(ValueError):
    """More answers than people who could have answered."""


def mean_interval(
    n: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    population: ArrayLike | None = None,
    items: int = 1,
    level: float = 0.95,
    pseudo: float | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Bounded-score interval of a mean score 0 to 100: Wilson's interval widened by a variance ratio.

    ``n`` answers with sample ``variance`` (n - 1) out of ``population`` people (``None`` or NaN: unknown); ``items``
    is the number of items of the scale. With kappa pseudo-respondents spread evenly over the scale (two for one item,
    one for a scale)::

        m* = (n m + 50 k) / (n + k),  v = [(n - 1) s2 + n (m - m*)2 + k (q + (50 - m*)2)] / (n + k - 1)
        rho = min(1, v / (m* (100 - m*))),  a = t2(n - 1) rho (1 - n/N) / n
        limits = 100 [p + a/2 -+ sqrt(a (p (1 - p) + a/4))] / (1 + a)

    Arrays broadcast. NaN for n < 2; zero width where everybody answered; never outside 0 to 100. Raises
    ``PopulationBelowResponses``. Sources: Wilson (1927); Korn and Graubard (1998).

    >>> low, high = mean_interval(10, 70, 4750 / 9)
    >>> round(float(low), 3), round(float(high), 3)
    (49.645, 84.668)
    """
    n, mean, variance = (np.asarray(a, dtype=float) for a in (n, mean, variance))
    ratio = _variance_ratio(n, mean, variance, items, (2.0 if items == 1 else 1.0) if pseudo is None else pseudo)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = stdtrit(np.where(n > 1, n - 1, np.nan), (1 + level) / 2)
        a = t**2 * ratio * _unseen_share(n, population) / n
    return _score_limits(mean / 100, a)


def _variance_ratio(n: FloatArray, mean: FloatArray, variance: FloatArray, items: int, pseudo: float) -> FloatArray:
    """Variance of the answers, pseudo-respondents included, as a share of the largest their mean allows."""
    pseudo_variance = UNIFORM_VARIANCE * (1 + ITEM_CORRELATION * (items - 1)) / items
    centred = (n * mean + CENTRE * pseudo) / (n + pseudo)
    squares = (n - 1) * variance + n * (mean - centred) ** 2 + pseudo * (pseudo_variance + (CENTRE - centred) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.minimum(1.0, squares / (n + pseudo - 1) / (centred * (100 - centred))))


def _unseen_share(n: FloatArray, population: ArrayLike | None) -> FloatArray:
    """Finite population correction 1 - n/N; 1 where N is unknown."""
    if population is None:
        return np.asarray(1.0)
    size = np.asarray(population, dtype=float)
    if (size < n).any():
        raise PopulationBelowResponses("There are more answers than newcomers; check the number of newcomers.")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isnan(size), 1.0, 1 - n / size)


def _score_limits(p: FloatArray, a: FloatArray) -> tuple[FloatArray, FloatArray]:
    half = np.sqrt(a * (p * (1 - p) + a / 4))
    low, high = ((p + a / 2 + sign * half) / (1 + a) for sign in (-1, 1))
    # Rounding may push a limit past the mean or the end of the scale by 1e-16.
    return np.clip(100 * np.minimum(low, p), 0, 100), np.clip(100 * np.maximum(high, p), 0, 100)


def logical_bounds(n: ArrayLike, mean: ArrayLike, population: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Where the mean of all ``population`` people must lie, whatever those who did not answer would have said.

    NaN population: 0 and 100. Raises ``PopulationBelowResponses``. Source: Manski (2003).

    >>> [float(v) for v in logical_bounds(50, 80, 100)]
    [40.0, 90.0]
    """
    n, mean = np.asarray(n, dtype=float), np.asarray(mean, dtype=float)
    unseen = _unseen_share(n, population)
    low = np.where(unseen >= 1, 0.0, (1 - unseen) * mean)
    return low, np.where(unseen >= 1, 100.0, low + 100 * unseen)


def share_interval(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval of a share, in per cent (0 to 100); NaN for n = 0.

    >>> [round(float(v), 5) for v in share_interval(7, 10)]
    [39.67781, 89.22087]
    """
    n = np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _score_limits(np.asarray(successes, dtype=float) / n, ndtri((1 + level) / 2) ** 2 / n)


def difference_interval(
    mean_1: ArrayLike,
    interval_1: tuple[ArrayLike, ArrayLike],
    mean_2: ArrayLike,
    interval_2: tuple[ArrayLike, ArrayLike],
) -> tuple[FloatArray, FloatArray]:
    """Limits of mean_2 - mean_1 from the interval of each (MOVER): independent samples, no finite population.

    Sources: Newcombe (1998); Zou and Donner (2008).

    >>> [round(float(v), 3) for v in difference_interval(50, (40, 58), 70, (64, 75))]
    [10.0, 31.18]
    """
    m1, m2 = np.asarray(mean_1, dtype=float), np.asarray(mean_2, dtype=float)
    (l1, u1), (l2, u2) = (tuple(np.asarray(v, dtype=float) for v in limits) for limits in (interval_1, interval_2))
    difference = m2 - m1
    return difference - np.hypot(m2 - l2, u1 - m1), difference + np.hypot(u2 - m2, m1 - l1)

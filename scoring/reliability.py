"""How far a scale or a municipality's mean can be relied on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import f as f_distribution

from scoring.arrays import FloatArray
from scoring.likert import Tally


class NotACovariance(ValueError):
    """A covariance matrix is not square, or covers fewer than two items."""


class VarianceComponents(NamedTuple):
    """Variance between and within units, the share between (ICC), and its interval."""

    between: float
    within: float
    icc: float
    low: float
    high: float


def variance_components(
    n: ArrayLike, means: ArrayLike, variances: ArrayLike, level: float = 0.95
) -> VarianceComponents:
    """One-way analysis of variance from ``n``, mean and sample variance of every unit (units with n = 0 are left out).

    n0 = (N - sum n2 / N) / (G - 1), between = (MSB - MSW) / n0, icc = (MSB - MSW) / (MSB + (n0 - 1) MSW); both are cut
    at 0. The interval is that of the F distribution (exact for equal n). NaN where there are fewer than two units or no
    unit with two answers. Source: Searle, Casella and McCulloch (1992).

    >>> float(variance_components([2, 2], [1.0, 3.0], [2.0, 2.0]).between)
    1.0
    """
    n, means, variances = (np.asarray(a, dtype=float) for a in (n, means, variances))
    used = n > 0
    n, means, variances = n[used], means[used], np.where(n[used] > 1, variances[used], 0.0)
    total, groups = n.sum(), n.size
    if groups < 2 or total <= groups:
        return VarianceComponents(*[float("nan")] * 5)
    size = (total - (n**2).sum() / total) / (groups - 1)
    between = float((n * (means - n @ means / total) ** 2).sum() / (groups - 1))
    within = float((n - 1) @ variances / (total - groups))
    ratio = between / within if within > 0 else np.inf
    tail = (1 - level) / 2
    low, high = (ratio / f_distribution.ppf(p, groups - 1, total - groups) for p in (1 - tail, tail))
    return VarianceComponents(
        max(0.0, (between - within) / size), within, *(_intraclass(r, float(size)) for r in (ratio, low, high))
    )


def _intraclass(ratio: float, size: float) -> float:
    """Share of variance between units for a ratio of mean squares, cut at 0."""
    return 1.0 if np.isinf(ratio) else max(0.0, float((ratio - 1) / (ratio + size - 1)))


def cronbach_alpha(covariance: ArrayLike) -> float:
    """Cronbach's alpha of a scale from the covariance matrix of its k items: k/(k-1) (1 - trace / sum).

    A negative alpha is returned as it is. Raises ``NotACovariance``.

    >>> round(cronbach_alpha([[1.0, 0.5], [0.5, 1.0]]), 4)
    0.6667
    """
    c = np.asarray(covariance, dtype=float)
    if c.ndim != 2 or c.shape[0] != c.shape[1] or c.shape[0] < 2:
        raise NotACovariance(f"Alpha needs a square covariance matrix of at least two items, not {c.shape}.")
    k = len(c)
    return float(k / (k - 1) * (1 - np.trace(c) / c.sum()))


def alpha_interval(alpha: float, n: int, items: int, level: float = 0.95) -> tuple[float, float]:
    """Feldt's interval of alpha from ``n`` persons and ``items`` items. Source: Feldt (1965).

    >>> [round(limit, 4) for limit in alpha_interval(0.8, 100, 5)]
    [0.7306, 0.8559]
    """
    df, tail = (n - 1, (n - 1) * (items - 1)), (1 - level) / 2
    low, high = (1 - (1 - alpha) * float(f_distribution.ppf(p, *df)) for p in (1 - tail, tail))
    return low, high


def within_covariance(tally: Tally) -> FloatArray:
    """Covariance matrix (items, items) of the ratings, in points of the score, pooled within units, pairwise.

    Differences between units do not enter. NaN for pairs that nobody answered both of.
    """
    n = tally.pair_count.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        products = tally.pair_product - tally.pair_sum * tally.pair_sum.swapaxes(1, 2) / n
        df = np.maximum(n - 1, 0).sum(axis=0)
        pooled = np.where(n > 0, products, 0.0).sum(axis=0) / np.where(df > 0, df, np.nan)
    return np.asarray(pooled * (100 / (tally.points - 1)) ** 2)

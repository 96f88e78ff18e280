"""Intervals of shrunken estimates that hold on average whatever the distribution of the true scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring.arrays import FloatArray
from scoring.shrinkage import TooFewUnits, VarianceNotPositive, between_variance

_NO_KURTOSIS = 1e12
_NEAR = 8.0
_TINY = 1e-200


@dataclass(frozen=True, eq=False)
class RobustInterval:
    """Shrunken ``estimates`` with ``low`` and ``high``, arrays (units,), and the moments of the true scores used."""

    estimates: FloatArray
    low: FloatArray
    high: FloatArray
    between: float
    kurtosis: float


def residual_kurtosis(estimates: ArrayLike, variances: ArrayLike) -> float:
    """Kurtosis (normal: 3) of (y_i - mu) / sqrt(v_i + tau2) with Paule-Mandel's tau2; above 4 the model is doubtful.

    NaN where all estimates are equal. Raises ``TooFewUnits``, ``VarianceNotPositive``.

    >>> round(residual_kurtosis([1.0, 2.0, 3.0, 4.0], [1e-9] * 4), 4)
    1.64
    """
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    total = v + between_variance(y, v)
    residuals = (y - (y / total).sum() / (1 / total).sum()) / np.sqrt(total)
    return float(scipy.stats.kurtosis(residuals, fisher=False)) if np.ptp(residuals) > 0 else float("nan")


def robust_interval(
    estimates: ArrayLike, variances: ArrayLike, level: float = 0.95, use_kurtosis: bool = True
) -> RobustInterval:
    """Empirical-Bayes intervals y*_i -+ cva(v_i / tau2, kurtosis) sqrt(v_i) (1 - B_i), with B_i = v_i / (v_i + tau2).

    y*_i = B_i mu + (1 - B_i) y_i. They cover the true scores of a share ``level`` of the units for any distribution of
    true scores with this tau2 and kurtosis (without ``use_kurtosis``: with this tau2). tau2 and kurtosis are moment
    estimates that are never zero, so an interval never collapses. Raises ``TooFewUnits``, ``VarianceNotPositive``.
    Source: Armstrong, Kolesar and Plagborg-Moller (2022).

    >>> schools = [28, 8, -3, 7, -1, 1, 18, 12], [225, 100, 256, 121, 81, 121, 100, 324]
    >>> found = robust_interval(*schools)
    >>> bool((found.low < found.estimates).all() and (found.estimates < found.high).all())
    True
    """
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    weights = 1 / (v + between_variance(y, v))
    centre = float(weights @ y / weights.sum())
    between, tails = _moments(y - centre, v)
    kept = between / (between + v)
    shrunken = centre + kept * (y - centre)
    half = critical_value(v / between, tails if use_kurtosis else np.inf, level) * np.sqrt(v) * kept
    return RobustInterval(shrunken, shrunken - half, shrunken + half, between, tails)


def _moments(residuals: FloatArray, v: FloatArray) -> tuple[float, float]:
    """Second moment and kurtosis of the true deviations, each held above what its own sampling error could bring."""
    size = v.size
    second = max(float((residuals**2 - v).mean()), 2 * float((v**2).sum()) / (size * float(v.sum())))
    fourth = float((residuals**4 - 6 * v * residuals**2 + 3 * v**2).mean())
    least = 1 + 32 * float((v**4).sum()) / (second**2 * size * float((v**2).sum()))
    return second, max(fourth / second**2, least)


def critical_value(second_moment: ArrayLike, kurtosis: ArrayLike = np.inf, level: float = 0.95) -> FloatArray:
    """The c at which P(|Z + b| > c) is 1 - ``level`` for the worst distribution of the bias b of a standard normal Z.

    Worst among all b with E b2 = ``second_moment`` (at least 0) and E b4 at most ``kurtosis`` (at least 1) times its
    square; infinite kurtosis: no limit. Arrays broadcast. Raises ``VarianceNotPositive``. Source: Armstrong, Kolesar
    and Plagborg-Moller (2022).

    >>> critical_value([0.0, 4.0]).round(4).tolist()
    [1.96, 7.2164]
    """
    m, k = np.broadcast_arrays(np.asarray(second_moment, dtype=float), np.asarray(kurtosis, dtype=float))
    if not (np.isfinite(m).all() and (m >= 0).all() and (k >= 1).all()):
        raise VarianceNotPositive("A second moment is finite and not negative, a kurtosis at least 1.")
    pairs, where = np.unique([m.ravel(), np.minimum(k, _NO_KURTOSIS).ravel()], axis=1, return_inverse=True)
    # E (Z + b)2 = 1 + m, so by Markov's inequality the upper end is far enough; the lower is that without bias.
    ends = np.full(pairs[0].shape, 0.999 * ndtri((1 + level) / 2)), 1.001 * np.sqrt((1 + pairs[0]) / (1 - level))
    # Here and not above: no other part of SciPy takes as long to load, and few who import this need it.
    from scipy.optimize.elementwise import find_root

    found = find_root(lambda c, m, k: _worst_miss(m, k, c) - (1 - level), ends, args=tuple(pairs))
    return np.asarray(found.x[where].reshape(m.shape))


def _worst_miss(m: FloatArray, k: FloatArray, c: FloatArray) -> FloatArray:
    """Largest P(|Z + b| > c), over distributions of b2 on two points.

    Given b2 = t the probability is first convex, then concave in t. So either one point is 0 and the other between m
    and k m, where the limit on E b4 does not bind or just does; or both points are above 0 and it binds. The upper b is
    near c: far below nothing is missed, far above nothing more can be.
    """
    m, k, c = m[:, None], k[:, None], c[:, None]
    bound = np.sqrt(k * m)
    top = np.minimum(bound, np.maximum(np.sqrt(m), c + _NEAR))
    bottom = np.minimum(top, np.maximum(np.sqrt(m), c - _NEAR))
    furthest = np.maximum(bound, c + _NEAR)
    nearest = np.minimum(furthest, np.maximum(bound, c - _NEAR))
    spread = (k - 1) * m**2

    def with_zero(share: FloatArray) -> FloatArray:
        b = bottom + share * (top - bottom)
        weight = np.minimum(1.0, m / np.maximum(b**2, _TINY))
        return np.asarray((1 - weight) * _miss(np.zeros(1), c) + weight * _miss(b, c))

    def both_above(share: FloatArray) -> FloatArray:
        b = nearest + share * (furthest - nearest)
        distance = spread / np.maximum(b**2 - m, _TINY)
        weight = distance**2 / np.maximum(distance**2 + spread, _TINY)
        return np.asarray((1 - weight) * _miss(np.sqrt(np.maximum(m - distance, 0)), c) + weight * _miss(b, c))

    return np.maximum(_maximum(with_zero, m.size), _maximum(both_above, m.size))


def _miss(b: FloatArray, c: FloatArray) -> FloatArray:
    return np.asarray(ndtr(-c - b) + ndtr(b - c))


def _maximum(function: Callable[[FloatArray], FloatArray], size: int) -> FloatArray:
    """Largest value of a smooth function of a share from 0 to 1, for ``size`` problems at once, by zooming in."""
    low, high = np.zeros((size, 1)), np.ones((size, 1))
    for points in (33, 17, 17, 17):
        shares = low + (high - low) * np.linspace(0, 1, points)
        values = function(shares)
        best = np.take_along_axis(shares, values.argmax(axis=1)[:, None], axis=1)
        step = (high - low) / (points - 1)
        low, high = np.maximum(best - step, 0), np.minimum(best + step, 1)
    return np.asarray(values.max(axis=1))


__all__ = [
    "RobustInterval",
    "TooFewUnits",
    "VarianceNotPositive",
    "critical_value",
    "residual_kurtosis",
    "robust_interval",
]

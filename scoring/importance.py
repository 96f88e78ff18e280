"""Which items go with overall satisfaction, and how much each dimension really moves an index.

Importance is association, not cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from scoring.arrays import BoolArray, FloatArray
from scoring.covariances import ConstantItem, within_moments
from scoring.factor import NotACorrelation, NotPositiveDefinite
from scoring.likert import Tally

JACKKNIFE_UNITS = 20
_SMALLEST_EIGENVALUE = 1e-10
_HIGHEST_DEGREE = 3
_FIT_UNITS = 8


@dataclass(frozen=True, eq=False)
class Importance:
    """Relative weights (predictors,) that sum to ``r_squared``, their limits and their ``shares`` of it.

    ``low`` and ``high`` are NaN with fewer than 20 units to leave out one by one; ``shares`` where R squared is 0.
    """

    weights: FloatArray
    low: FloatArray
    high: FloatArray
    shares: FloatArray
    r_squared: float


def relative_weights(predictor_correlation: ArrayLike, outcome_correlation: ArrayLike) -> FloatArray:
    """How much each of k correlated predictors contributes to R squared; the weights sum to it and none is negative.

    With R_xx = P D P' and its root L = P D^1/2 P' (the nearest uncorrelated predictors): b = L^-1 r_xy and
    weight_j = sum_k L_jk2 b_k2. ``predictor_correlation`` (..., k, k) and ``outcome_correlation`` (..., k); leading
    axes are matrices of their own. Raises ``NotACorrelation``, ``NotPositiveDefinite``. Source: Johnson (2000).

    >>> relative_weights([[1.0, 0.0], [0.0, 1.0]], [0.6, 0.5]).round(6).tolist()
    [0.36, 0.25]
    """
    r, to_outcome = np.asarray(predictor_correlation, dtype=float), np.asarray(outcome_correlation, dtype=float)
    if r.ndim < 2 or r.shape[-1] != r.shape[-2] or to_outcome.shape != r.shape[:-1] or not r.shape[-1]:
        raise NotACorrelation(f"k predictors need correlations (k, k) and (k,), not {r.shape} and {to_outcome.shape}.")
    if not np.isfinite(r).all() or not np.isfinite(to_outcome).all():
        raise NotACorrelation("A correlation is missing; leave out items that nobody answered together.")
    values, vectors = np.linalg.eigh(r)
    if values.min() < _SMALLEST_EIGENVALUE:
        raise NotPositiveDefinite(
            f"The smallest eigenvalue of the predictors' correlations is {values.min():.3g}; leave out items that "
            "repeat others or that few persons answered."
        )
    root = (vectors * np.sqrt(values)[..., None, :]) @ vectors.swapaxes(-1, -2)
    slopes = np.linalg.solve(root, to_outcome[..., None])[..., 0]
    return np.asarray((root**2 * (slopes**2)[..., None, :]).sum(axis=-1))


def outcome_importance(counted: Tally, outcome: int, predictors: Sequence[int], level: float = 0.95) -> Importance:
    """Relative weights of the items ``predictors`` for the item ``outcome``, within municipalities.

    From the correlations pooled within units, so that differences between municipalities do not confound. Limits are
    those of a jackknife that leaves out one municipality at a time: weight -+ t(G - 1) sqrt((G - 1) / G sum (w_(i) -
    mean)2), cut to 0 and 1. Reversed items need no turning: weights do not depend on signs. Raises
    ``NotACorrelation``, ``NotPositiveDefinite``, ``ConstantItem``. Sources: Johnson (2000); Tukey (1958).
    """
    columns = np.array([*predictors, outcome])
    products, df = (m[:, columns[:, None], columns] for m in within_moments(counted))
    present = df.any(axis=(1, 2))
    products, df = products[present], df[present]
    weights = _pooled_weights(products.sum(axis=0), df.sum(axis=0))
    units, r_squared = len(products), float(weights.sum())
    half = np.full(weights.shape, np.nan)
    if units >= JACKKNIFE_UNITS:
        without = _pooled_weights(products.sum(axis=0) - products, df.sum(axis=0) - df)
        error = np.sqrt((units - 1) / units * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
        half = stdtrit(units - 1, (1 + level) / 2) * error
    shares = weights / r_squared if r_squared > 0 else np.full(weights.shape, np.nan)
    return Importance(weights, np.clip(weights - half, 0, 1), np.clip(weights + half, 0, 1), shares, r_squared)


def _pooled_weights(products: FloatArray, df: FloatArray) -> FloatArray:
    """Relative weights for the last item, from sums of products and degrees of freedom (..., items, items)."""
    if (df <= 0).any():
        raise NotACorrelation("A pair of items was answered by too few persons; leave one of them out.")
    covariance = products / df
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    if (variance <= 0).any():
        item = int(np.argwhere(variance <= 0)[0][-1])
        raise ConstantItem(f"Everybody in a municipality gave the same answer to item {item + 1} of the selection.")
    sds = np.sqrt(variance)
    r = covariance / (sds[..., :, None] * sds[..., None, :])
    return relative_weights(r[..., :-1, :-1], r[..., :-1, -1])


def actions(importance: ArrayLike, below: ArrayLike, certainty: float = 0.8) -> BoolArray:
    """What to work on first: items of more than median importance that are probably below the benchmark.

    ``importance`` (items,), ``below`` (units, items) the probability that the true score is below; NaN is no action.

    >>> actions([0.1, 0.2, 0.3], [[0.9, 0.9, 0.9], [0.9, 0.9, 0.7]]).tolist()
    [[False, False, True], [False, False, False]]
    """
    weight, p = np.asarray(importance, dtype=float), np.asarray(below, dtype=float)
    known = weight[~np.isnan(weight)]
    median = float(np.median(known)) if known.size else np.inf
    with np.errstate(invalid="ignore"):
        return np.asarray((weight > median) & (p >= certainty))


def effective_importance(index: ArrayLike, dimensions: ArrayLike) -> FloatArray:
    """Squared correlation ratio of an index on each of its dimensions: Var(E(index | dimension)) / Var(index).

    ``index`` (units,), ``dimensions`` (units, dimensions); units where either is NaN are left out. The regression is a
    polynomial of degree 1 to 3, whichever predicts left-out units best. Between 0 and 1; NaN with fewer than eight
    units or where index or dimension do not vary. To be read beside the nominal weights. Source: Paruolo, Saisana and
    Saltelli (2013).

    >>> x = np.linspace(0, 100, 9)
    >>> effective_importance(x, np.column_stack([x, np.full(9, 50.0)])).round(6).tolist()
    [1.0, nan]
    """
    y, x = np.asarray(index, dtype=float), np.asarray(dimensions, dtype=float)
    return np.array([_correlation_ratio(y, column) for column in x.T])


def _correlation_ratio(y: FloatArray, x: FloatArray) -> float:
    used = ~np.isnan(y) & ~np.isnan(x)
    y, x = y[used], x[used]
    if y.size < _FIT_UNITS or np.ptp(y) == 0 or np.ptp(x) == 0:
        return float("nan")
    centred = y - y.mean()
    fits = [_polynomial_fit(centred, x, degree) for degree in range(1, min(_HIGHEST_DEGREE, np.unique(x).size - 1) + 1)]
    _, fitted = min(fits, key=lambda fit: fit[0])
    return float(np.clip(fitted @ fitted / (centred @ centred), 0.0, 1.0))


def _polynomial_fit(y: FloatArray, x: FloatArray, degree: int) -> tuple[float, FloatArray]:
    """Sum of squared errors for left-out units, infinite where one unit alone decides its fit, and fitted values."""
    position = (x - x.mean()) / np.ptp(x)
    basis, _ = np.linalg.qr(position[:, None] ** np.arange(degree + 1))
    fitted, leverage = basis @ (basis.T @ y), (basis**2).sum(axis=1)
    if leverage.max() > 1 - 1e-9:
        return np.inf, fitted
    return float((((y - fitted) / (1 - leverage)) ** 2).sum()), fitted

"""One factor behind the items of a scale, and what share of the scale's variance it explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.linalg import eigh

from scoring.arrays import FloatArray

SMALLEST_UNIQUENESS = 0.005
_SMALLEST_EIGENVALUE = 1e-10
_ACCEPTED_GRADIENT = 1e-4


class NotACorrelation(ValueError):
    """A correlation matrix is not square, symmetric and complete with ones on its diagonal, or has too few items."""


class NotPositiveDefinite(ValueError):
    """A correlation matrix is not positive definite: items repeat each other, or its pairs have different persons."""


class NoFactorSolution(ValueError):
    """The search for the one factor did not end at a maximum of the likelihood."""


@dataclass(frozen=True, eq=False)
class OneFactor:
    """``loadings`` and ``uniquenesses`` (items,); ``heywood`` if a uniqueness was held at its lower limit."""

    loadings: FloatArray
    uniquenesses: FloatArray
    heywood: bool


def check_correlation(correlation: ArrayLike, minimum_items: int = 2) -> FloatArray:
    """A correlation matrix as an array; raises ``NotACorrelation``, ``NotPositiveDefinite``.

    >>> check_correlation([[1.0, 0.5], [0.5, 1.0]]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    r = np.asarray(correlation, dtype=float)
    if r.ndim != 2 or r.shape[0] != r.shape[1] or r.shape[0] < minimum_items:
        raise NotACorrelation(f"A square matrix of at least {minimum_items} items is needed, not {r.shape}.")
    if (missing := np.argwhere(~np.isfinite(r))).size:
        raise NotACorrelation(
            f"The correlation of items {missing[0][0] + 1} and {missing[0][1] + 1} is missing; leave out items that "
            "nobody answered together or that everybody answered alike."
        )
    if not np.allclose(r, r.T, atol=1e-8) or not np.allclose(np.diag(r), 1.0, atol=1e-8):
        raise NotACorrelation("The matrix is not symmetric with ones on its diagonal; is it a covariance matrix?")
    if (smallest := float(np.linalg.eigvalsh(r)[0])) < _SMALLEST_EIGENVALUE:
        raise NotPositiveDefinite(
            f"The smallest eigenvalue of the correlation matrix is {smallest:.3g}; leave out items that repeat others "
            "or that few persons answered."
        )
    return r


def one_factor(correlation: ArrayLike) -> OneFactor:
    """Maximum likelihood loadings of one factor on k >= 3 items.

    The likelihood is concentrated over the uniquenesses psi: with theta the eigenvalues of psi^-1/2 R psi^-1/2 and v
    the eigenvector of the largest, sum over all but the largest of (theta - log theta - 1) is minimised and
    loading = psi^1/2 v (theta - 1)^1/2, so that loading^2 + psi = 1. Uniquenesses are held between 0.005 and 1 (Heywood
    cases). The signs are such that the loadings do not sum to a negative number. Raises ``NotACorrelation``,
    ``NotPositiveDefinite``, ``NoFactorSolution``. Sources: Joereskog (1967); Lawley and Maxwell (1971).

    >>> one_factor([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]).loadings.round(6).tolist()
    [0.8, 0.7, 0.6]
    """
    r = check_correlation(correlation, minimum_items=3)
    start = np.clip((1 - 0.5 / len(r)) / np.diag(np.linalg.inv(r)), SMALLEST_UNIQUENESS, 1.0)
    limits = (float(np.log(SMALLEST_UNIQUENESS)), 0.0)
    found = scipy.optimize.minimize(
        _discrepancy,
        np.log(start),
        args=(r,),
        jac=True,
        method="L-BFGS-B",
        bounds=[limits] * len(r),
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 2000, "maxcor": 20},
    )
    gradient = np.where(found.x <= limits[0], np.minimum(found.jac, 0), found.jac)
    gradient = np.where(found.x >= limits[1], np.maximum(gradient, 0), gradient)
    if np.abs(gradient).max() > _ACCEPTED_GRADIENT:
        raise NoFactorSolution(f"No one-factor solution was found: {found.message}")
    uniquenesses = np.exp(found.x)
    loadings = _loadings(uniquenesses, *_scaled_spectrum(uniquenesses, r))
    return OneFactor(
        loadings if loadings.sum() >= 0 else -loadings, uniquenesses, bool((found.x <= limits[0] + 1e-9).any())
    )


def _scaled_spectrum(uniquenesses: FloatArray, r: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues, ascending, and eigenvectors of psi^-1/2 R psi^-1/2."""
    sds = np.sqrt(uniquenesses)
    values, vectors = eigh(r / np.outer(sds, sds))
    return values, vectors


def _loadings(uniquenesses: FloatArray, values: FloatArray, vectors: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(uniquenesses * max(values[-1] - 1, 0.0)) * vectors[:, -1])


def _discrepancy(log_uniquenesses: FloatArray, r: FloatArray) -> tuple[float, FloatArray]:
    """What the likelihood leaves to the other factors, and its gradient by log psi: (loading^2 + psi - 1) / psi."""
    uniquenesses = np.exp(log_uniquenesses)
    values, vectors = _scaled_spectrum(uniquenesses, r)
    others = values[:-1]
    gradient = (_loadings(uniquenesses, values, vectors) ** 2 + uniquenesses - 1) / uniquenesses
    return float((others - np.log(others) - 1).sum()), gradient


def omega_total(correlation: ArrayLike) -> float:
    """Share of the variance of a scale's sum that its one factor explains: (sum l)^2 / ((sum l)^2 + sum psi).

    With maximum likelihood psi = 1 - l^2, save for a uniqueness held at its limit. Needs three items; for two there is
    ``reliability.spearman_brown``. Raises as ``one_factor``. Source: McDonald (1999).

    >>> round(omega_total([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]), 6)
    0.744932
    """
    factor = one_factor(correlation)
    common = float(factor.loadings.sum() ** 2)
    return common / (common + float(factor.uniquenesses.sum()))


def first_eigenvalue_share(correlation: ArrayLike) -> float:
    """Share of the variance of standardised items on their first principal component; raises ``NotACorrelation``.

    >>> round(first_eigenvalue_share([[1.0, 0.5], [0.5, 1.0]]), 6)
    0.75
    """
    r = np.asarray(correlation, dtype=float)
    if r.ndim != 2 or r.shape[0] != r.shape[1] or not r.size or not np.isfinite(r).all():
        raise NotACorrelation(f"A complete square correlation matrix is needed, not {r.shape}.")
    return float(np.linalg.eigvalsh(r)[-1] / np.trace(r))

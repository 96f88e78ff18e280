"""Covariances of items within and between units, from the pair moments of a tally."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import BoolArray, FloatArray
from scoring.likert import Tally


class ConstantItem(ValueError):
    """Everybody gave the same answer to an item, so it has no correlation."""


class ThreeLevels(NamedTuple):
    """Components of the variance of one answer, in squared points of the score; none is negative.

    ``unit``: municipalities differ alike on all items; ``person``: persons of one municipality do; ``item``: items are
    answered higher or lower by all; ``unit_item``: municipalities have strong and weak items; ``residual``: the rest.
    """

    unit: float
    person: float
    item: float
    unit_item: float
    residual: float


def within_covariance(tally: Tally, reverse: BoolArray | None = None) -> FloatArray:
    """Covariance matrix (items, items) of the ratings, in points of the score, pooled within units, pairwise.

    Differences between units do not enter. ``reverse`` (items,) marks items where 1 is the best answer. NaN for pairs
    that no unit has two answers of.
    """
    products, df = within_moments(tally)
    df = df.sum(axis=0)
    pooled = products.sum(axis=0) / np.where(df > 0, df, np.nan)
    return np.asarray(pooled * _scale(tally, reverse))


def within_moments(tally: Tally) -> tuple[FloatArray, FloatArray]:
    """Sums of products around each unit's means and their degrees of freedom: two arrays (units, items, items).

    Sums over units, divided, are the pooled covariance; leaving a unit out is a subtraction. In squared steps.
    """
    n = tally.pair_count.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        products = tally.pair_product - tally.pair_sum * tally.pair_sum.swapaxes(1, 2) / n
    return np.where(n > 0, products, 0.0), np.maximum(n - 1, 0)


def between_covariance(tally: Tally, reverse: BoolArray | None = None) -> FloatArray:
    """Covariance matrix (items, items) of the true unit means, in points of the score, pairwise.

    Between = (MSB - MSW) / n0 from the analysis of variance of every pair's products, over the persons who answered
    both; so the sampling error of the means is taken out, and a variance that is nothing but error may come out
    negative. NaN for pairs with fewer than two units or no unit with two answers. Source: Searle, Casella and
    McCulloch (1992).
    """
    n, first = tally.pair_count.astype(float), tally.pair_sum.astype(float)
    second = first.swapaxes(1, 2)
    total, groups = n.sum(axis=0), (n > 0).sum(axis=0)
    products, df = within_moments(tally)
    with np.errstate(divide="ignore", invalid="ignore"):
        raised = np.where(n > 0, first * second / n, 0.0).sum(axis=0)
        among = (raised - first.sum(axis=0) * second.sum(axis=0) / total) / (groups - 1)
        within = products.sum(axis=0) / df.sum(axis=0)
        size = (total - (n**2).sum(axis=0) / total) / (groups - 1)
        between = np.where((groups > 1) & (df.sum(axis=0) > 0), (among - within) / size, np.nan)
    return np.asarray(between * _scale(tally, reverse))


def _scale(tally: Tally, reverse: BoolArray | None) -> FloatArray:
    """Squared points of the score per squared step, negative where only one item of a pair is reversed."""
    step = 100 / (tally.points - 1)
    sign = np.ones(tally.pair_count.shape[1]) if reverse is None else np.where(reverse, -1.0, 1.0)
    return np.asarray(np.outer(sign, sign) * step**2)


def correlation(covariance: ArrayLike) -> FloatArray:
    """Correlations of a covariance matrix; a pair that is NaN stays so. Raises ``ConstantItem``.

    >>> correlation([[4.0, 3.0], [3.0, 9.0]]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    c = np.asarray(covariance, dtype=float)
    variance = np.diag(c)
    if (constant := np.flatnonzero(~(variance > 0))).size:
        raise ConstantItem(f"Item {constant[0] + 1} has variance {variance[constant[0]]:g}; leave it out.")
    sds = np.sqrt(variance)
    found: FloatArray = np.asarray(c / np.outer(sds, sds))
    np.fill_diagonal(found, 1.0)
    return found


def three_levels(tally: Tally, reverse: BoolArray | None = None) -> ThreeLevels:
    """How much of the variance of an answer lies between municipalities, persons and items.

    With the covariances between (B) and within units (W): unit = mean of B off its diagonal, unit_item = mean of B's
    diagonal less that; person = mean of W off its diagonal, residual = mean of W's diagonal less that; item = variance
    of the item means less what chance adds to it. What comes out below zero is cut to zero. NaN where a covariance is
    missing. Source: Brennan (2001), Generalizability Theory.
    """
    unit, unit_item = _shared_and_own(between_covariance(tally, reverse))
    person, residual = _shared_and_own(within_covariance(tally, reverse))
    n = np.diagonal(tally.pair_count, axis1=1, axis2=2).astype(float)
    totals = n.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.diagonal(tally.pair_sum, axis1=1, axis2=2).sum(axis=0) / totals
        chance = np.mean(residual / totals + unit_item * (n**2).sum(axis=0) / totals**2)
    scores = (means - 1) * 100 / (tally.points - 1)
    scores = scores if reverse is None else np.where(reverse, 100 - scores, scores)
    item = float(scores.var(ddof=1) - chance)
    return ThreeLevels(*(float(np.maximum(v, 0.0)) for v in (unit, person, item, unit_item, residual)))


def _shared_and_own(covariance: FloatArray) -> tuple[float, float]:
    """Mean covariance of two items, and by how much the mean variance of one is larger."""
    shared = float(covariance[~np.eye(len(covariance), dtype=bool)].mean())
    return shared, float(np.diag(covariance).mean()) - shared


def smallest_pair_count(tally: Tally) -> int:
    """Fewest persons that any pair of items was answered by: the n of statistics from pairwise covariances."""
    return int(tally.pair_count.sum(axis=0).min())

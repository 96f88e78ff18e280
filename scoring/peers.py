"""Peer groups: municipalities like one's own, never so few that one of them could be recognised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.shrinkage import posterior, posterior_in_classes

MINIMUM_PEERS = 8
NEAREST = 12
POOLED_CLASS = 15


class TooFewPeers(ValueError):
    """There are not enough other municipalities for a peer group."""


class ContextMissing(ValueError):
    """A municipality has no value for a context variable."""


@dataclass(frozen=True, eq=False)
class PeerGroups:
    """``group`` (units,) is the number of each unit's group, -1 for none; ``classes`` lists the classes of every group.

    A group of more than one class was merged because a class had too few members; that is to be said where it is shown.
    """

    group: IntArray
    classes: tuple[tuple[int, ...], ...]

    @property
    def merged(self) -> tuple[tuple[int, ...], ...]:
        """The groups that consist of several classes."""
        return tuple(classes for classes in self.classes if len(classes) > 1)


def size_classes(values: ArrayLike, edges: ArrayLike) -> IntArray:
    """Class of every unit by a size such as its inhabitants: 0 below the first of the rising ``edges``; -1 for NaN.

    >>> size_classes([4_999, 5_000, np.nan, 80_000], [5_000, 20_000]).tolist()
    [0, 1, -1, 2]
    """
    sizes = np.asarray(values, dtype=float)
    return np.where(np.isnan(sizes), -1, np.digitize(sizes, np.asarray(edges, dtype=float))).astype(np.int64)


def peer_groups(classes: ArrayLike, minimum: int = MINIMUM_PEERS) -> PeerGroups:
    """Classes (units,) numbered in their order from 0, with those of fewer than ``minimum`` members merged.

    The smallest group joins the smaller of its two neighbours, until all are large enough or one is left; of equals the
    first. -1 is no class. Raises ``TooFewPeers`` if all units together are fewer than ``minimum``.

    >>> peer_groups(np.repeat([0, 1, 2], [9, 3, 12])).classes
    ((0, 1), (2,))
    """
    found = np.asarray(classes, dtype=np.int64)
    counts = np.bincount(found[found >= 0])
    if counts.sum() < minimum:
        raise TooFewPeers(f"A peer group has at least {minimum} members; there are {counts.sum()} in all.")
    groups, sizes = [(c,) for c in range(counts.size)], counts.tolist()
    while len(groups) > 1 and min(sizes) < minimum:
        smallest = sizes.index(min(sizes))
        neighbours = [n for n in (smallest - 1, smallest + 1) if 0 <= n < len(groups)]
        left = min(smallest, min(neighbours, key=lambda n: sizes[n]))
        groups[left : left + 2] = [groups[left] + groups[left + 1]]
        sizes[left : left + 2] = [sizes[left] + sizes[left + 1]]
    group_of_class = np.array([g for g, members in enumerate(groups) for _ in members], dtype=np.int64)
    return PeerGroups(np.where(found >= 0, group_of_class[found], -1), tuple(groups))


def nearest_peers(context: ArrayLike, k: int = NEAREST, minimum: int = MINIMUM_PEERS) -> IntArray:
    """The ``k`` units nearest to every unit, itself left out: positions (units, k), the nearest first.

    ``context`` (units, variables) is standardised (mean 0, standard deviation 1 with n - 1) before distances are taken;
    a variable that does not vary counts for nothing. Of equally near units the first is taken. Raises
    ``ContextMissing``, ``TooFewPeers``.

    >>> nearest_peers(np.array([[1.0], [2.0], [4.0], [8.0]]), k=2, minimum=2).tolist()
    [[1, 2], [0, 2], [1, 0], [2, 1]]
    """
    x = np.asarray(context, dtype=float)
    if (missing := np.argwhere(~np.isfinite(x))).size:
        raise ContextMissing(f"Unit {missing[0][0] + 1} has no value for context variable {missing[0][1] + 1}.")
    if k < minimum or len(x) <= k:
        raise TooFewPeers(
            f"{k} peers of {len(x)} units: at least {minimum} peers, and more units than peers, are needed."
        )
    spread = x.std(axis=0, ddof=1)
    z = (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return _nearest(z, k)


def _nearest(z: FloatArray, k: int) -> IntArray:
    tree, neighbours = cKDTree(z), np.empty((len(z), k), dtype=np.int64)
    # The tree lists the equally near in any order, so all at the last distance are asked for and sorted by position.
    reach = tree.query(z, k=k + 1)[0][:, -1] * (1 + 1e-12)
    for unit, within in enumerate(tree.query_ball_point(z, reach)):
        others = np.sort([u for u in within if u != unit])
        distance = np.linalg.norm(z[others] - z[unit], axis=1)
        neighbours[unit] = others[np.argsort(distance, kind="stable")[:k]]
    return neighbours


def leave_one_out(
    estimates: ArrayLike, variances: ArrayLike, group: ArrayLike, minimum_others: int = MINIMUM_PEERS - 1
) -> tuple[FloatArray, FloatArray]:
    """Difference of every unit from the mean of the others of its group, and its sampling variance: (units,) each.

    d_i = y_i - mean of y_k, variance v_i + sum v_k / (m - 1)2 over the m - 1 others, each counting equally. NaN for
    units without estimate or group (-1) and where there are fewer than ``minimum_others``.

    >>> difference, variance = leave_one_out([10.0, 20.0, 30.0], [1.0, 1.0, 1.0], [0, 0, 0], minimum_others=2)
    >>> difference.tolist(), variance.tolist()
    ([-15.0, 0.0, 15.0], [1.5, 1.5, 1.5])
    """
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    groups = np.asarray(group, dtype=np.int64)
    used = (groups >= 0) & ~np.isnan(y) & ~np.isnan(v)
    difference, variance = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    g, own_y, own_v = groups[used], y[used], v[used]
    others = np.bincount(g)[g] - 1.0 if g.size else np.zeros(0)
    sums = [np.bincount(g, weights=w)[g] - w if g.size else w for w in (own_y, own_v)]
    m = np.where(others >= max(minimum_others, 1), others, np.nan)
    difference[used], variance[used] = own_y - sums[0] / m, own_v + sums[1] / m**2
    return difference, variance


def from_nearest(estimates: ArrayLike, variances: ArrayLike, neighbours: IntArray) -> tuple[FloatArray, FloatArray]:
    """Difference of every unit from the mean of its nearest peers, and its sampling variance: (units,) each.

    ``neighbours`` (units, k) as from ``nearest_peers``; NaN where the unit or one of its peers has no estimate.

    >>> difference, variance = from_nearest([10.0, 20.0, 40.0], [1.0, 2.0, 4.0], np.array([[1, 2], [0, 2], [0, 1]]))
    >>> difference.tolist(), variance.tolist()
    ([-20.0, -5.0, 25.0], [2.5, 3.25, 4.75])
    """
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    k = neighbours.shape[1]
    return y - y[neighbours].mean(axis=1), v + v[neighbours].sum(axis=1) / k**2


@dataclass(frozen=True, eq=False)
class ClassEstimates:
    """Estimates using all municipalities, drawn to the mean of the class where ``within_class``: arrays (units,)."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    within_class: BoolArray


def estimates_in_classes(
    estimates: ArrayLike,
    variances: ArrayLike,
    classes: ArrayLike,
    minimum: int = POOLED_CLASS,
    level: float = 0.95,
    prior_scale: float = 10.0,
) -> ClassEstimates:
    """Posterior means and intervals with partial pooling towards the class mean, in classes of ``minimum`` or more.

    Units of smaller classes, and those of class -1, are drawn towards the mean of all. The classes share one tau.
    Raises ``TooFewUnits``, ``VarianceNotPositive``.

    >>> y = np.append(np.full(15, 20.0), [60.0, 70.0])
    >>> estimates_in_classes(y, np.full(17, 9.0), np.append(np.zeros(15, int), [1, 1])).within_class.sum()
    np.int64(15)
    """
    y, v, groups = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float), np.asarray(classes)
    large = [c for c in np.unique(groups[groups >= 0]) if (groups == c).sum() >= minimum]
    within = np.isin(groups, large)
    mean, low, high = (np.full(y.shape, np.nan) for _ in range(3))
    if large:
        numbered = np.searchsorted(large, groups[within])
        for position, fit in enumerate(posterior_in_classes(y[within], v[within], numbered, prior_scale)):
            rows = np.flatnonzero(within)[numbered == position]
            mean[rows], (low[rows], high[rows]) = fit.mean, fit.interval(level)
    if not within.all():
        everybody = posterior(y, v, prior_scale)
        limits = everybody.interval(level)
        mean[~within], low[~within], high[~within] = (a[~within] for a in (everybody.mean, *limits))
    return ClassEstimates(mean, low, high, within)

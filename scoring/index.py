"""Composite indices: normalisation and weighted aggregation of a hierarchy, with rules for what is missing.

Scores are 0 to 100, NaN is missing. A child that is missing keeps its place in the coverage; a child that does not
apply leaves the denominator.
"""

from __future__ import annotations

import difflib
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import ArrayLike

from scoring.arrays import BoolArray, FloatArray, IntArray, RatingArray

STATUSES = ("published", "insufficient", "not_applicable", "unanswered")
PUBLISHED, INSUFFICIENT, NOT_APPLICABLE, UNANSWERED = range(4)
ROOT = -1
_TOLERANCE = 1e-9


class WeightNotPositive(ValueError):
    """A weight is negative, infinite or missing, or all weights are zero."""


class ScoreNotPositive(ValueError):
    """A mean of order other than 1 of scores below zero."""


class NotATree(ValueError):
    """A hierarchy has no root, more than one, an unknown parent or a cycle."""


class UnknownNormalisation(ValueError):
    """There is no normalisation of that name."""


class DirectionUnknown(ValueError):
    """A direction is neither 1 (more is better) nor -1 (less is better)."""


class GoalpostsNotOrdered(ValueError):
    """A goalpost is missing or infinite, or the lower one is not below the upper one."""


class TargetNotARange(ValueError):
    """The target of a normalisation is no range, or has no standard deviation above zero."""


class ValueNotFinite(ValueError):
    """A value is infinite, or values lie further apart than a number can say."""


class ConstantIndicator(UserWarning):
    """An indicator has fewer than two different values, so it cannot be put on a scale of its own values."""


def normalise(
    values: ArrayLike,
    method: str,
    direction: ArrayLike = 1,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    to: tuple[float, float] = (0, 100),
) -> FloatArray:
    """Values of any unit of measurement on a common scale: ``values`` (units,), or (units, ...) column by column.

    ``direction`` 1 where more is better, -1 where less is: values (and goalposts) change sign first. ``direction``,
    ``low`` and ``high`` are numbers or one per indicator; ``to`` = (a, b). With n values, s with n - 1::

        minmax           a + (b - a) (x - min) / (max - min)
        goalposts        a + (b - a) (x - low) / (high - low), cut at a and b
        distance_to_max  a + (b - a) (1 - (max - x) / (max - min))
        zscore           a + b (x - mean) / s
        rank             1 for the lowest value to n for the highest, ties share the mean rank
        borda            rank - 1
        percentile_rank  100 (rank - 1) / (n - 1)

    The distance to the maximum is the one of COINr (not the ratio x / max); it equals min-max and is there by name.
    ``to`` does not touch ranks, ``low`` and ``high`` belong to goalposts only. NaN stays NaN and does not count. An
    indicator with a single value, or with equal ones, is NaN and warned of as ``ConstantIndicator``; goalposts, which
    do not depend on the other units, take it. Raises ``UnknownNormalisation``, ``DirectionUnknown``,
    ``GoalpostsNotOrdered``, ``TargetNotARange``, ``ValueNotFinite``. Sources: OECD/JRC (2008), step 5; COINr, whose
    ranks give ties the lowest instead.

    >>> normalise([10, 20, np.nan, 40], "minmax", direction=-1).round(3).tolist()
    [100.0, 66.667, nan, 0.0]
    >>> normalise([50.0, 90.0], "goalposts", low=20, high=85, to=(0, 1)).round(4).tolist()
    [0.4615, 1.0]
    """
    x = np.asarray(values, dtype=float)
    if method not in NORMALISATIONS:
        nearest = difflib.get_close_matches(str(method), NORMALISATIONS, n=1, cutoff=0.0)[0]
        raise UnknownNormalisation(f'There is no normalisation "{method}". Did you mean "{nearest}"?')
    if np.isinf(x).any():
        raise ValueNotFinite(f"Values are finite; {int(np.isinf(x).sum())} are infinite. Leave out what is missing.")
    _check_target(method, to)
    columns = x.reshape(x.shape[0], math.prod(x.shape[1:])) if x.ndim else x.reshape(1, 1)
    sign = _check_direction(direction, columns.shape[1])
    if method == "goalposts":
        return _goalposts(columns, sign, low, high, to).reshape(x.shape)
    return _relative(columns * sign, method, to).reshape(x.shape)


def _check_direction(direction: ArrayLike, indicators: int) -> FloatArray:
    sign = np.broadcast_to(np.asarray(direction, dtype=float), (indicators,))
    if not np.isin(sign, (1, -1)).all():
        raise DirectionUnknown(f"A direction is 1 (more is better) or -1 (less is better), not {sign.tolist()}.")
    return sign


def _check_target(method: str, to: tuple[float, float]) -> None:
    a, b = to
    if method == "zscore":
        if not (np.isfinite(a) and np.isfinite(b) and b > 0):
            raise TargetNotARange(f"The target is a mean and a standard deviation above zero, not {a:g} and {b:g}.")
    elif not (np.isfinite(a) and np.isfinite(b) and a < b):
        raise TargetNotARange(f"The target is a range from a lower to a higher number, not {a:g} to {b:g}.")


def _between(share: FloatArray, to: tuple[float, float]) -> FloatArray:
    """``share`` 0 to 1 as a place in the range; both ends are met exactly."""
    return np.asarray(to[0] * (1 - share) + to[1] * share)


def _goalposts(
    x: FloatArray, sign: FloatArray, low: ArrayLike | None, high: ArrayLike | None, to: tuple[float, float]
) -> FloatArray:
    posts = [
        np.broadcast_to(np.asarray(np.nan if post is None else post, dtype=float), sign.shape) for post in (low, high)
    ]
    if not (np.isfinite(posts[0]) & np.isfinite(posts[1]) & (posts[0] < posts[1])).all():
        raise GoalpostsNotOrdered("Every indicator needs two finite goalposts, low below high.")
    worst, best = np.where(sign > 0, posts, posts[::-1])
    return _between(np.clip((x - worst) / (best - worst), 0, 1), to)


def _relative(x: FloatArray, method: str, to: tuple[float, float]) -> FloatArray:
    """Normalisation by the values of all units; NaN, and a warning, where they do not differ."""
    least = np.fmin.reduce(x, axis=0, initial=np.inf)
    greatest = np.fmax.reduce(x, axis=0, initial=-np.inf)
    varied = least < greatest
    constant = np.flatnonzero(least == greatest)
    if constant.size:
        warnings.warn(
            f"Fewer than two different values in column {', '.join(str(c + 1) for c in constant)}: no {method}.",
            ConstantIndicator,
            stacklevel=3,
        )
    with np.errstate(over="ignore"):
        spread = greatest[varied] - least[varied]
    if np.isinf(spread).any():
        raise ValueNotFinite("Values lie further apart than a number can say; use a larger unit of measurement.")
    scaled = np.full(x.shape, np.nan)
    if varied.any():
        used = x[:, varied]
        scaled[:, varied] = _NORMALISERS[method](used, (used - least[varied]) / spread, to)
    return scaled


def _zscore(share: FloatArray, to: tuple[float, float]) -> FloatArray:
    return np.asarray(to[0] + to[1] * (share - np.nanmean(share, axis=0)) / np.nanstd(share, axis=0, ddof=1))


def _rank(x: FloatArray) -> FloatArray:
    return np.asarray(scipy.stats.rankdata(x, axis=0, nan_policy="omit"), dtype=float)


# Each takes the columns as they are, and as shares of their range: 0 at the lowest value to 1 at the highest.
_NORMALISERS: dict[str, Callable[[FloatArray, FloatArray, tuple[float, float]], FloatArray]] = {
    "minmax": lambda _, share, to: _between(share, to),
    "distance_to_max": lambda _, share, to: _between(share, to),
    "zscore": lambda _, share, to: _zscore(share, to),
    "rank": lambda x, *_: _rank(x),
    "borda": lambda x, *_: _rank(x) - 1,
    "percentile_rank": lambda x, *_: 100 * (_rank(x) - 1) / ((~np.isnan(x)).sum(axis=0) - 1),
}
NORMALISATIONS = ("goalposts", *_NORMALISERS)


def check_weights(weights: ArrayLike) -> FloatArray:
    """The weights as an array; raises ``WeightNotPositive``.

    >>> check_weights([1, 2]).tolist()
    [1.0, 2.0]
    """
    w = np.asarray(weights, dtype=float)
    if not np.isfinite(w).all() or (w < 0).any() or not w.any():
        raise WeightNotPositive(f"Weights are finite, none negative and not all zero, not {w.tolist()}.")
    return w


def aggregate(
    values: ArrayLike, weights: ArrayLike, order: float = 1.0, minimum_share: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Weighted mean of ``values`` (..., children) and the share of weight that was available.

    ``order`` 1 is the arithmetic, 0 the geometric, -1 the harmonic mean. Missing children are left out and the
    weights of the others renormalised; the mean is NaN where the share is zero or below ``minimum_share``. Raises
    ``WeightNotPositive``, ``ScoreNotPositive``.

    >>> [round(float(aggregate([25, 64], [1, 1], order)[0]), 3) for order in (1, 0, -1)]
    [44.5, 40.0, 35.955]
    >>> [float(v) for v in aggregate([25, np.nan], [1, 3])]
    [25.0, 0.25]
    """
    s, w = np.asarray(values, dtype=float), check_weights(weights)
    available = ~np.isnan(s)
    total = (available * w).sum(axis=-1)
    share = total / w.sum()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mean = _power_mean(s, available * w / total[..., None], available, order)
    return np.where((total > 0) & (share >= minimum_share - _TOLERANCE), mean, np.nan), share


def _power_mean(s: FloatArray, w: FloatArray, available: BoolArray, order: float) -> FloatArray:
    used = available & (w > 0)
    if order != 1 and (s[used] < 0).any():
        raise ScoreNotPositive("Only the arithmetic mean (order 1) takes scores below zero.")
    s = np.where(used, s, 1.0)
    if order == 1:
        return np.asarray((np.where(used, w, 0) * s).sum(axis=-1))
    if order == 0:
        return np.asarray(np.exp((np.where(used, w, 0) * np.log(s)).sum(axis=-1)))
    return np.asarray((np.where(used, w, 0) * s**order).sum(axis=-1) ** (1 / order))


@dataclass(frozen=True, eq=False)
class Structure:
    """A hierarchy: node ids, the position of each node's parent (``ROOT`` for the one root) and weights.

    Nodes without children are the leaves; they stand in the order of the columns of the values to evaluate.
    """

    ids: tuple[str, ...]
    parent: IntArray
    weight: FloatArray

    def __post_init__(self) -> None:
        if np.count_nonzero(self.parent == ROOT) != 1:
            raise NotATree(f"A hierarchy has exactly one root, not {np.count_nonzero(self.parent == ROOT)}.")
        if ((self.parent < ROOT) | (self.parent >= len(self.ids))).any():
            raise NotATree("A node names a parent that does not exist.")
        check_weights(self.weight)
        _ = self.depth

    @cached_property
    def depth(self) -> IntArray:
        """Steps from each node up to the root; raises ``NotATree`` on a cycle."""
        depth, above = np.zeros(len(self.ids), dtype=np.int64), self.parent.copy()
        while (above != ROOT).any():
            depth += above != ROOT
            if depth.max() > len(self.ids):
                raise NotATree("A node is its own ancestor.")
            above = np.where(above == ROOT, ROOT, self.parent[above])
        return depth

    @cached_property
    def leaves(self) -> IntArray:
        """Positions of the nodes without children."""
        return np.setdiff1d(np.arange(len(self.ids)), self.parent)

    @cached_property
    def inner(self) -> IntArray:
        """Positions of the nodes with children, the deepest first."""
        nodes = np.setdiff1d(np.arange(len(self.ids)), self.leaves)
        return nodes[np.argsort(-self.depth[nodes], kind="stable")]

    def children(self, node: int) -> IntArray:
        """Positions of a node's children."""
        return np.flatnonzero(self.parent == node)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Value, share of weight available and status (position in ``STATUSES``) of every node: arrays (units, nodes)."""

    values: FloatArray
    shares: FloatArray
    status: RatingArray


def evaluate(
    structure: Structure,
    values: FloatArray,
    minimum_share: ArrayLike = 0.0,
    order: ArrayLike = 1.0,
    not_applicable: BoolArray | None = None,
    not_applicable_limit: float = 1 / 3,
) -> Evaluation:
    """Every node of a hierarchy from ``values`` (units, leaves), NaN where not answered.

    ``minimum_share`` and ``order`` are numbers or one per node. A node below its minimum share, or with more than
    ``not_applicable_limit`` of its children not applicable, is "insufficient" and has no value, never zero.

    >>> tree = Structure(("all", "a", "b", "c"), np.array([-1, 0, 0, 0]), np.ones(4))
    >>> result = evaluate(tree, np.array([[0.0, 50.0, np.nan]]), minimum_share=2 / 3)
    >>> result.values[0].tolist(), STATUSES[result.status[0, 0]], round(float(result.shares[0, 0]), 3)
    ([25.0, 0.0, 50.0, nan], 'published', 0.667)
    """
    away = np.zeros(values.shape, dtype=bool) if not_applicable is None else not_applicable
    result = _leaves(structure, values, away)
    minimum, power = (np.broadcast_to(np.asarray(a, dtype=float), len(structure.ids)) for a in (minimum_share, order))
    for node in structure.inner:
        _evaluate_node(structure, int(node), result, minimum[node], power[node], not_applicable_limit)
    return result


def _leaves(structure: Structure, values: FloatArray, away: BoolArray) -> Evaluation:
    shape = (values.shape[0], len(structure.ids))
    result = Evaluation(np.full(shape, np.nan), np.zeros(shape), np.full(shape, UNANSWERED, dtype=np.uint8))
    answered = ~np.isnan(values) & ~away
    result.values[:, structure.leaves] = np.where(answered, values, np.nan)
    result.shares[:, structure.leaves] = answered
    result.status[:, structure.leaves] = np.select([away, answered], [NOT_APPLICABLE, PUBLISHED], UNANSWERED)
    return result


def _evaluate_node(
    structure: Structure, node: int, result: Evaluation, minimum: float, order: float, limit: float
) -> None:
    children = structure.children(node)
    status = result.status[:, children]
    weights = check_weights(structure.weight[children])
    applicable = ((status != NOT_APPLICABLE) * weights).sum(axis=1)
    mean, available = aggregate(result.values[:, children], weights, order)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(applicable > 0, available * weights.sum() / applicable, 0.0)
    result.shares[:, node] = share
    result.status[:, node] = _node_status(status, share, minimum, limit)
    result.values[:, node] = np.where(result.status[:, node] == PUBLISHED, mean, np.nan)


def _node_status(children: RatingArray, share: FloatArray, minimum: float, limit: float) -> RatingArray:
    away = children == NOT_APPLICABLE
    silent = (away | (children == UNANSWERED)).all(axis=1)
    rules = [
        (away.mean(axis=1) > limit + _TOLERANCE, INSUFFICIENT),
        (away.all(axis=1), NOT_APPLICABLE),
        (silent, UNANSWERED),
        ((share <= 0) | (share < minimum - _TOLERANCE), INSUFFICIENT),
    ]
    return np.select([rule for rule, _ in rules], [code for _, code in rules], PUBLISHED).astype(np.uint8)


def logical_range(
    structure: Structure,
    values: FloatArray,
    not_applicable: BoolArray,
    order: ArrayLike = 1.0,
    ends: tuple[float, float] = (0.0, 100.0),
) -> tuple[FloatArray, FloatArray]:
    """Every node if all that was not answered were at one end of the scale, and at the other: two (units, nodes).

    >>> tree = Structure(("all", "a", "b"), np.array([-1, 0, 0]), np.ones(3))
    >>> low, high = logical_range(tree, np.array([[50.0, np.nan]]), np.zeros((1, 2), dtype=bool))
    >>> float(low[0, 0]), float(high[0, 0])
    (25.0, 75.0)
    """
    low, high = (
        evaluate(structure, np.where(np.isnan(values), end, values), 0.0, order, not_applicable, 1.0).values
        for end in ends
    )
    return low, high


def tree(levels: Sequence[tuple[Sequence[str], ArrayLike, ArrayLike]]) -> Structure:
    """A hierarchy from its levels, top first: (ids, position of the parent within the level above, weights).

    >>> tree([(["total"], [0], [1]), (["A", "B"], [0, 0], [1, 1]), (["A1", "B1"], [0, 1], [1, 1])]).parent.tolist()
    [-1, 0, 0, 1, 2]
    """
    ids: list[str] = []
    parents, weights, above = [], [], 0
    for depth, (names, parent, weight) in enumerate(levels):
        start = len(ids)
        parents.append(np.asarray(parent, dtype=np.int64) + above if depth else np.array([ROOT]))
        weights.append(np.asarray(weight, dtype=float))
        ids.extend(names)
        above = start
    return Structure(tuple(ids), np.concatenate(parents), np.concatenate(weights))

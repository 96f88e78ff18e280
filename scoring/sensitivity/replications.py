"""Scores and places when all choices are made anew, many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.sensitivity.case import MIDDLE, Case, order_of, row_of
from scoring.sensitivity.factors import FACTORS, SCALINGS
from scoring.sensitivity.precision import TOLERANCE, ratio

# t(s) = 1 + 0.99 s is above zero for every score.
_SLOPE = 0.99
# Below this an order is the geometric mean for all purposes, and its root still has eight digits.
_SMALLEST_ORDER = 1e-6
# Values of leaves, two megabytes of them: more would leave the memory of the processor itself.
_VALUES_AT_ONCE = 2**18

Flags = Callable[[FloatArray], NDArray[Any]]


class ReplicationsNotUsable(ValueError):
    """A number of replications is not positive, or not a power of two where it has to be."""


@dataclass(frozen=True, eq=False)
class _Settings:
    """One batch of replications, arrays (replications,): positions in the pools, and numbers."""

    criterion: IntArray
    dimension: IntArray
    order: FloatArray
    scaling: IntArray
    coverage: FloatArray
    left_out: IntArray
    draw: IntArray


@dataclass(frozen=True, eq=False)
class Replications:
    """``ranks`` and ``scores`` (replications, units), NaN without a score; ``changed`` flags or ``None``."""

    nominal: FloatArray
    ranks: FloatArray
    scores: FloatArray
    changed: FloatArray | None
    scaling: IntArray

    @property
    def outputs(self) -> FloatArray:
        """Sum of the absolute rank shifts, number of changed flags if there are any, and every unit's rank shift.

        Whole and half numbers only, so that sums are exact whatever the order in which they are added. A factor in an
        output does not change its indices: the sum stands for the mean.
        """
        shift = np.nan_to_num(self.ranks - self.nominal, nan=0.0)
        rows = [np.abs(shift).sum(axis=1), *([] if self.changed is None else [self.changed]), *shift.T]
        return np.stack(rows)


def _settings(case: Case, u: FloatArray) -> _Settings:
    """What the numbers between 0 and 1, (factors, replications), stand for."""
    factors = case.factors

    def pick(row: FloatArray, size: int) -> IntArray:
        return np.asarray(np.minimum((row * size).astype(np.int64), size - 1))

    order = np.ones(u.shape[1]) if factors.order is None else _between(u[2], factors.order)
    return _Settings(
        criterion=pick(u[0], len(case.criterion)),
        dimension=pick(u[1], len(case.dimension)),
        order=np.where(np.abs(order) < _SMALLEST_ORDER, _SMALLEST_ORDER, order),
        scaling=pick(u[3], len(factors.scalings)),
        coverage=np.zeros(u.shape[1]) if factors.coverage is None else _between(u[4], factors.coverage),
        left_out=pick(u[5], case.left_out) - 1,
        draw=pick(u[6], case.draws),
    )


def _between(u: FloatArray, limits: tuple[float, float]) -> FloatArray:
    return np.asarray(limits[0] + (limits[1] - limits[0]) * u)


def replicate(case: Case, u: FloatArray, flags: Flags | None) -> Replications:
    """All replications, in batches of whole groups that share most of their factors."""
    group = len(FACTORS)
    step = group * max(1, _VALUES_AT_ONCE // (group * case.present.size))
    settings = [_settings(case, u[:, start : start + step]) for start in range(0, u.shape[1], step)]
    scores = np.concatenate([_scores(case, batch) for batch in settings])
    return Replications(
        case.ranks,
        _places(scores, case.ranks),
        scores,
        None if flags is None else _changed(case, scores, flags),
        np.concatenate([batch.scaling for batch in settings]),
    )


def _changed(case: Case, scores: FloatArray, flags: Flags) -> FloatArray:
    """Number of flags that differ from those of the nominal scores, per replication."""
    full = np.full((len(scores) + 1, case.units), np.nan)
    full[:, case.ranked] = np.vstack([case.scores, scores])
    found = np.asarray(flags(full))
    return np.asarray((found[1:] != found[0]).reshape(len(scores), -1).sum(axis=1), dtype=np.float64)


def _places(scores: FloatArray, nominal: FloatArray) -> FloatArray:
    """Ranks in every replication; units without a score count as ahead of those that nominally are behind them."""
    absent = np.isnan(scores)
    ranks = order_of(np.where(absent, -1.0, scores))
    if absent.any():
        order = np.argsort(nominal, kind="stable")
        ahead = np.cumsum(absent[:, order], axis=1)
        ahead = np.concatenate([np.zeros((len(scores), 1)), ahead], axis=1)
        first, last = (np.searchsorted(nominal[order], nominal, side) for side in ("left", "right"))
        # A nominal tie with a unit that dropped out counts half.
        ranks += (ahead[:, first] + ahead[:, last]) / 2
        ranks[absent] = np.nan
    return ranks


def _scores(case: Case, settings: _Settings) -> FloatArray:
    """Scores of the root (replications, units), NaN where not enough is there.

    With one order p for all nodes, a mean of means is a mean of t^p as well: the power is taken once at the leaves and
    the root once at the end.
    """
    leaves, which = _leaf_values(case, settings)
    mean, present = _root(case, settings, leaves, which)
    mean = np.where(present > 0, mean, 1.0)
    if case.factors.order is not None:
        mean = (np.exp(np.log(mean) / settings.order[:, None]) - 1) / _SLOPE
    return np.where(present > 0, mean, np.nan)


def _leaf_values(case: Case, settings: _Settings) -> tuple[FloatArray, IntArray]:
    """Different values of the leaves (leaves, k, units), to the power of the order, and which belong to whom."""
    scalings = case.factors.scalings
    keys, which = np.unique(settings.draw * len(scalings) + settings.scaling, return_inverse=True)
    draw, scaling = np.divmod(keys, len(scalings))
    # A new array, which is rescaled and raised to its powers in place.
    scores = case.draw(draw)
    for number, name in enumerate(scalings):
        if name != "fixed" and (scaling == number).any():
            scores[:, scaling == number] = _rescaled(scores[:, scaling == number], name, case.present)
    if case.factors.order is None:
        return scores, which
    pairs, which = np.unique(np.stack([which, settings.order]), axis=1, return_inverse=True)
    scores *= _SLOPE
    scores += 1
    powers = np.log(scores, out=scores)[:, pairs[0].astype(np.int64)]
    powers *= pairs[1][:, None]
    return np.exp(powers, out=powers), which


def _rescaled(scores: FloatArray, name: str, present: BoolArray) -> FloatArray:
    """Scores (leaves, k, units) relative to those of all units; the middle where they do not differ or are missing."""
    here, n = present[:, None], present.sum(axis=1)[:, None, None]
    if name == "percentile_rank":
        # What is missing comes last and does not change the ranks of the others.
        ranks = scipy.stats.rankdata(scores if present.all() else np.where(here, scores, np.inf), axis=-1)
        scaled = 100 * ratio(ranks - 1, n - 1, MIDDLE / 100)
    else:
        mean, sd = SCALINGS[name]
        deviation = (scores - (scores * here).sum(axis=-1, keepdims=True) / np.maximum(n, 1)) * here
        spread = np.sqrt((deviation**2).sum(axis=-1, keepdims=True) / np.maximum(n - 1, 1))
        scaled = np.clip(mean + sd * ratio(deviation, np.where(spread > TOLERANCE, spread, 0.0)), 0, 100)
    return scaled if present.all() else np.where(here, scaled, MIDDLE)


def _root(case: Case, settings: _Settings, leaves: FloatArray, which: IntArray) -> tuple[FloatArray, FloatArray]:
    """Weighted means up the tree; value of the root and whether it has one, (replications, units)."""
    weight = _weights(case, settings)
    value: dict[int, FloatArray] = {}
    present: dict[int, FloatArray] = {node: row_of(case.present[column]) for node, column in case.leaf.items()}
    for node, children in case.branches:
        order = 1.0 if case.factors.order is not None else float(case.order[node])
        raw, total, available = (np.zeros((1, 1)) for _ in range(3))
        mean: FloatArray = np.zeros((which.size, case.ranked.size))
        for child in children:
            share = weight[child] * present[child]
            raw = raw + weight[child]
            total = total + weight[child] * case.applicable[child]
            available = available + share
            mean += _term(share, leaves[case.leaf[child]][which] if child in case.leaf else value[child], order)
        minimum = case.minimum[node] if case.factors.coverage is None else settings.coverage[:, None]
        enough = (available > 0) & (available >= (minimum - TOLERANCE) * total)
        present[node] = enough * case.allowed[node]
        value[node] = _unpowered(mean / np.where(available > 0, available, 1.0), present[node] > 0, order)
        # A node all of whose leaves are left out is left out as well.
        weight[node] = weight[node] * (raw > 0)
    root = case.branches[-1][0]
    return value[root], np.broadcast_to(present[root], value[root].shape)


def _weights(case: Case, settings: _Settings) -> FloatArray:
    """Weights within the parent (nodes, replications, 1), zero for what is left out."""
    weight = np.empty((len(case.structure.ids), settings.draw.size, 1))
    weight[case.structure.leaves, :, 0] = case.criterion[settings.criterion].T
    weight[case.structure.inner, :, 0] = case.dimension[settings.dimension].T
    without = np.flatnonzero(settings.left_out >= 0)
    weight[case.structure.leaves[settings.left_out[without]], without] = 0
    return weight


def _term(share: FloatArray, value: FloatArray, order: float) -> FloatArray:
    if order == 1:
        return np.asarray(share * value)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(share > 0, share * (np.log(value) if order == 0 else value**order), 0.0)


def _unpowered(mean: FloatArray, present: BoolArray, order: float) -> FloatArray:
    if order == 1:
        return mean
    with np.errstate(divide="ignore"):
        return np.where(present, np.exp(mean) if order == 0 else np.where(present, mean, 1.0) ** (1 / order), MIDDLE)

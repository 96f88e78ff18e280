"""Weights for respondents who are not a mirror of the newcomers, and when it is better not to weight.

Cells are combinations of the categories of up to three margins (age group, arrival cohort, ...). Answers are counted
per cell, and a weight belongs to every respondent of a cell; the weights of all respondents have mean 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import FloatArray, IntArray
from scoring.index import check_weights

MAXIMUM_MARGINS = 3
SMALLEST_CATEGORY = 5
TRIM = (0.3, 3.0)
MINIMUM_N = 30
MINIMUM_EFFICIENCY = 0.5
MARGIN_ERROR = 1e-8
ROUNDS = 100

Decision = Literal["weighted", "too_few_answers", "too_unequal", "not_reached"]


class MarginsDoNotFit(ValueError):
    """Margins do not have the categories of the respondents, are negative, or more than three."""


class NobodyToWeight(ValueError):
    """A category of newcomers has no respondent, or nobody answered at all."""


def effective_n(weights: ArrayLike, counts: ArrayLike | None = None) -> float:
    """Kish's effective number of answers, (sum w)2 / sum w2, of weights that occur ``counts`` times each.

    0 if there are none. Raises ``WeightNotPositive``. Source: Kish (1965).

    >>> effective_n([1.0, 1.0, 1.0]), effective_n([3.0, 1.0], counts=[1, 3])
    (3.0, 3.0)
    """
    w = np.asarray(weights, dtype=float)
    n = np.ones(w.shape) if counts is None else np.asarray(counts, dtype=float)
    if not n.sum():
        return 0.0
    check_weights(w[n > 0])
    return float((n * w).sum() ** 2 / (n * w**2).sum())


def merge_small(respondents: ArrayLike, minimum: int = SMALLEST_CATEGORY) -> IntArray:
    """New category of every category (categories,) so that each has ``minimum`` respondents; they stand in order.

    The category with the fewest respondents joins the smaller of its neighbours until all are large enough or one is
    left; of equals the first.

    >>> merge_small([20, 3, 8, 30]).tolist()
    [0, 1, 1, 2]
    """
    sizes = np.asarray(respondents).tolist()
    groups = [[category] for category in range(len(sizes))]
    while len(groups) > 1 and min(sizes) < minimum:
        smallest = sizes.index(min(sizes))
        neighbours = [n for n in (smallest - 1, smallest + 1) if 0 <= n < len(groups)]
        left = min(smallest, min(neighbours, key=lambda n: sizes[n]))
        groups[left : left + 2] = [groups[left] + groups[left + 1]]
        sizes[left : left + 2] = [sizes[left] + sizes[left + 1]]
    return np.array([g for g, members in enumerate(groups) for _ in members], dtype=np.int64)


def post_stratify(respondents: ArrayLike, population: ArrayLike) -> FloatArray:
    """Weight of a respondent in every cell (cells,): its share of the newcomers over its share of the respondents.

    1 in cells that are empty on both sides. Raises ``NobodyToWeight`` for a cell of newcomers without respondent (merge
    it), ``MarginsDoNotFit``. Source: Holt and Smith (1979).

    >>> post_stratify([30, 10], [50, 50]).round(4).tolist()
    [0.6667, 2.0]
    """
    n, target = np.asarray(respondents, dtype=float), np.asarray(population, dtype=float)
    _check_margin(n, target, "the cells")
    share = target / target.sum()
    return np.where(n > 0, share * n.sum() / np.where(n > 0, n, 1.0), 1.0)


def _check_margin(n: FloatArray, target: FloatArray, name: str) -> None:
    if n.shape != target.shape:
        raise MarginsDoNotFit(f"Respondents have {n.shape} categories in {name}, newcomers {target.shape}.")
    if not np.isfinite(target).all() or (target < 0).any() or not target.sum():
        raise MarginsDoNotFit(f"Numbers of newcomers in {name} are finite, none negative and not all zero.")
    if not n.sum():
        raise NobodyToWeight("Nobody answered, so there is nothing to weight.")
    if (empty := np.flatnonzero((n == 0) & (target > 0))).size:
        raise NobodyToWeight(f"Category {empty[0] + 1} of {name} has newcomers but no respondents; merge it first.")


@dataclass(frozen=True, eq=False)
class Raking:
    """``weights`` (one axis per margin), the ``rounds`` it took and the largest relative ``error`` of a margin left."""

    weights: FloatArray
    rounds: int
    error: float


def rake(respondents: ArrayLike, margins: Sequence[ArrayLike], rounds: int = ROUNDS) -> Raking:
    """Weights whose margins are those of the newcomers, by iterative proportional fitting.

    ``respondents`` has one axis per margin and counts the respondents of every cell; ``margins`` lists the newcomers of
    every category, any totals. Margin after margin is scaled to fit, until the largest relative error is below 1e-8 or
    after ``rounds``; an ``error`` above says that the margins contradict the empty cells. Raises ``MarginsDoNotFit``,
    ``NobodyToWeight``. Source: Deming and Stephan (1940).

    >>> rake([[30, 10], [10, 10]], [[50, 50], [50, 50]]).weights.round(4).tolist()
    [[0.634, 1.0981], [1.0981, 1.9019]]
    """
    n = np.asarray(respondents, dtype=float)
    if not 1 <= len(margins) <= MAXIMUM_MARGINS or n.ndim != len(margins):
        raise MarginsDoNotFit(f"One to {MAXIMUM_MARGINS} margins, an axis each, not {len(margins)} for {n.ndim} axes.")
    targets = [np.asarray(margin, dtype=float) for margin in margins]
    for axis, target in enumerate(targets):
        _check_margin(_margin(n, axis), target, f"margin {axis + 1}")
    targets = [target * n.sum() / target.sum() for target in targets]
    fitted, error, done = n, np.inf, 0
    while done < rounds and error >= MARGIN_ERROR:
        for axis, target in enumerate(targets):
            shape = [-1 if a == axis else 1 for a in range(n.ndim)]
            fitted = fitted * _ratio(target, _margin(fitted, axis)).reshape(shape)
        error = max(float(np.abs(_ratio(_margin(fitted, a), t) - 1).max()) for a, t in enumerate(targets))
        done += 1
    return Raking(np.where(n > 0, _ratio(fitted, n), 1.0), done, error)


def _margin(table: FloatArray, axis: int) -> FloatArray:
    return np.asarray(table.sum(axis=tuple(a for a in range(table.ndim) if a != axis)))


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, and 1 where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((above == 0) & (below == 0), 1.0, above / np.where(below == 0, np.inf, below))


def trim(weights: ArrayLike, counts: ArrayLike, low: float = TRIM[0], high: float = TRIM[1]) -> FloatArray:
    """Weights cut to ``low`` and ``high`` times their mean over all respondents, then rescaled to mean 1.

    ``counts`` respondents have each weight. Raises ``NobodyToWeight``. Source: Potter (1990).

    >>> trim([10.0, 1.0], [1, 9]).round(4).tolist()
    [3.8776, 0.6803]
    """
    w, n = np.asarray(weights, dtype=float), np.asarray(counts, dtype=float)
    if not n.sum():
        raise NobodyToWeight("Nobody answered, so there is nothing to weight.")
    mean = (n * w).sum() / n.sum()
    cut = np.clip(w, low * mean, high * mean)
    return np.asarray(cut * n.sum() / (n * cut).sum())


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights of respondents per cell, in the shape of the respondents, and the ``decision`` whether to use them.

    ``weights`` are all 1 unless the decision is "weighted". ``effective_n`` is that of the weights that were found,
    ``merged`` the new category of every category of every margin.
    """

    weights: FloatArray
    decision: Decision
    n: int
    effective_n: float
    merged: tuple[IntArray, ...]


def weigh(
    respondents: ArrayLike, margins: Sequence[ArrayLike], low: float = TRIM[0], high: float = TRIM[1]
) -> Weighting:
    """Raked and trimmed weights with all safeguards, from counts as in ``rake``.

    Categories with fewer than five respondents are merged with a neighbour first. Not weighted with fewer than 30
    answers, with an effective number below half of them, or when the margins cannot be reached. One margin is
    post-stratification. Raises ``MarginsDoNotFit``.

    >>> weigh([30, 10], [[50, 50]]).weights.round(4).tolist(), weigh([15, 5], [[50, 50]]).decision
    ([0.6667, 2.0], 'too_few_answers')
    """
    n = np.asarray(respondents, dtype=float)
    if n.ndim != len(margins) or any(np.size(m) != size for m, size in zip(margins, n.shape, strict=False)):
        raise MarginsDoNotFit(f"Respondents are counted {n.shape}; the margins have {[np.size(m) for m in margins]}.")
    merged = tuple(merge_small(_margin(n, axis)) for axis in range(n.ndim))
    total = int(n.sum())
    if total < MINIMUM_N:
        return Weighting(np.ones(n.shape), "too_few_answers", total, float(total), merged)
    table, targets = n, []
    for axis, (groups, margin) in enumerate(zip(merged, margins, strict=True)):
        first = np.flatnonzero(np.diff(groups, prepend=-1))
        table = np.add.reduceat(table, first, axis=axis)
        targets.append(np.add.reduceat(np.asarray(margin, dtype=float), first))
    raking = rake(table, targets)
    weights = trim(raking.weights, table, low, high)
    effective = effective_n(weights, table)
    decision = _decide(raking, effective, total)
    spread = weights[np.ix_(*merged)] if decision == "weighted" else np.ones(n.shape)
    return Weighting(spread, decision, total, effective, merged)


def _decide(raking: Raking, effective: float, total: int) -> Decision:
    if raking.error >= MARGIN_ERROR:
        return "not_reached"
    return "too_unequal" if effective < MINIMUM_EFFICIENCY * total else "weighted"


def weighted_moments(counts: ArrayLike, scores: ArrayLike, weights: ArrayLike) -> tuple[float, float, float]:
    """Effective number of answers, weighted mean, and the variance to use with that number in all other formulas.

    ``counts`` (cells, points) answers of every step, ``scores`` (points,), ``weights`` (cells,) of a respondent.
    variance = n_eff var(mean), var(mean) = n / (n - 1) sum w2 (s - mean)2 / (sum w)2; with equal weights that is n and
    the sample variance. NaN mean without answers, NaN variance with fewer than two. Raises ``WeightNotPositive``.
    Source: Cochran (1977).

    >>> weighted_moments([[1, 1], [2, 0]], [0.0, 100.0], [1.0, 1.0])
    (4.0, 25.0, 2500.0)
    """
    n, s = np.asarray(counts, dtype=float), np.asarray(scores, dtype=float)
    w = np.broadcast_to(np.asarray(weights, dtype=float)[:, None], n.shape)
    effective, total = effective_n(w, n), float((n * w).sum())
    if not total:
        return 0.0, float("nan"), float("nan")
    mean = float((n * w * s).sum() / total)
    if n.sum() < 2:
        return effective, mean, float("nan")
    error = n.sum() / (n.sum() - 1) * (n * w**2 * (s - mean) ** 2).sum() / total**2
    return effective, mean, float(effective * error)


@dataclass(frozen=True, eq=False)
class Standardised:
    """Effective number of answers, mean and variance of every unit, adjusted to one composition, and ``unadjusted``.

    Arrays (units,); ``unadjusted`` is the plain mean and ``decision`` why a unit was or was not weighted.
    """

    n: FloatArray
    mean: FloatArray
    variance: FloatArray
    unadjusted: FloatArray
    decision: tuple[Decision, ...]


def standardise(counts: ArrayLike, scores: ArrayLike, margins: Sequence[ArrayLike]) -> Standardised:
    """Every unit's mean as if its newcomers had the composition ``margins`` of the network (case-mix adjustment).

    ``counts`` (units, one axis per margin, points) answers; weights as in ``weigh``, so units with few answers or an
    entirely different composition stay as they are, which ``decision`` says. Raises ``MarginsDoNotFit``. Source:
    Kitagawa (1955).

    >>> answers = [[[40, 0], [0, 20]], [[20, 0], [0, 40]]]
    >>> found = standardise(answers, [0.0, 100.0], [[50, 50]])
    >>> found.mean.round(6).tolist(), found.unadjusted.round(1).tolist()
    ([50.0, 50.0], [33.3, 66.7])
    """
    n, s = np.asarray(counts, dtype=float), np.asarray(scores, dtype=float)
    found, plain, decisions = [], [], []
    for unit in n:
        weighting = weigh(unit.sum(axis=-1), margins)
        cells = unit.reshape(-1, s.size)
        found.append(weighted_moments(cells, s, weighting.weights.ravel()))
        plain.append(weighted_moments(cells, s, np.ones(len(cells)))[1])
        decisions.append(weighting.decision)
    effective, mean, variance = np.array(found, dtype=float).reshape(-1, 3).T
    return Standardised(effective, mean, variance, np.array(plain), tuple(decisions))

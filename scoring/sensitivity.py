"""How much scores and places depend on the choices behind an index, and on chance.

An index could have been made otherwise: with other weights, another way of averaging, another scale, another rule for
what is missing, another list of criteria; and its answers could have fallen otherwise. ``uncertainty`` makes all these
choices anew many times and tells within which places a unit stays; ``sobol`` tells which of the choices matter. Every
factor is driven by one number between 0 and 1 and independent of the others; a factor that is switched off, or has
nothing to vary, changes nothing.

Only units that have a score nominally take part. One that loses its score in a replication has no place there, and the
others are placed as if it stood where it nominally stands, so that nobody rises because somebody else drops out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import qmc, rankdata, sobol_indices

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.index import NOT_APPLICABLE, NotATree, Structure, evaluate
from scoring.shrinkage import TooFewUnits

FACTORS = (
    "criterion_weights",
    "dimension_weights",
    "order",
    "scaling",
    "coverage",
    "leave_one_out",
    "sampling",
)
# Every scale and what it is brought to: between 0 and 100, with the mean in the middle (T scores).
SCALINGS: dict[str, tuple[float, float]] = {"fixed": (0, 100), "zscore": (50, 10), "percentile_rank": (0, 100)}
ROBUST_PLACES = 0.05
ROBUST_SHARE = 0.9
NOTABLE_INTERACTION = 0.3
QUANTILES = (0.05, 0.5, 0.95)
RESAMPLES = 500
_MIDDLE = 50.0
# t(s) = 1 + 0.99 s is above zero for every score.
_SLOPE = 0.99
# Below this an order is the geometric mean for all purposes, and its root still has eight digits.
_SMALLEST_ORDER = 1e-6
_DIGITS = 9
_TOLERANCE = 1e-9
# Values of leaves, two megabytes of them: more would leave the memory of the processor itself.
_VALUES_AT_ONCE = 2**18

Flags = Callable[[FloatArray], NDArray[Any]]


class ArraysDiffer(ValueError):
    """An array does not fit the units, leaves or nodes of the index."""


class ScoreOutOfRange(ValueError):
    """A value of an indicator does not lie between 0 and 100."""


class SamplingErrorUnusable(ValueError):
    """A draw or a standard error is missing where there is a score, infinite or negative, or both were given."""


class FactorOutOfRange(ValueError):
    """A factor is to be varied in a way that it cannot be."""


class ReplicationsNotUsable(ValueError):
    """A number of replications is not positive, or not a power of two where it has to be."""


@dataclass(frozen=True)
class Factors:
    """What is varied and how far; 0, ``None``, ``False`` or a single scaling keep a factor as it nominally is.

    ``criterion_weights`` and ``dimension_weights``: relative standard deviation of the weights of leaves, and of inner
    nodes, within their parent. They follow a Dirichlet distribution whose mean is nominal, with
    alpha_0 = (k - 1) / spread^2 - 1 for k weights: exactly that deviation if they are equal, on average if not.
    ``order``: range of the order of the generalised mean of t(s) = 1 + 0.99 s, the same at all nodes, back-transformed.
    ``scalings``: among which scales of ``SCALINGS`` the leaves are put, equally often. ``coverage``: range of the share
    of weight that must be available at each node. ``leave_one_out``: no leaf or any one leaf is left out, all equally
    often. ``sampling``: scores are draws of what they might have been. ``pool``: number of different sets of weights.
    Raises ``FactorOutOfRange``.
    """

    criterion_weights: float = 0.25
    dimension_weights: float = 0.25
    order: tuple[float, float] | None = (-1.0, 1.0)
    scalings: tuple[str, ...] = tuple(SCALINGS)
    coverage: tuple[float, float] | None = (0.5, 0.9)
    leave_one_out: bool = True
    sampling: bool = True
    pool: int = 4096

    def __post_init__(self) -> None:
        for name in ("criterion_weights", "dimension_weights"):
            if not 0 <= getattr(self, name) < 1:
                raise FactorOutOfRange(f"{name} is at least 0 and below 1, not {getattr(self, name)}.")
        for name, limits, low, high in (("order", self.order, -10, 10), ("coverage", self.coverage, 0, 1)):
            if limits is not None and not low <= limits[0] <= limits[1] <= high:
                raise FactorOutOfRange(f"{name} is a range within {low} to {high}, not {limits}.")
        if not self.scalings or not set(self.scalings) <= set(SCALINGS):
            raise FactorOutOfRange(f"scalings are some of {', '.join(SCALINGS)}, not {self.scalings}.")
        if self.pool < 1:
            raise FactorOutOfRange(f"pool is at least 1, not {self.pool}.")


@dataclass(frozen=True, eq=False)
class Nominal:
    """An index as it is published: what the replications depart from.

    ``values`` (units, leaves) 0 to 100, NaN where missing; ``structure``, ``minimum_share``, ``order``,
    ``not_applicable`` and ``not_applicable_limit`` as in ``index.evaluate``. For the sampling error either ``draws``
    (draws, units, leaves), joint draws of the leaves' true scores, or ``standard_errors`` (units, leaves), 0 where a
    value is certain; both are cut at 0 and 100 and not looked at where the value is missing. Raises ``ArraysDiffer``,
    ``ScoreOutOfRange``, ``SamplingErrorUnusable``.
    """

    structure: Structure
    values: FloatArray
    minimum_share: ArrayLike = 0.0
    order: ArrayLike = 1.0
    not_applicable: BoolArray | None = None
    not_applicable_limit: float = 1 / 3
    draws: FloatArray | None = None
    standard_errors: FloatArray | None = None

    def __post_init__(self) -> None:
        if not self.structure.inner.size:
            raise NotATree("An index has at least one leaf below its root.")
        if self.values.ndim != 2 or self.values.shape[1] != self.structure.leaves.size:
            raise ArraysDiffer(
                f"Values have the shape (units, {self.structure.leaves.size} leaves), not {self.values.shape}."
            )
        for name, array in (("not_applicable", self.not_applicable), ("standard_errors", self.standard_errors)):
            if array is not None and array.shape != self.values.shape:
                raise ArraysDiffer(f"{name} has the shape of the values, {self.values.shape}, not {array.shape}.")
        with np.errstate(invalid="ignore"):
            wrong = np.argwhere(~np.isnan(self.values) & ~((self.values >= 0) & (self.values <= 100)))
        if wrong.size:
            unit, leaf = wrong[0].tolist()
            raise ScoreOutOfRange(
                f"Unit {unit + 1}, leaf {leaf + 1} is {self.values[unit, leaf]}; bring values to 0 to 100 first."
            )
        self._check_sampling()

    def _check_sampling(self) -> None:
        if self.draws is not None and self.standard_errors is not None:
            raise SamplingErrorUnusable("Give draws or standard errors, not both.")
        if self.draws is not None:
            if self.draws.ndim != 3 or self.draws.shape[1:] != self.values.shape or not len(self.draws):
                raise ArraysDiffer(f"Draws have the shape (draws, *{self.values.shape}), not {self.draws.shape}.")
            if not (np.isfinite(self.draws) | ~self.present).all():
                raise SamplingErrorUnusable("A draw is missing or infinite where the unit has a value.")
        if self.standard_errors is not None:
            with np.errstate(invalid="ignore"):
                usable = np.isfinite(self.standard_errors) & (self.standard_errors >= 0)
            if not (usable | ~self.present).all():
                raise SamplingErrorUnusable("A standard error is missing, infinite or negative where there is a value.")

    @cached_property
    def present(self) -> BoolArray:
        """Where a value counts: neither missing nor not applicable, (units, leaves)."""
        away = np.zeros(self.values.shape, dtype=bool) if self.not_applicable is None else self.not_applicable
        return np.asarray(~np.isnan(self.values) & ~away)


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Places and scores of every unit over the replications: arrays (units,), NaN for units without a nominal score.

    ``nominal`` place among ``places`` units; ``low``, ``median``, ``high``: 5 %, 50 % and 95 % quantile of the place
    (1 is the highest score) and ``score_low``, ``score_median``, ``score_high`` of the score, over the replications in
    which the unit has a score, scores only on the first scale listed since the others have no unit in common with it;
    ``shift``: mean absolute difference to the nominal place; ``near``: share of all replications within 5 % of the
    places around the nominal one; ``robust``: at least 90 % of them; ``scored``: share in which there was a score.
    """

    places: int
    nominal: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray
    shift: FloatArray
    near: FloatArray
    robust: BoolArray
    scored: FloatArray
    score_low: FloatArray
    score_median: FloatArray
    score_high: FloatArray


@dataclass(frozen=True, eq=False)
class Indices:
    """Sobol indices of one or several outputs with their intervals: arrays (..., factors).

    ``first`` is the share of an output's variance that the factor explains alone, ``total`` with all its interactions.
    Estimates of small indices may be a little below zero. ``affected`` (...) is False for a constant output, whose
    indices are zero.
    """

    first: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    affected: BoolArray

    @property
    def interactions(self) -> BoolArray:
        """Whether factors act together to a notable degree: the sum of total minus first indices above 0.3, (...)."""
        return np.asarray(self.total.sum(axis=-1) - self.first.sum(axis=-1) > NOTABLE_INTERACTION)

    @property
    def shares(self) -> FloatArray:
        """Total indices as shares of their sum, for sentences like "a third of the uncertainty is sampling"."""
        return _ratio(self.total, self.total.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Sobol:
    """Which factors move the places.

    ``active``: whether each of ``factors`` varies at all. ``shift``: indices (factors,) of the mean absolute rank shift
    over units; ``places``: of all places together, each unit by its variance; ``units`` (units, factors): of each
    unit's place, NaN without a nominal score; ``flags``: of the number of changed flags, ``None`` without them.
    ``uncertainty`` summarises the 2n independent replications among the evaluations.
    """

    factors: tuple[str, ...]
    active: tuple[bool, ...]
    shift: Indices
    places: Indices
    units: Indices
    flags: Indices | None
    uncertainty: Uncertainty


def uncertainty(
    nominal: Nominal, *, rng: np.random.Generator, factors: Factors | None = None, replications: int = 1000
) -> Uncertainty:
    """Places and scores over ``replications`` in which all factors are drawn at once.

    The same ``rng`` state gives the same bytes. Raises ``TooFewUnits``, ``ReplicationsNotUsable`` and what
    ``index.evaluate`` raises. Sources: OECD/JRC (2008), step 7; Saisana, Saltelli and Tarantola (2005).

    >>> structure = Structure(("index", "a", "b"), np.array([-1, 0, 0]), np.ones(3))
    >>> units = Nominal(structure, np.array([[90.0, 80.0], [10.0, 70.0], [60.0, 10.0]]))
    >>> found = uncertainty(units, rng=np.random.default_rng(1))
    >>> found.nominal.tolist(), found.low.tolist(), found.high.tolist(), found.robust.tolist()
    ([1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [1.0, 3.0, 3.0], [True, False, False])
    """
    if replications < 1:
        raise ReplicationsNotUsable(f"At least one replication is needed, not {replications}.")
    case = _case(nominal, factors or Factors(), rng)
    return _summary(case, _replicate(case, rng.random((len(FACTORS), replications)), None))


def sobol(
    nominal: Nominal,
    *,
    rng: np.random.Generator,
    factors: Factors | None = None,
    n: int = 1024,
    flags: Flags | None = None,
    level: float = 0.9,
    resamples: int = RESAMPLES,
) -> Sobol:
    """First-order and total Sobol indices of the places, from n (factors + 2) quasi-random evaluations.

    ``n`` is a power of two. ``flags`` takes scores (replications, units), NaN where there is none, and returns flags
    of the same leading shape; the output is how many differ from those of the nominal scores. A unit without a score
    counts as not shifted. The same ``rng`` state gives the same bytes. Needs about 300 n bytes of memory per unit.
    Raises ``TooFewUnits``, ``ReplicationsNotUsable`` and what ``index.evaluate`` raises. Source: Saltelli et al.
    (2010).

    >>> structure = Structure(("index", "a", "b"), np.array([-1, 0, 0]), np.ones(3))
    >>> units = Nominal(structure, np.array([[90.0, 80.0], [10.0, 70.0], [60.0, 10.0]]))
    >>> only = Factors(dimension_weights=0, order=None, scalings=("fixed",), coverage=None, leave_one_out=False)
    >>> found = sobol(units, rng=np.random.default_rng(1), factors=only, n=256)
    >>> found.active
    (True, False, False, False, False, False, False)
    >>> found.places.total.round(1).tolist()
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    if n < 2 or n & (n - 1):
        raise ReplicationsNotUsable(f"n is a power of two from 2, not {n}.")
    case = _case(nominal, factors or Factors(), rng)
    d = len(FACTORS)
    a, b = qmc.Sobol(2 * d, rng=rng, bits=64).random(n).T.reshape(2, d, n)
    base = _replicate(case, np.concatenate([a, b], axis=1), flags)
    # Neighbours differ in one factor only, so that a batch has few different scores and powers to compute.
    mixed = np.repeat(a[:, :, None], d, axis=2)
    mixed[np.arange(d), :, np.arange(d)] = b
    crossed = _replicate(case, mixed.reshape(d, n * d), flags)
    outputs_a, outputs_b = (np.ascontiguousarray(half) for half in np.split(base.outputs, 2, axis=1))
    outputs_ab = np.ascontiguousarray(np.moveaxis(crossed.outputs.reshape(-1, n, d), 2, 0))
    parts = _parts(outputs_a, outputs_b, outputs_ab, rng, resamples)
    units = slice(2 if flags is not None else 1, None)
    return Sobol(
        FACTORS,
        case.active,
        _report(parts.of(0), level),
        _report(parts.of(units).together(), level),
        _spread_units(_report(parts.of(units), level), case),
        _report(parts.of(1), level) if flags is not None else None,
        _summary(case, base),
    )


def indices(
    a: FloatArray, b: FloatArray, ab: FloatArray, *, rng: np.random.Generator, level: float = 0.9, resamples: int = 500
) -> Indices:
    """Sobol indices (outputs, factors) of a model from its evaluations, with percentile bootstrap intervals.

    ``a`` and ``b`` (outputs, n) at two independent samples, ``ab`` (factors, outputs, n) at the first with one factor
    from the second; n a power of two, two factors or more. The estimates are those of ``scipy.stats.sobol_indices``,
    whose own bootstrap takes no generator and gives NaN for constant outputs. Raises ``FactorOutOfRange``. Source:
    Saltelli et al. (2010).

    >>> x = qmc.Sobol(4, rng=np.random.default_rng(1), bits=64).random(1024).T
    >>> a, b = x[:2], x[2:]
    >>> model = lambda u: (3 * u[0] + u[1])[None]
    >>> ab = np.stack([model([b[0], a[1]]), model([a[0], b[1]])])
    >>> found = indices(model(a), model(b), ab, rng=np.random.default_rng(1))
    >>> found.first.round(2).tolist(), found.total.round(2).tolist()
    ([[0.9, 0.1]], [[0.9, 0.1]])
    """
    if len(ab) < 2:
        raise FactorOutOfRange("Indices compare two factors or more.")
    # From its first value a constant output is exactly constant, whatever the number.
    origin = a[:, :1]
    return _report(_parts(a - origin, b - origin, ab - origin, rng, resamples), level)


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
class _Case:
    """The units that have a place, and what may become of their index.

    ``values`` and ``present`` (leaves, units); ``scores``, ``ranks`` (units,) nominal; ``criterion`` and ``dimension``
    (pool, leaves or inner nodes) weights as shares within the parent; ``applicable`` and ``allowed``, one array
    (1, units) or (1, 1) per node: whether it is in the denominator, and whether too much of it is not applicable;
    ``minimum`` and ``order`` per node; ``draw`` gives scores (leaves, numbers, units) of the draws of that number.
    """

    factors: Factors
    structure: Structure
    units: int
    ranked: IntArray
    scores: FloatArray
    ranks: FloatArray
    present: BoolArray
    applicable: list[FloatArray]
    allowed: list[FloatArray]
    minimum: FloatArray
    order: FloatArray
    criterion: FloatArray
    dimension: FloatArray
    draws: int
    draw: Callable[[IntArray], FloatArray]

    @cached_property
    def branches(self) -> list[tuple[int, list[int]]]:
        """Inner nodes, the deepest first, with their children."""
        return [(int(node), self.structure.children(int(node)).tolist()) for node in self.structure.inner]

    @cached_property
    def leaf(self) -> dict[int, int]:
        """Column of each leaf's node."""
        return {int(node): column for column, node in enumerate(self.structure.leaves)}

    @cached_property
    def left_out(self) -> int:
        """In how many ways a leaf may be left out, none included."""
        leaves = int(self.structure.leaves.size)
        return leaves + 1 if self.factors.leave_one_out and leaves > 1 else 1

    @property
    def active(self) -> tuple[bool, ...]:
        """Which factors vary."""
        return (
            len(self.criterion) > 1,
            len(self.dimension) > 1,
            self.factors.order is not None,
            len(self.factors.scalings) > 1,
            self.factors.coverage is not None and self._gaps,
            self.left_out > 1,
            self.draws > 1,
        )

    @property
    def _gaps(self) -> bool:
        missing = any(((self.applicable[node] > 0) & ~self.present[column]).any() for node, column in self.leaf.items())
        return missing or any((allowed == 0).any() for allowed in self.allowed)


@dataclass(frozen=True, eq=False)
class _Replications:
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


def _case(nominal: Nominal, factors: Factors, rng: np.random.Generator) -> _Case:
    structure = nominal.structure
    result = evaluate(
        structure,
        nominal.values,
        nominal.minimum_share,
        nominal.order,
        nominal.not_applicable,
        nominal.not_applicable_limit,
    )
    root = int(structure.inner[-1])
    ranked = np.flatnonzero(~np.isnan(result.values[:, root]))
    if ranked.size < 2:
        raise TooFewUnits(f"Places need at least two units with a score, not {ranked.size}.")
    scores = result.values[ranked, root]
    status = result.status[ranked]
    nodes = len(structure.ids)
    minimum, order = (np.broadcast_to(np.asarray(v, float), nodes) for v in (nominal.minimum_share, nominal.order))
    criterion, dimension = (
        _weight_pool(structure, of, spread, factors.pool, rng)
        for of, spread in (
            (structure.leaves, factors.criterion_weights),
            (structure.inner, factors.dimension_weights),
        )
    )
    draws, draw = _draw_source(nominal, ranked, factors.sampling, rng)
    return _Case(
        factors=factors,
        structure=structure,
        units=len(nominal.values),
        ranked=ranked,
        scores=scores,
        ranks=_order(scores),
        present=nominal.present[ranked].T,
        applicable=[_row(status[:, node] != NOT_APPLICABLE) for node in range(nodes)],
        allowed=[_row(_allowed(structure, status, node, nominal.not_applicable_limit)) for node in range(nodes)],
        minimum=minimum,
        order=order,
        criterion=criterion,
        dimension=dimension,
        draws=draws,
        draw=draw,
    )


def _order(scores: FloatArray) -> FloatArray:
    """Ranks of scores (..., units), 1 the highest; what differs by rounding only is equal."""
    return np.asarray(rankdata(-np.round(scores, _DIGITS), axis=-1), dtype=np.float64)


def _row(flags: BoolArray) -> FloatArray:
    return np.ones((1, 1)) if flags.all() else flags[None].astype(np.float64)


def _allowed(structure: Structure, status: NDArray[Any], node: int, limit: float) -> BoolArray:
    """Units for which no more than ``limit`` of the node's children are not applicable."""
    children = structure.children(node)
    if not children.size:
        return np.ones(len(status), dtype=bool)
    return np.asarray((status[:, children] == NOT_APPLICABLE).mean(axis=1) <= limit + _TOLERANCE)


def _weight_pool(
    structure: Structure, nodes: IntArray, spread: float, size: int, rng: np.random.Generator
) -> FloatArray:
    """Sets of weights (size, nodes) as shares within the parent; a single, nominal one if nothing can vary."""
    nominal = np.ones(nodes.size)
    varied: list[tuple[IntArray, FloatArray]] = []
    for parent in np.unique(structure.parent[nodes]):
        if parent < 0:
            continue
        members = np.flatnonzero(structure.parent[nodes] == parent)
        share = structure.weight[nodes[members]] / structure.weight[structure.children(int(parent))].sum()
        nominal[members] = share
        if np.count_nonzero(share) > 1 and spread > 0:
            varied.append((members[share > 0], share[share > 0]))
    if not varied:
        return nominal[None]
    pool = np.tile(nominal, (size, 1))
    for members, share in varied:
        # Leaves and inner nodes below one parent are varied apart; each group keeps its part of the weight.
        concentration = (members.size - 1) / spread**2 - 1
        pool[:, members] = rng.dirichlet(concentration * share / share.sum(), size) * share.sum()
    return pool


def _draw_source(
    nominal: Nominal, ranked: IntArray, sampling: bool, rng: np.random.Generator
) -> tuple[int, Callable[[IntArray], FloatArray]]:
    """How many draws there are, and a function that gives some of them by number: (leaves, numbers, units)."""
    present = nominal.present[ranked].T[:, None]
    values = np.where(present, nominal.values[ranked].T[:, None], _MIDDLE)
    if sampling and nominal.draws is not None:
        draws = nominal.draws

        def given(numbers: IntArray) -> FloatArray:
            chosen = draws[np.ix_(numbers, ranked)]
            scores = np.empty((chosen.shape[2], numbers.size, ranked.size))
            scores[...] = np.moveaxis(np.clip(chosen, 0, 100, out=chosen), 2, 0)
            np.copyto(scores, _MIDDLE, where=~present)
            return scores

        return len(draws), given
    if sampling and nominal.standard_errors is not None:
        errors = np.where(present, nominal.standard_errors[ranked].T[:, None], 0.0)
        if errors.any():
            key = int(rng.integers(2**63))

            def drawn(numbers: IntArray) -> FloatArray:
                # Every draw has a stream of its own, so that it is the same whenever it is needed and none is kept.
                noise = [
                    np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, int(k)])).standard_normal(
                        present[:, 0].shape
                    )
                    for k in numbers
                ]
                return np.asarray(np.clip(values + errors * np.stack(noise, axis=1), 0, 100))

            return 2**20, drawn
    return 1, lambda numbers: np.repeat(values, numbers.size, axis=1)


def _settings(case: _Case, u: FloatArray) -> _Settings:
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


def _replicate(case: _Case, u: FloatArray, flags: Flags | None) -> _Replications:
    """All replications, in batches of whole groups that share most of their factors."""
    group = len(FACTORS)
    step = group * max(1, _VALUES_AT_ONCE // (group * case.present.size))
    settings = [_settings(case, u[:, start : start + step]) for start in range(0, u.shape[1], step)]
    scores = np.concatenate([_scores(case, batch) for batch in settings])
    return _Replications(
        case.ranks,
        _places(scores, case.ranks),
        scores,
        None if flags is None else _changed(case, scores, flags),
        np.concatenate([batch.scaling for batch in settings]),
    )


def _changed(case: _Case, scores: FloatArray, flags: Flags) -> FloatArray:
    """Number of flags that differ from those of the nominal scores, per replication."""
    full = np.full((len(scores) + 1, case.units), np.nan)
    full[:, case.ranked] = np.vstack([case.scores, scores])
    found = np.asarray(flags(full))
    return np.asarray((found[1:] != found[0]).reshape(len(scores), -1).sum(axis=1), dtype=np.float64)


def _places(scores: FloatArray, nominal: FloatArray) -> FloatArray:
    """Ranks in every replication; units without a score count as ahead of those that nominally are behind them."""
    absent = np.isnan(scores)
    ranks = _order(np.where(absent, -1.0, scores))
    if absent.any():
        order = np.argsort(nominal, kind="stable")
        ahead = np.cumsum(absent[:, order], axis=1)
        ahead = np.concatenate([np.zeros((len(scores), 1)), ahead], axis=1)
        first, last = (np.searchsorted(nominal[order], nominal, side) for side in ("left", "right"))
        # A nominal tie with a unit that dropped out counts half.
        ranks += (ahead[:, first] + ahead[:, last]) / 2
        ranks[absent] = np.nan
    return ranks


def _scores(case: _Case, settings: _Settings) -> FloatArray:
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


def _leaf_values(case: _Case, settings: _Settings) -> tuple[FloatArray, IntArray]:
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
        ranks = rankdata(scores if present.all() else np.where(here, scores, np.inf), axis=-1)
        scaled = 100 * _ratio(ranks - 1, n - 1, _MIDDLE / 100)
    else:
        mean, sd = SCALINGS[name]
        deviation = (scores - (scores * here).sum(axis=-1, keepdims=True) / np.maximum(n, 1)) * here
        spread = np.sqrt((deviation**2).sum(axis=-1, keepdims=True) / np.maximum(n - 1, 1))
        scaled = np.clip(mean + sd * _ratio(deviation, np.where(spread > _TOLERANCE, spread, 0.0)), 0, 100)
    return scaled if present.all() else np.where(here, scaled, _MIDDLE)


def _root(case: _Case, settings: _Settings, leaves: FloatArray, which: IntArray) -> tuple[FloatArray, FloatArray]:
    """Weighted means up the tree; value of the root and whether it has one, (replications, units)."""
    weight = _weights(case, settings)
    value: dict[int, FloatArray] = {}
    present: dict[int, FloatArray] = {node: _row(case.present[column]) for node, column in case.leaf.items()}
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
        enough = (available > 0) & (available >= (minimum - _TOLERANCE) * total)
        present[node] = enough * case.allowed[node]
        value[node] = _unpowered(mean / np.where(available > 0, available, 1.0), present[node] > 0, order)
        # A node all of whose leaves are left out is left out as well.
        weight[node] = weight[node] * (raw > 0)
    root = case.branches[-1][0]
    return value[root], np.broadcast_to(present[root], value[root].shape)


def _weights(case: _Case, settings: _Settings) -> FloatArray:
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
        return np.where(present, np.exp(mean) if order == 0 else np.where(present, mean, 1.0) ** (1 / order), _MIDDLE)


def _summary(case: _Case, found: _Replications) -> Uncertainty:
    ranks, places = found.ranks, case.ranked.size
    shift = np.abs(ranks - case.ranks)
    scored = ~np.isnan(ranks)
    near = (np.nan_to_num(shift, nan=np.inf) <= ROBUST_PLACES * places + _TOLERANCE).mean(axis=0)
    low, median, high = _quantiles(ranks)
    score_low, score_median, score_high = _quantiles(found.scores[found.scaling == 0])
    robust = np.zeros(case.units, dtype=bool)
    robust[case.ranked] = near >= ROBUST_SHARE - _TOLERANCE

    def spread(values: FloatArray) -> FloatArray:
        result = np.full(case.units, np.nan)
        result[case.ranked] = values
        return result

    return Uncertainty(
        places=places,
        nominal=spread(case.ranks),
        low=spread(low),
        median=spread(median),
        high=spread(high),
        shift=spread(_ratio(np.nan_to_num(shift, nan=0.0).sum(axis=0), scored.sum(axis=0), np.nan)),
        near=spread(near),
        robust=robust,
        scored=spread(scored.mean(axis=0)),
        score_low=spread(score_low),
        score_median=spread(score_median),
        score_high=spread(score_high),
    )


def _quantiles(values: FloatArray) -> list[FloatArray]:
    """Quantiles over the replications (the inverted distribution function) of what is not NaN; NaN if all is."""
    if not len(values):
        return [np.full(values.shape[1], np.nan)] * len(QUANTILES)
    ordered, count = np.sort(values, axis=0), (~np.isnan(values)).sum(axis=0)
    positions = [np.maximum(np.ceil(np.round(p * count, _DIGITS)).astype(np.int64) - 1, 0) for p in QUANTILES]
    return [np.take_along_axis(ordered, position[None], axis=0)[0] for position in positions]


def _ratio(numerator: FloatArray, denominator: ArrayLike, otherwise: float = 0.0) -> FloatArray:
    below = np.broadcast_to(np.asarray(denominator, dtype=float), numerator.shape)
    return np.asarray(np.divide(numerator, below, out=np.full(numerator.shape, otherwise), where=below != 0))


@dataclass(frozen=True, eq=False)
class _Parts:
    """Numerators (outputs, factors) of the indices and variance (outputs, 1), then resampled (..., resamples)."""

    first: FloatArray
    total: FloatArray
    variance: FloatArray
    first_again: FloatArray
    total_again: FloatArray
    variance_again: FloatArray

    def of(self, rows: int | slice) -> _Parts:
        """The parts of some outputs."""
        return self._each(lambda array: array[rows])

    def together(self) -> _Parts:
        """The parts of all outputs as one: each counts by its variance."""
        return self._each(lambda array: array.sum(axis=0))

    def _each(self, change: Callable[[FloatArray], FloatArray]) -> _Parts:
        return _Parts(
            change(self.first),
            change(self.total),
            change(self.variance),
            change(self.first_again),
            change(self.total_again),
            change(self.variance_again),
        )


def _parts(a: FloatArray, b: FloatArray, ab: FloatArray, rng: np.random.Generator, resamples: int) -> _Parts:
    n = a.shape[1]
    estimate = sobol_indices(func={"f_A": a, "f_B": b, "f_AB": ab}, n=n)
    shape = (a.shape[0], ab.shape[0])
    variance = np.var([a, b], axis=(0, 2))[:, None]
    counts = rng.multinomial(n, np.full(n, 1 / n), size=resamples).T.astype(np.float64)

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray((values.reshape(-1, n) @ counts).reshape(*values.shape[:-1], resamples) / n)

    change = np.moveaxis(ab - a, 0, 1)
    centre = ((a + b).mean(axis=1) / 2)[:, None, None]
    return _Parts(
        estimate.first_order.reshape(shape) * variance,
        estimate.total_order.reshape(shape) * variance,
        variance,
        mean(b[:, None] * change) - centre * mean(change),
        mean(change**2) / 2,
        (mean(a**2 + b**2) / 2 - (mean(a + b) / 2) ** 2)[:, None],
    )


def _report(parts: _Parts, level: float) -> Indices:
    limits = [(1 - level) / 2, (1 + level) / 2]
    first_low, first_high = np.quantile(_ratio(parts.first_again, parts.variance_again), limits, axis=-1)
    total_low, total_high = np.quantile(_ratio(parts.total_again, parts.variance_again), limits, axis=-1)
    return Indices(
        _ratio(parts.first, parts.variance),
        first_low,
        first_high,
        _ratio(parts.total, parts.variance),
        total_low,
        total_high,
        np.asarray(parts.variance[..., 0] > 0),
    )


def _spread_units(found: Indices, case: _Case) -> Indices:
    """Indices of the units that have a place, among all units."""

    def spread(values: FloatArray) -> FloatArray:
        result = np.full((case.units, values.shape[1]), np.nan)
        result[case.ranked] = values
        return result

    affected = np.zeros(case.units, dtype=bool)
    affected[case.ranked] = found.affected
    return Indices(
        spread(found.first),
        spread(found.first_low),
        spread(found.first_high),
        spread(found.total),
        spread(found.total_low),
        spread(found.total_high),
        affected,
    )

"""Which of the choices move the places: Sobol indices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from scoring.arrays import BoolArray, FloatArray
from scoring.sensitivity.case import Case, case_of
from scoring.sensitivity.factors import FACTORS, FactorOutOfRange, Factors
from scoring.sensitivity.nominal import Nominal
from scoring.sensitivity.places import Uncertainty, summary
from scoring.sensitivity.precision import ratio
from scoring.sensitivity.replications import Flags, ReplicationsNotUsable, replicate

NOTABLE_INTERACTION = 0.3
RESAMPLES = 500


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
        return ratio(self.total, self.total.sum(axis=-1, keepdims=True))


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

    >>> from scoring.index import Structure
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
    case = case_of(nominal, factors or Factors(), rng)
    d = len(FACTORS)
    a, b = scipy.stats.qmc.Sobol(2 * d, rng=rng, bits=64).random(n).T.reshape(2, d, n)
    base = replicate(case, np.concatenate([a, b], axis=1), flags)
    # Neighbours differ in one factor only, so that a batch has few different scores and powers to compute.
    mixed = np.repeat(a[:, :, None], d, axis=2)
    mixed[np.arange(d), :, np.arange(d)] = b
    crossed = replicate(case, mixed.reshape(d, n * d), flags)
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
        summary(case, base),
    )


def indices(
    a: FloatArray, b: FloatArray, ab: FloatArray, *, rng: np.random.Generator, level: float = 0.9, resamples: int = 500
) -> Indices:
    """Sobol indices (outputs, factors) of a model from its evaluations, with percentile bootstrap intervals.

    ``a`` and ``b`` (outputs, n) at two independent samples, ``ab`` (factors, outputs, n) at the first with one factor
    from the second; n a power of two, two factors or more. The estimates are those of ``scipy.stats.sobol_indices``,
    whose own bootstrap takes no generator and gives NaN for constant outputs. Raises ``FactorOutOfRange``. Source:
    Saltelli et al. (2010).

    >>> x = scipy.stats.qmc.Sobol(4, rng=np.random.default_rng(1), bits=64).random(1024).T
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
    estimate = scipy.stats.sobol_indices(func={"f_A": a, "f_B": b, "f_AB": ab}, n=n)
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
    first_low, first_high = np.quantile(ratio(parts.first_again, parts.variance_again), limits, axis=-1)
    total_low, total_high = np.quantile(ratio(parts.total_again, parts.variance_again), limits, axis=-1)
    return Indices(
        ratio(parts.first, parts.variance),
        first_low,
        first_high,
        ratio(parts.total, parts.variance),
        total_low,
        total_high,
        np.asarray(parts.variance[..., 0] > 0),
    )


def _spread_units(found: Indices, case: Case) -> Indices:
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

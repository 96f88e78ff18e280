"""The model between units for many indicators at once: estimates using all units, signal, probabilities, places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring import ranking, reliability, shrinkage
from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.method import Method

# Answers that all agree say little about how a next one would differ; zero would claim to know it exactly.
_SMALLEST_VARIANCE = 1e-6

_PER_UNIT = ("shrunken", "low", "high", "above", "below", "sampling", "rank_low", "rank_high")
_PER_INDICATOR = ("probability", "between", "needed")

Generator = Callable[[int], np.random.Generator]


@dataclass(frozen=True, eq=False)
class NetworkModel:
    """What the model between units says: arrays (units, indicators), and (indicators,) in the last four.

    NaN where there is none. ``shrunken`` with ``low`` and ``high``; ``above`` and ``below`` the probabilities to lie
    more than the margin from the mean of all; ``sampling`` the variance of each mean as an estimate; places between
    ``rank_low`` and ``rank_high``. ``probability`` that units differ by more than the gate, ``between`` the variance
    between them, ``needed`` the answers for a reliable mean, ``units`` how many entered.
    """

    shrunken: FloatArray
    low: FloatArray
    high: FloatArray
    above: FloatArray
    below: FloatArray
    sampling: FloatArray
    rank_low: FloatArray
    rank_high: FloatArray
    probability: FloatArray
    between: FloatArray
    needed: FloatArray
    units: IntArray


def fit_indicators(
    n: IntArray,
    mean: FloatArray,
    variance: FloatArray,
    usable: BoolArray,
    method: Method,
    places: Generator | None = None,
) -> NetworkModel:
    """Fit every indicator that enough units have; those without a signal get no probabilities, so no flags or places.

    ``n``, ``mean`` (0 to 100), sample ``variance`` and ``usable`` are (units, indicators). Places are drawn with
    ``places``, a random generator for every indicator, where there are enough units; without it there are none.

    >>> n, mean = np.full((12, 1), 80), np.linspace(20, 90, 12)[:, None]
    >>> model = fit_indicators(n, mean, np.full((12, 1), 500.0), n > 9, Method())
    >>> bool(model.probability[0] > 0.99), round(float(model.needed[0]), 1), int(model.units[0])
    (True, 2.2, 12)
    """
    shape, units = mean.shape, usable.sum(axis=0)
    model = NetworkModel(
        **{name: np.full(shape, np.nan) for name in _PER_UNIT},
        **{name: np.full(shape[1], np.nan) for name in _PER_INDICATOR},
        units=units,
    )
    for j in np.flatnonzero(units >= max(2, method.minimum_units)):
        used = usable[:, j]
        fit = _fit_one(model, int(j), n[used, j], mean[used, j], variance[used, j], used, method)
        if places is not None and _ranked(model, int(j), method):
            draws = fit.draws(method.draws_for(int(units[j])), places(int(j)))
            model.rank_low[used, j], model.rank_high[used, j] = ranking.rank_intervals(draws, method.level)
    return model


def _ranked(model: NetworkModel, j: int, method: Method) -> bool:
    """Whether units have places at all: with a signal between them, and enough of them."""
    return bool(model.probability[j] >= method.gate_probability and model.units[j] >= method.minimum_ranks)


def confidence_sets(
    mean: FloatArray, model: NetworkModel, method: Method, scales: int | None = None
) -> tuple[FloatArray, FloatArray]:
    """Places (units, indicators) that hold for all units together; NaN where there are none.

    The first ``scales`` indicators (all without it) by comparing every pair of units, as far as there are not too many
    of them; the others by the wider and quicker intervals of each unit.

    >>> n, mean = np.full((12, 1), 80), np.linspace(20, 90, 12)[:, None]
    >>> model = fit_indicators(n, mean, np.full((12, 1), 500.0), n > 9, Method())
    >>> low, high = confidence_sets(mean, model, Method())
    >>> low[-1, 0], high[0, 0]
    (np.float64(1.0), np.float64(12.0))
    """
    low, high = np.full(mean.shape, np.nan), np.full(mean.shape, np.nan)
    for j in range(mean.shape[1]):
        if _ranked(model, j, method):
            used = ~np.isnan(model.sampling[:, j])
            errors = np.sqrt(model.sampling[used, j])
            way: ranking.ConfidenceMethod = "auto" if scales is None or j < scales else "sidak"
            low[used, j], high[used, j] = ranking.rank_confidence_set(mean[used, j], errors, method.level, method=way)
    return low, high


def _fit_one(
    model: NetworkModel,
    j: int,
    n: IntArray,
    mean: FloatArray,
    variance: FloatArray,
    used: BoolArray,
    method: Method,
) -> shrinkage.Posterior:
    """Fit one indicator, and write what it says into the columns of the model."""
    fit = fit_estimates(mean, shrinkage.moderated_variance(variance, n, method.prior_df) / n, method)
    model.sampling[used, j] = fit.variances
    model.shrunken[used, j] = fit.mean
    model.low[used, j], model.high[used, j] = fit.interval(method.level)
    model.probability[j] = fit.between_exceeds(method.gate_points)
    model.between[j] = shrinkage.between_variance(fit.estimates, fit.variances)
    within = float(((n - 1) * variance).sum() / (n - 1).sum())
    model.needed[j] = reliability.answers_needed(model.between[j], within, method.reliability)
    if model.probability[j] >= method.gate_probability:
        model.above[used, j], model.below[used, j] = fit.departs(method.margin)
    return fit


def fit_estimates(estimates: FloatArray, variances: FloatArray, method: Method) -> shrinkage.Posterior:
    """The posterior of one indicator under the method, no variance taken to be nothing."""
    return shrinkage.posterior(
        estimates, np.maximum(variances, _SMALLEST_VARIANCE), method.prior_scale, points=method.grid_points
    )

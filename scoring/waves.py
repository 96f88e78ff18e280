"""The moments of a wave, and the model between municipalities of changes from wave to wave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import BoolArray, FloatArray, TextArray
from scoring.decisions import classify
from scoring.method import Method
from scoring.shrinkage import moderated_variance, posterior

# Answers that all agree say little about how a next one would differ; zero would claim to know it exactly.
_SMALLEST_VARIANCE = 1e-6
_TOLERANCE = 1e-9


class WavesDiffer(ValueError):
    """Two waves do not have the same units, indicators or item versions."""


class MomentsOutOfRange(ValueError):
    """A mean is not between 0 and 100, or a number of answers or a variance is negative."""


@dataclass(frozen=True, eq=False)
class Wave:
    """Moments of one wave, arrays (units, indicators)."""

    n: FloatArray
    mean: FloatArray
    variance: FloatArray

    def present(self, minimum_n: int) -> BoolArray:
        """Units with a mean, a variance and at least ``minimum_n`` answers, never fewer than 2."""
        return np.asarray((self.n >= max(minimum_n, 2)) & np.isfinite(self.mean) & np.isfinite(self.variance))


def wave_of(n: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> Wave:
    """The moments as arrays (units, indicators), one indicator if they have one axis; NaN is missing.

    Raises ``WavesDiffer``, ``MomentsOutOfRange``.

    >>> wave_of([10, 20], [50.0, 60.0], 400.0).variance.tolist()
    [[400.0], [400.0]]
    """
    try:
        arrays = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (n, mean, variance)))
    except ValueError as mismatch:
        raise WavesDiffer("Number of answers, means and variances of a wave have different shapes.") from mismatch
    n, mean, variance = (a if a.ndim == 2 else a.reshape(-1, 1) for a in arrays)
    if (wrong := np.argwhere((mean < -_TOLERANCE) | (mean > 100 + _TOLERANCE) | (n < 0) | (variance < 0))).size:
        row, column = wrong[0]
        raise MomentsOutOfRange(
            f"Row {row + 1}, column {column + 1}: n = {n[row, column]:g}, mean {mean[row, column]:g}, variance "
            f"{variance[row, column]:g}; means are 0 to 100, numbers and variances not negative."
        )
    return Wave(n, np.clip(mean, 0, 100), variance)


def sampling_variance(wave: Wave, used: BoolArray, prior_df: float) -> FloatArray:
    """Moderated variance of every unit's mean, indicator by indicator; NaN where a unit is not used."""
    variance = np.full(used.shape, np.nan)
    for j in np.flatnonzero(used.any(axis=0)):
        rows = used[:, j]
        moderated = moderated_variance(wave.variance[rows, j], wave.n[rows, j], prior_df)
        variance[rows, j] = np.maximum(moderated / wave.n[rows, j], _SMALLEST_VARIANCE)
    return variance


@dataclass(frozen=True, eq=False)
class ChangeModel:
    """What the model between municipalities says about changes or slopes, arrays (units, indicators)."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    flag: TextArray
    relative_flag: TextArray


def model_changes(change: FloatArray, variance: FloatArray, method: Method) -> ChangeModel:
    """Posterior of changes (units, indicators) with known variances, and their flags; NaN where there is no change.

    Indicators with fewer than ``method.minimum_units`` changes are not modelled; where units hardly differ there are no
    flags against the mean change of all. The false discovery rate is over all units and indicators.

    >>> found = model_changes(np.full((8, 1), 20.0), np.full((8, 1), 1.0), Method())
    >>> found.flag[0, 0], found.relative_flag[0, 0]
    (np.str_('better'), np.str_('none'))
    """
    mean, low, high, above, below, above_all, below_all = (np.full(change.shape, np.nan) for _ in range(7))
    used = ~np.isnan(change)
    for j in np.flatnonzero(used.sum(axis=0) >= method.minimum_units):
        rows = used[:, j]
        fit = posterior(change[rows, j], variance[rows, j], method.prior_scale, points=method.grid_points)
        mean[rows, j] = fit.mean
        low[rows, j], high[rows, j] = fit.interval(method.level)
        above[rows, j], below[rows, j] = fit.exceeds(method.margin), 1 - fit.exceeds(-method.margin)
        if fit.between_exceeds(method.gate_points) >= method.gate_probability:
            above_all[rows, j], below_all[rows, j] = fit.departs(method.margin)
    states = [classify(a, b, method.fdr, method.same_probability) for a, b in ((above, below), (above_all, below_all))]
    return ChangeModel(mean, low, high, states[0], states[1])

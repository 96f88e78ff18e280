"""From wave to wave: who changed, by how much, and what could have been seen at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from scoring.arrays import BoolArray, FloatArray, TextArray
from scoring.intervals import difference_interval, mean_interval
from scoring.method import Method
from scoring.waves import MomentsOutOfRange, Wave, WavesDiffer, model_changes, sampling_variance, wave_of

__all__ = [
    "MINIMUM_WAVES",
    "Changes",
    "MomentsOutOfRange",
    "NetworkChange",
    "TooFewWaves",
    "Trend",
    "WavesDiffer",
    "changes",
    "check_same_items",
    "network_change",
    "paired_change",
    "smallest_detectable_change",
    "trend",
]

MINIMUM_WAVES = 4
# 1.96 for not calling it change by chance plus 0.84 for seeing it four times out of five.
_DETECTION = 2.8
_STANDARD = Method()


class TooFewWaves(ValueError):
    """A trend needs at least four waves at different times."""


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes from a first to a second wave, arrays of the shape of the means that were given; NaN where missing.

    ``change`` is the second mean minus the first in points with the interval ``low`` to ``high``; ``shrunken`` the
    estimate using all municipalities, with its interval. ``flag`` compares the true change with zero, ``relative_flag``
    with the mean change of all: "better", "worse", "same", "open" or "none". ``detectable`` is the smallest change that
    would probably have been seen.
    """

    change: FloatArray
    low: FloatArray
    high: FloatArray
    shrunken: FloatArray
    shrunken_low: FloatArray
    shrunken_high: FloatArray
    flag: TextArray
    relative_flag: TextArray
    detectable: FloatArray


def changes(
    n_1: ArrayLike,
    mean_1: ArrayLike,
    variance_1: ArrayLike,
    n_2: ArrayLike,
    mean_2: ArrayLike,
    variance_2: ArrayLike,
    *,
    items: ArrayLike = 1,
    minimum_n: int = 2,
    method: Method = _STANDARD,
) -> Changes:
    """Changes between two waves of the same items, as independent samples (too wide if persons answered both).

    ``n``, mean (0 to 100) and sample variance of every wave, arrays (units,) or (units, indicators); ``items`` is the
    number of items of each indicator. A unit counts for an indicator if it has a mean and at least ``minimum_n``
    answers (never fewer than 2) in both waves, otherwise everything is NaN and its flags are "none".

    The interval is that of the difference (MOVER) without finite population. The shrunken change is the posterior mean
    of the true change, d_i with v_i = s~2_1i / n_1i + s~2_2i / n_2i, over the units of an indicator, where there are at
    least ``method.minimum_units``; flags use ``method.margin`` and ``method.fdr`` over all units and indicators. Flags
    against the mean change of all are given where units probably differ (``method.gate_points``). Raises
    ``WavesDiffer``, ``MomentsOutOfRange``. Sources: Zou and Donner (2008); Gelman et al., Bayesian Data Analysis.

    >>> n, variance = np.full(12, 400), np.full(12, 400.0)
    >>> found = changes(n, np.full(12, 50.0), variance, n, np.append(np.full(11, 50.0), 80.0), variance)
    >>> found.change[-1], found.flag[-1], found.flag[0], found.relative_flag[-1]
    (np.float64(30.0), np.str_('better'), np.str_('same'), np.str_('better'))
    """
    first, second = wave_of(n_1, mean_1, variance_1), wave_of(n_2, mean_2, variance_2)
    if first.mean.shape != second.mean.shape:
        raise WavesDiffer(
            f"Both waves need the same units and indicators; the first is {first.mean.shape}, the second "
            f"{second.mean.shape} (units, indicators)."
        )
    used = first.present(minimum_n) & second.present(minimum_n)
    change = np.where(used, second.mean - first.mean, np.nan)
    low, high = _change_limits(first, second, used, items, method.level)
    variance = sampling_variance(first, used, method.prior_df) + sampling_variance(second, used, method.prior_df)
    model = model_changes(change, variance, method)
    shape = np.asarray(mean_1, dtype=float).shape
    return Changes(
        change.reshape(shape),
        low.reshape(shape),
        high.reshape(shape),
        model.mean.reshape(shape),
        model.low.reshape(shape),
        model.high.reshape(shape),
        model.flag.reshape(shape),
        model.relative_flag.reshape(shape),
        np.asarray(_DETECTION * np.sqrt(variance)).reshape(shape),
    )


def _change_limits(
    first: Wave, second: Wave, used: BoolArray, items: ArrayLike, level: float
) -> tuple[FloatArray, FloatArray]:
    low, high = np.full(used.shape, np.nan), np.full(used.shape, np.nan)
    item_count = np.broadcast_to(np.asarray(items), used.shape[1])
    for count in np.unique(item_count):
        cells = used & (item_count == count)
        limits = [
            mean_interval(wave.n[cells], wave.mean[cells], wave.variance[cells], items=int(count), level=level)
            for wave in (first, second)
        ]
        low[cells], high[cells] = difference_interval(first.mean[cells], limits[0], second.mean[cells], limits[1])
    return low, high


def smallest_detectable_change(variance_1: ArrayLike, variance_2: ArrayLike | None = None) -> FloatArray:
    """The true change that would be told from none four times out of five: 2.8 sqrt(v_1 + v_2), in points.

    ``variance_1`` and ``variance_2`` are those of the two means, not of single answers; with one of them the second
    wave is taken to be as large as the first: 2.8 sqrt(2 v). Broadcasts; NaN stays NaN. Source: Cohen (1988).

    >>> round(float(smallest_detectable_change(12.5)), 6)
    14.0
    """
    first = np.asarray(variance_1, dtype=float)
    return np.asarray(_DETECTION * np.sqrt(first + (first if variance_2 is None else np.asarray(variance_2))))


def check_same_items(first: Sequence[str], second: Sequence[str]) -> None:
    """Two waves can be compared only if their items are the same, by version; raises ``WavesDiffer``.

    >>> check_same_items(["a1", "b1"], ["a1", "b2"])
    Traceback (most recent call last):
    scoring.waves.WavesDiffer: Item 2 of the first wave is version b1, in the second b2; only equal items compare.
    """
    if len(first) != len(second):
        raise WavesDiffer(f"The first wave has {len(first)} items, the second {len(second)}.")
    for position, (one, other) in enumerate(zip(first, second, strict=True), start=1):
        if one != other:
            raise WavesDiffer(
                f"Item {position} of the first wave is version {one}, in the second {other}; only equal items compare."
            )


def paired_change(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, items: int = 1, level: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mean change of ``n`` linked persons, its variance, and limits, from ``total`` = sum d and ``squares`` = sum d2.

    d is a person's second score minus the first, -100 to 100. The interval is the bounded-score interval of (d + 100) /
    2, so it never leaves -100 to 100 and never collapses; with half as many pseudo-respondents as for one wave, because
    two answers of one person are not unrelated. Arrays broadcast; NaN for n < 2.

    >>> [round(float(v), 3) for v in paired_change(4, 40.0, 1000.0)]
    [10.0, 50.0, -44.015, 58.7]
    """
    n, total, squares = (np.asarray(a, dtype=float) for a in (n, total, squares))
    pseudo = 1.0 if items == 1 else 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n > 1, total / n, np.nan)
        variance = np.maximum(squares - n * mean**2, 0.0) / (n - 1)
        low, high = mean_interval(n, (mean + 100) / 2, variance / 4, None, items, level, pseudo)
        return mean, np.asarray(variance / n), 2 * low - 100, 2 * high - 100


@dataclass(frozen=True)
class NetworkChange:
    """Change of a network: ``change`` over the ``units`` present in both waves, with its limits, and over all.

    ``all_units`` is the difference of the two means over everybody present in each wave; ``composition`` = all_units -
    change is the part of it that comes from municipalities joining and leaving.
    """

    units: int
    change: float
    low: float
    high: float
    all_units: float
    composition: float


def network_change(mean_1: ArrayLike, mean_2: ArrayLike, level: float = 0.95) -> NetworkChange:
    """How a network changed, each municipality counting equally; NaN marks a municipality missing from a wave.

    The interval is Student's t of the paired differences, so it carries the variation between municipalities. What
    cannot be told is NaN: the change without a unit in both waves, its limits with fewer than two. Raises
    ``WavesDiffer``.

    >>> found = network_change([40.0, 50.0, 60.0, np.nan], [44.0, 54.0, np.nan, 90.0])
    >>> found.units, found.change, round(found.all_units, 3), round(found.composition, 3)
    (2, 4.0, 12.667, 8.667)
    """
    first, second = np.asarray(mean_1, dtype=float), np.asarray(mean_2, dtype=float)
    if first.shape != second.shape or first.ndim != 1:
        raise WavesDiffer(f"Both waves list the same municipalities once; they are {first.shape} and {second.shape}.")
    difference = (second - first)[~np.isnan(first) & ~np.isnan(second)]
    change, overall = _mean(difference), _mean(second[~np.isnan(second)]) - _mean(first[~np.isnan(first)])
    half = float("nan")
    if difference.size > 1:
        half = float(stdtrit(difference.size - 1, (1 + level) / 2) * difference.std(ddof=1) / difference.size**0.5)
    return NetworkChange(difference.size, change, change - half, change + half, overall, overall - change)


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else float("nan")


@dataclass(frozen=True, eq=False)
class Trend:
    """Change per unit of time of every municipality, arrays (units,); NaN for those with fewer than four waves.

    ``slope`` is the weighted least squares slope with ``low`` and ``high``; ``shrunken`` that using all municipalities;
    ``flag`` says whether the change over all waves is larger than the margin. Companions without a model:
    ``theil_sen``, the median of the slopes between waves, with its limits, and Kendall's ``tau`` with ``p_value``.
    """

    slope: FloatArray
    low: FloatArray
    high: FloatArray
    shrunken: FloatArray
    shrunken_low: FloatArray
    shrunken_high: FloatArray
    flag: TextArray
    theil_sen: FloatArray
    theil_sen_low: FloatArray
    theil_sen_high: FloatArray
    tau: FloatArray
    p_value: FloatArray


def trend(times: ArrayLike, n: ArrayLike, mean: ArrayLike, variance: ArrayLike, *, method: Method = _STANDARD) -> Trend:
    """Trends of one indicator over four or more waves at ``times`` (waves,); with fewer there is only change.

    ``n``, mean (0 to 100) and sample variance are (waves, units). slope = sum w (t - t_w)(y - t_w) / sum w (t - t_w)2
    with w = 1 / v, v the moderated variance of a mean, and variance 1 / sum w (t - t_w)2. The shrunken slopes are the
    posterior of the change over the whole span of time, divided by the span, so prior and margin keep their meaning in
    points. Raises ``TooFewWaves``, ``WavesDiffer``, ``MomentsOutOfRange``. Sources: Theil (1950);
    Sen (1968); Kendall (1970).

    >>> found = trend([0, 1, 2, 3], np.full((4, 1), 50), [[40.0], [42.0], [44.0], [46.0]], np.full((4, 1), 400.0))
    >>> [round(float(v[0]), 3) for v in (found.slope, found.theil_sen, found.tau, found.p_value)]
    [2.0, 2.0, 1.0, 0.083]
    """
    t = np.asarray(times, dtype=float)
    wave = wave_of(n, mean, variance)
    if (waves := np.unique(t).size) < MINIMUM_WAVES:
        raise TooFewWaves(
            f"A trend needs {MINIMUM_WAVES} waves at different times, not {waves}; compare two waves instead."
        )
    if wave.mean.shape[0] != t.size:
        raise WavesDiffer(f"There are {t.size} times, but the means have {wave.mean.shape[0]} waves.")
    used = wave.present(2)
    used &= used.sum(axis=0) >= MINIMUM_WAVES
    v = sampling_variance(Wave(wave.n.T, wave.mean.T, wave.variance.T), used.T, method.prior_df).T
    slope, slope_variance = _weighted_slopes(t, np.where(used, wave.mean, 0.0), np.where(used, 1 / v, 0.0))
    half, span = ndtri((1 + method.level) / 2) * np.sqrt(slope_variance), float(np.ptp(t))
    model = model_changes(slope[:, None] * span, slope_variance[:, None] * span**2, method)
    companions = np.array(
        [_companions(t[used[:, u]], wave.mean[used[:, u], u], method.level) for u in range(used.shape[1])]
    ).reshape(-1, 5)
    return Trend(
        slope,
        slope - half,
        slope + half,
        model.mean[:, 0] / span,
        model.low[:, 0] / span,
        model.high[:, 0] / span,
        model.flag[:, 0],
        *companions.T,
    )


def _weighted_slopes(t: FloatArray, y: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Slope and its variance per unit of y (waves, units) on t with known weights; NaN where all weights are zero."""
    total = w.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = t[:, None] - (w * t[:, None]).sum(axis=0) / total
        squares = np.where(total > 0, (w * deviation**2).sum(axis=0), np.nan)
        return (w * deviation * y).sum(axis=0) / squares, 1 / squares


def _companions(t: FloatArray, y: FloatArray, level: float) -> tuple[float, ...]:
    """Theil-Sen slope with its limits, Kendall's tau and its p-value; tau is 0 where nothing ever changed."""
    if t.size < MINIMUM_WAVES:
        return (float("nan"),) * 5
    theil_sen = scipy.stats.theilslopes(y, t, alpha=level)
    if np.ptp(y) == 0:
        return (*_floats(theil_sen.slope, theil_sen.low_slope, theil_sen.high_slope), 0.0, 1.0)
    kendall = scipy.stats.kendalltau(t, y)
    return _floats(theil_sen.slope, theil_sen.low_slope, theil_sen.high_slope, kendall.statistic, kendall.pvalue)


def _floats(*values: float) -> tuple[float, ...]:
    return tuple(float(v) for v in values)

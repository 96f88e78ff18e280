"""Self-view and outside view of a whole network: how far they are apart, and whether one predicts the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import ndtri

from scoring.arrays import FloatArray

RESAMPLES = 2000
_BATCH = 250

Prediction = Literal["predicts", "contradicts", "does_not_predict", "undecided"]


class ViewsDiffer(ValueError):
    """Self-view and outside view do not list the same units, or fewer than three have both."""


def relative_gaps(
    self_draws: FloatArray, outside_draws: FloatArray, level: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """By how many percentiles of the network a unit stands higher in its self-view than in the outside view.

    ``self_draws`` and ``outside_draws`` (draws, units) are joint draws of the true scores. The percentile of a unit is
    100 (rank - 1/2) / G, ties share it; the gap is that of the posterior means, its limits are quantiles over the
    draws, widened to contain it. -100 to 100, whatever the two instruments' means. Raises ``ViewsDiffer``.

    >>> draws = np.array([[10.0, 20.0, 30.0], [11.0, 21.0, 31.0]])
    >>> gap, low, high = relative_gaps(draws, draws[:, ::-1])
    >>> gap.round(2).tolist()
    [-66.67, 0.0, 66.67]
    """
    if self_draws.shape != outside_draws.shape or self_draws.ndim != 2:
        raise ViewsDiffer(f"Both views need draws (draws, units), not {self_draws.shape} and {outside_draws.shape}.")
    gap = percentiles(self_draws.mean(axis=0)) - percentiles(outside_draws.mean(axis=0))
    drawn = percentiles(self_draws) - percentiles(outside_draws)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    return gap, np.minimum(low, gap), np.maximum(high, gap)


def percentiles(scores: FloatArray) -> FloatArray:
    """Percentile of every unit among all, along the last axis: 100 (rank - 1/2) / G, ties share the mean.

    >>> percentiles(np.array([5.0, 9.0, 9.0, 1.0])).tolist()
    [37.5, 75.0, 75.0, 12.5]
    """
    return np.asarray(100 * (scipy.stats.rankdata(scores, axis=-1) - 0.5) / scores.shape[-1])


@dataclass(frozen=True)
class Agreement:
    """How self-view and outside view go together over the ``units`` of a network that have both.

    ``bias`` is the mean of self-view minus outside view; true differences have standard deviation ``spread`` and mostly
    lie between ``low`` and ``high``. ``correlation`` is that of the estimates, ``true_correlation`` that of what they
    estimate, with limits; NaN where the estimates of a view do not differ by more than chance. ``concordance`` is Lin's
    coefficient. ``prediction`` says whether the self-assessment "predicts" or "contradicts" newcomers' experience, or
    "does_not_predict" it (the limits include 0); "undecided" where the true correlation is NaN.
    """

    units: int
    bias: float
    spread: float
    low: float
    high: float
    correlation: float
    true_correlation: float
    true_low: float
    true_high: float
    concordance: float
    prediction: Prediction


def network_agreement(
    self_scores: ArrayLike,
    self_variances: ArrayLike,
    outside: ArrayLike,
    outside_variances: ArrayLike,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> Agreement:
    """Bias, limits of agreement and true correlation of the two views of one dimension, over units that have both.

    Scores 0 to 100 and their sampling variances, arrays (units,). Limits of agreement bias -+ z SD with SD2 = variance
    of the differences less mean(v_S + v_O), at least 0. True correlation r / sqrt(l_S l_O) with reliabilities l = 1 -
    mean(v) / variance of the estimates, cut to -1 and 1; its limits are percentiles over ``resamples`` draws of
    municipalities, those without a reliability counting as 1 or -1. Raises ``ViewsDiffer``. Sources: Bland and Altman
    (1999); Spearman (1904); Lin (1989); Efron and Tibshirani (1993).
    """
    columns = [np.asarray(a, dtype=float) for a in (self_scores, self_variances, outside, outside_variances)]
    if len({c.shape for c in columns}) > 1 or columns[0].ndim != 1:
        raise ViewsDiffer(f"Scores and variances of both views list the units once, not {[c.shape for c in columns]}.")
    s, v_s, o, v_o = (c[~np.isnan(columns).any(axis=0)] for c in columns)
    if s.size < 3:
        raise ViewsDiffer(f"At least three units need both views, not {s.size}.")
    difference, z = s - o, float(ndtri((1 + level) / 2))
    bias = float(difference.mean())
    spread = max(float(difference.var(ddof=1) - (v_s + v_o).mean()), 0.0) ** 0.5
    features = _features(s, v_s, o, v_o)
    raw, true, determined = (a[0] for a in _correlations(features.mean(axis=0, keepdims=True), s.size))
    low, high = _bootstrap_limits(features, rng, resamples, level)
    return Agreement(
        s.size,
        bias,
        spread,
        bias - z * spread,
        bias + z * spread,
        float(raw),
        float(true) if determined else float("nan"),
        low,
        high,
        _concordance(s, o),
        _prediction(low, high) if determined else "undecided",
    )


def _features(s: FloatArray, v_s: FloatArray, o: FloatArray, v_o: FloatArray) -> FloatArray:
    """Everything whose means over municipalities make up the correlations: (units, 7)."""
    s, o = s - s.mean(), o - o.mean()
    return np.column_stack([s, o, s * s, o * o, s * o, v_s, v_o])


def _correlations(means: FloatArray, units: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Observed and true correlation from means of the features (resamples, 7), and whether both views differ at all."""
    s, o, ss, oo, so, v_s, v_o = means.T
    unbiased = units / (units - 1)
    covariance = unbiased * (so - s * o)
    spread_s, spread_o = (np.maximum(unbiased * v, 0.0) for v in (ss - s * s, oo - o * o))
    true_s, true_o = spread_s - v_s, spread_o - v_o
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where((spread_s > 0) & (spread_o > 0), covariance / np.sqrt(spread_s * spread_o), np.nan)
        determined = (true_s > 0) & (true_o > 0)
        product = np.where(determined, true_s * true_o, np.nan)
        true = np.where(determined, covariance / np.sqrt(product), np.sign(covariance))
    return np.clip(raw, -1, 1), np.clip(true, -1, 1), determined


def _bootstrap_limits(
    features: FloatArray, rng: np.random.Generator, resamples: int, level: float
) -> tuple[float, float]:
    units, found = len(features), []
    for start in range(0, resamples, _BATCH):
        times = rng.multinomial(units, np.full(units, 1 / units), size=min(_BATCH, resamples - start))
        found.append(_correlations(times @ features / units, units)[1])
    low, high = np.quantile(np.concatenate(found), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _prediction(low: float, high: float) -> Prediction:
    if low > 0:
        return "predicts"
    return "contradicts" if high < 0 else "does_not_predict"


def _concordance(s: FloatArray, o: FloatArray) -> float:
    """Lin's coefficient: 1 only if both views are the same number everywhere; NaN if neither varies nor differs."""
    apart = s.var() + o.var() + (s.mean() - o.mean()) ** 2
    return float(2 * ((s - s.mean()) * (o - o.mean())).mean() / apart) if apart > 0 else float("nan")

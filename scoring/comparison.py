"""Comparisons: who stands out, how self-view and outside view differ, and when neither can be told."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from scoring.arrays import BoolArray, FloatArray, TextArray
from scoring.intervals import difference_interval

LEVEL_STEP = 25.0
LEVEL_VARIANCE = LEVEL_STEP**2 / 12


def margin_probabilities(draws: FloatArray, benchmark: ArrayLike, margin: float) -> tuple[FloatArray, FloatArray]:
    """Probability to lie more than ``margin`` above, and below, a benchmark.

    ``draws`` (draws, ...) of true scores; ``benchmark`` a number or anything that broadcasts against the draws. NaN
    where a draw is NaN.

    >>> above, below = margin_probabilities(np.array([[10.0], [-10.0], [0.0], [0.0]]), 0.0, 5.0)
    >>> above.tolist(), below.tolist()
    ([0.25], [0.25])
    """
    difference = draws - np.asarray(benchmark, dtype=float)
    above, below = (difference > margin).mean(axis=0), (difference < -margin).mean(axis=0)
    missing = np.isnan(difference).any(axis=0)
    return np.where(missing, np.nan, above), np.where(missing, np.nan, below)


def discoveries(error: FloatArray, fdr: float) -> BoolArray:
    """The largest set of statements whose mean error probability is at most ``fdr``; NaN is no statement.

    Statements of equal error are taken together or not at all, so the order of the list does not matter.
    Sources: Newton et al. (2004); Storey (2002).

    >>> discoveries(np.array([0.01, 0.30, 0.05, np.nan]), 0.05).tolist()
    [True, False, True, False]
    """
    candidates = np.sort(error[~np.isnan(error)])
    if not candidates.size:
        return np.zeros(error.shape, dtype=bool)
    fits = np.cumsum(candidates) / np.arange(1, candidates.size + 1) <= fdr
    complete = np.append(candidates[1:] > candidates[:-1], True)
    allowed = np.flatnonzero(fits & complete)
    cut = candidates[allowed[-1]] if allowed.size else -1.0
    with np.errstate(invalid="ignore"):
        return error <= cut


def flags(
    draws: FloatArray,
    benchmark: ArrayLike,
    margin: float = 5.0,
    fdr: float = 0.05,
    same: float = 0.9,
) -> TextArray:
    """ "better", "worse", "same" or "open" for every unit and indicator, "none" where there are no draws (NaN).

    ``draws`` (draws, units, indicators) are joint draws of true scores. "better" and "worse" are relevant differences
    (more than ``margin``) with a false discovery rate of at most ``fdr`` over all pairs; "same" lies within the margin
    with probability ``same``; everything else cannot be told yet.

    >>> draws = np.random.default_rng(1).normal([0.0, 0.0, 20.0], [1.0, 9.0, 1.0], (1000, 3))
    >>> flags(draws[:, :, None], 0.0)[:, 0].tolist()
    ['same', 'open', 'better']
    """
    return classify(*margin_probabilities(draws, benchmark, margin), fdr, same)


def classify(above: FloatArray, below: FloatArray, fdr: float = 0.05, same: float = 0.9) -> TextArray:
    """The four states of ``flags`` from the probabilities to lie more than a margin above, and below.

    >>> classify(np.array([0.99, 0.5, 0.01, np.nan]), np.array([0.0, 0.0, 0.01, np.nan])).tolist()
    ['better', 'open', 'same', 'none']
    """
    flagged = discoveries(1 - np.maximum(above, below), fdr)
    with np.errstate(invalid="ignore"):
        return np.select(
            [np.isnan(above), flagged & (above > below), flagged, 1 - above - below >= same],
            ["none", "better", "worse", "same"],
            "open",
        )


def verdicts(above: FloatArray, below: FloatArray, fdr: float = 0.05, same: float = 0.9) -> TextArray:
    """Whether a municipality rates itself "higher" or "lower" than its newcomers do, "agrees", or "undecided".

    ``above`` and ``below`` are the probabilities that the true gap, self-view minus outside view, is more than the
    margin above and below zero; NaN where there is no gap.

    >>> verdicts(np.array([1.0, 0.0, np.nan]), np.array([0.0, 0.0, np.nan])).tolist()
    ['higher', 'agrees', 'undecided']
    """
    states = classify(above, below, fdr, same)
    return np.select(
        [states == "better", states == "worse", states == "same"], ["higher", "lower", "agrees"], "undecided"
    )


def gaps(
    self_scores: FloatArray, outside: FloatArray, outside_interval: tuple[FloatArray, FloatArray], level: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Self-view minus outside view with its interval; NaN where either is missing.

    The self-view is a level, rounded to steps of 25 points: variance 25^2/12. The interval combines that with the
    outside view's interval as independent (MOVER) and stays within -100 to 100.

    >>> [round(float(v[0]), 1) for v in gaps(np.array([75.0]), np.array([60.0]), (np.array([50.0]), np.array([69.0])))]
    [15.0, -1.8, 32.3]
    """
    half = ndtri((1 + level) / 2) * LEVEL_VARIANCE**0.5
    low, high = difference_interval(outside, outside_interval, self_scores, (self_scores - half, self_scores + half))
    return self_scores - outside, np.clip(low, -100, 100), np.clip(high, -100, 100)


def quadrants(
    self_scores: FloatArray,
    outside_interval: tuple[FloatArray, FloatArray],
    self_threshold: float = 50.0,
    outside_threshold: float = 60.0,
) -> TextArray:
    """Where a pair lies, decided only if the outside interval lies wholly on one side of its threshold.

    "strength" (both high), "blind_spot" (only the self-view high), "hidden_strength" (only the outside view high),
    "need_to_act" (both low), else "undecided".

    >>> quadrants(np.array([75.0, 75.0]), (np.array([20.0, 50.0]), np.array([40.0, 70.0]))).tolist()
    ['blind_spot', 'undecided']
    """
    low, high = outside_interval
    with np.errstate(invalid="ignore"):
        self_high, self_low = self_scores >= self_threshold, self_scores < self_threshold
        outside_high, outside_low = low >= outside_threshold, high < outside_threshold
    return np.select(
        [self_high & outside_high, self_high & outside_low, self_low & outside_high, self_low & outside_low],
        ["strength", "blind_spot", "hidden_strength", "need_to_act"],
        "undecided",
    )

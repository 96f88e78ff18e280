"""Comparisons: who stands out, how self-view and outside view differ, and when neither can be told."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from scoring.agreement import Agreement, ViewsDiffer, network_agreement, percentiles, relative_gaps
from scoring.arrays import BoolArray, FloatArray, TextArray
from scoring.decisions import (
    adjusted_p_values,
    classify,
    discoveries,
    equivalence_test,
    flags,
    margin_probabilities,
    meets_criteria,
    minimum_effect_test,
    verdicts,
)
from scoring.importance import Importance, actions, effective_importance, outcome_importance, relative_weights
from scoring.intervals import difference_interval
from scoring.peers import leave_one_out
from scoring.trends import (
    Changes,
    MomentsOutOfRange,
    NetworkChange,
    TooFewWaves,
    Trend,
    WavesDiffer,
    changes,
    check_same_items,
    network_change,
    paired_change,
    smallest_detectable_change,
    trend,
)

__all__ = [
    "LEVEL_STEP",
    "LEVEL_VARIANCE",
    "Agreement",
    "Changes",
    "Importance",
    "MomentsOutOfRange",
    "NetworkChange",
    "ReferenceEmpty",
    "TooFewWaves",
    "Trend",
    "ViewsDiffer",
    "WavesDiffer",
    "actions",
    "adjusted_p_values",
    "changes",
    "check_same_items",
    "classify",
    "discoveries",
    "effective_importance",
    "equivalence_test",
    "flags",
    "gaps",
    "leave_one_out",
    "margin_probabilities",
    "mean_ridit",
    "measures_disagree",
    "meets_criteria",
    "minimum_effect_test",
    "network_agreement",
    "network_change",
    "outcome_importance",
    "paired_change",
    "percentiles",
    "quadrants",
    "relative_gaps",
    "relative_weights",
    "ridits",
    "smallest_detectable_change",
    "trend",
    "verdicts",
]

LEVEL_STEP = 25.0
LEVEL_VARIANCE = LEVEL_STEP**2 / 12


class ReferenceEmpty(ValueError):
    """A reference distribution has no answers to an item, or a negative number of them."""


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


def ridits(reference: ArrayLike) -> FloatArray:
    """Score 0 to 100 of every answer by its place in a reference distribution: share below plus half the share of it.

    ``reference`` (..., points) counts the answers, such as those of the whole network. The steps of the scale need not
    be equally far apart. Raises ``ReferenceEmpty``. Source: Bross (1958).

    >>> ridits([1, 1, 2, 4, 2]).tolist()
    [5.0, 15.0, 30.0, 60.0, 90.0]
    """
    counts = np.asarray(reference, dtype=float)
    total = counts.sum(axis=-1, keepdims=True)
    if (counts < 0).any() or not (total > 0).all():
        raise ReferenceEmpty("A reference distribution has at least one answer to every item, and no negative numbers.")
    return np.asarray(100 * (np.cumsum(counts, axis=-1) - counts / 2) / total)


def mean_ridit(counts: ArrayLike, reference: ArrayLike) -> FloatArray:
    """Mean ridit of answers ``counts`` (..., points): the probability, in per cent, to rate higher than the reference.

    Ties count half, so the reference itself has 50. Leading axes broadcast; NaN without answers. Raises
    ``ReferenceEmpty``.

    >>> float(mean_ridit([0, 0, 0, 0, 3], [1, 1, 2, 4, 2])), float(mean_ridit([1, 1, 2, 4, 2], [1, 1, 2, 4, 2]))
    (90.0, 50.0)
    """
    n = np.asarray(counts, dtype=float)
    total = n.sum(axis=-1)
    return np.asarray((n * ridits(reference)).sum(axis=-1) / np.where(total > 0, total, np.nan))


def measures_disagree(mean_difference: ArrayLike, share_difference: ArrayLike) -> BoolArray:
    """Whether mean and top-two share say opposite things about who is higher, which a note has to tell; broadcasts.

    A difference of zero, or one that is missing, contradicts nothing.

    >>> measures_disagree([3.0, 3.0, 0.0], [-2.0, 1.0, -2.0]).tolist()
    [True, False, False]
    """
    return np.asarray(np.sign(np.asarray(mean_difference)) * np.sign(np.asarray(share_difference)) < 0)

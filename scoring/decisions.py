"""Rules that turn probabilities and tests into statements: who differs by more than a margin, who cannot be told."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import stdtr

from scoring.arrays import BoolArray, FloatArray, TextArray

_TOLERANCE = 1e-12


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


def meets_criteria(probability: ArrayLike, certainty: float = 0.9) -> TextArray:
    """Whether an absolute threshold is "met", "not_met" or "undecided"; "none" where the probability is NaN.

    ``probability`` that the true score reaches the threshold, of any shape (``Posterior.exceeds``); met from
    ``certainty`` on, not met up to 1 - ``certainty``.

    >>> meets_criteria([0.95, 0.5, 0.1, np.nan]).tolist()
    ['met', 'undecided', 'not_met', 'none']
    """
    p = np.asarray(probability, dtype=float)
    certain = certainty - _TOLERANCE
    return np.select([np.isnan(p), p >= certain, 1 - p >= certain], ["none", "met", "not_met"], "undecided")


def minimum_effect_test(difference: ArrayLike, variance: ArrayLike, df: ArrayLike, margin: float = 5.0) -> FloatArray:
    """p-values of the hypothesis that the true difference is not larger than ``margin`` in either direction.

    With s = sqrt(variance) and t_df the tail of Student's t with ``df`` degrees of freedom (n - 1 plus those of the
    moderated variance): p = P(T > (|d| - margin) / s) + P(T > (|d| + margin) / s). Margin 0 is the two-sided t test.
    Arrays broadcast; NaN where an input is NaN or the variance is not above zero. Source: McCarthy and Smyth (2009).

    >>> round(float(minimum_effect_test(12.0, 9.0, 20, margin=5.0)), 4)
    0.0151
    """
    d, s, df = _standardised(difference, variance, df)
    with np.errstate(invalid="ignore"):
        tails = stdtr(df, (margin - np.abs(d)) / s) + stdtr(df, (-margin - np.abs(d)) / s)
        return np.asarray(np.minimum(1.0, tails))


def equivalence_test(difference: ArrayLike, variance: ArrayLike, df: ArrayLike, margin: float = 5.0) -> FloatArray:
    """p-values of the hypothesis that the true difference is at least ``margin`` (two one-sided t tests).

    A small p says "about the same". Arrays broadcast; NaN as in ``minimum_effect_test``. Source: Schuirmann (1987).

    >>> round(float(equivalence_test(1.0, 1.0, 20, margin=5.0)), 4)
    0.0004
    """
    d, s, df = _standardised(difference, variance, df)
    with np.errstate(invalid="ignore"):
        return np.asarray(stdtr(df, (np.abs(d) - margin) / s))


def _standardised(
    difference: ArrayLike, variance: ArrayLike, df: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Difference, standard error (NaN unless above zero) and degrees of freedom, broadcast."""
    d, v, df = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (difference, variance, df)))
    with np.errstate(invalid="ignore"):
        return d, np.sqrt(np.where(v > 0, v, np.nan)), df


def adjusted_p_values(p: ArrayLike) -> FloatArray:
    """p-values adjusted for the false discovery rate over all that are not NaN, which stay NaN.

    Source: Benjamini and Hochberg (1995).

    >>> adjusted_p_values([0.01, np.nan, 0.04, 0.03]).round(3).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    p = np.asarray(p, dtype=float)
    adjusted, known = np.full(p.shape, np.nan), ~np.isnan(p)
    if known.any():
        adjusted[known] = scipy.stats.false_discovery_control(p[known])
    return adjusted

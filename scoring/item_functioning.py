"""Whether an item means the same in every language: answers of persons who are equally satisfied otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from scoring.arrays import BoolArray, FloatArray, IntArray, RatingArray
from scoring.decisions import adjusted_p_values
from scoring.likert import POINTS, UnitOutOfRange, to_scores

RELEVANT = 5.0
_REST_SHARE = 2 / 3
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class ItemFunctioning:
    """How each item differs in each language from all the others together: arrays (items, languages).

    ``difference`` in points of the score, at equal rest score; ``p_value`` and the same ``adjusted`` for the false
    discovery rate over all pairs; ``flagged`` where the difference is relevant and not chance. NaN without overlap.
    """

    difference: FloatArray
    p_value: FloatArray
    adjusted: FloatArray
    flagged: BoolArray


def item_functioning(counts: ArrayLike, margin: float = RELEVANT, fdr: float = 0.05) -> ItemFunctioning:
    """Differential item functioning from ``counts`` (items, languages, bands, points) of answers by rest-score band.

    In band b the language has n_b answers with mean m_b and the others N_b with M_b. The difference is
    sum w_b (m_b - M_b) / sum w_b with the Mantel-Haenszel weights w_b = n_b N_b / (n_b + N_b), in points; the test is
    Mantel's for ordered answers: z = sum w_b (m_b - M_b) / sqrt(sum V_b), with V_b the variance of the language's sum
    if its answers were drawn from all of the band without replacement. Flagged: |difference| > ``margin`` and adjusted
    p at most ``fdr``. Bands without answers of both sides carry nothing. Sources: Mantel (1963); Dorans and Kulick
    (1986); Zwick, Donoghue and Grima (1993).

    >>> same, other = [[0, 5, 10, 5, 0]], [[0, 0, 5, 10, 5]]
    >>> found = item_functioning([[same, other]])
    >>> found.difference.tolist(), found.flagged.tolist()
    ([[-25.0, 25.0]], [[True, True]])
    """
    n_points = np.asarray(counts, dtype=float)
    scores = np.linspace(0.0, 100.0, n_points.shape[-1])
    pooled = n_points.sum(axis=1, keepdims=True)
    size, everybody = n_points.sum(axis=-1), pooled.sum(axis=-1)
    others = everybody - size
    own_sum, all_sum, all_squares = n_points @ scores, pooled @ scores, pooled @ scores**2
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.where(everybody > 0, own_sum - size * all_sum / everybody, 0.0)
        weight = np.where(everybody > 0, size * others / everybody, 0.0)
        spread = all_squares / everybody - (all_sum / everybody) ** 2
        variance = np.where(everybody > 1, size * others / (everybody - 1) * np.maximum(spread, 0.0), 0.0)
        total, overlap, chance = excess.sum(axis=-1), weight.sum(axis=-1), variance.sum(axis=-1)
        difference = total / np.where(overlap > 0, overlap, np.nan)
        p = 2 * ndtr(-np.abs(total) / np.sqrt(np.where(chance > _TOLERANCE, chance, np.nan)))
        adjusted = adjusted_p_values(p)
        return ItemFunctioning(difference, p, adjusted, (np.abs(difference) > margin) & (adjusted <= fdr))


def count_rest_scores(
    ratings: RatingArray, language: ArrayLike, languages: int, bands: int = 10, points: int = POINTS
) -> IntArray:
    """Answers by item, language, band of the rest score and step: (items, languages, bands, points).

    ``ratings`` (responses, items) as in ``likert``, ``language`` (responses,) from 0 to ``languages`` - 1. The rest
    score is the mean score of the other items, if two thirds of them were answered, in ``bands`` of equal width from 0
    to 100. Counts of different responses add up. Raises ``UnitOutOfRange``, ``RatingOutOfRange``.

    >>> count_rest_scores(np.array([[5, 1, 1]], dtype=np.uint8), [0], 1, bands=2)[0, 0].tolist()
    [[0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]
    """
    scores, group = to_scores(ratings, points), np.asarray(language, dtype=np.int64)
    if group.size and (group.min() < 0 or group.max() >= languages):
        raise UnitOutOfRange(f"Languages are numbered 0 to {languages - 1}, not {group.min()} to {group.max()}.")
    answered, items = ~np.isnan(scores), scores.shape[1]
    rest_count = answered.sum(axis=1, keepdims=True) - answered
    rest_sum = np.nansum(scores, axis=1, keepdims=True) - np.where(answered, scores, 0.0)
    counted = answered & (rest_count > 0) & (rest_count >= _REST_SHARE * (items - 1) - _TOLERANCE)
    rest = rest_sum / np.maximum(rest_count, 1)
    band = np.clip((rest * bands / 100 + _TOLERANCE).astype(np.int64), 0, bands - 1)
    person, item = np.nonzero(counted)
    cell = ((item * languages + group[person]) * bands + band[person, item]) * points + ratings[person, item] - 1
    shape = (items, languages, bands, points)
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)

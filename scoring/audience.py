"""What one audience may see of the newcomers' view, as arrays: cut, tiered and rounded, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from scoring import comparison, disclosure, intervals, subtraction
from scoring.arrays import BoolArray, FloatArray, IntArray, TextArray
from scoring.method import Method
from scoring.newcomers import mean_intervals
from scoring.round_data import RoundData
from scoring.views import OutsideView, PairView

# A scale's mean beyond these would say that nearly everybody gave the same extreme answer to every item.
_SCALE_LIMITS = (2.5, 97.5)
_LARGEST_CHANGE = 100.0


@dataclass(frozen=True, eq=False)
class ShownPairs:
    """Self-view against newcomers' view as an audience may see it: arrays (units, pairs)."""

    self_score: FloatArray
    outside_score: FloatArray
    outside_low: FloatArray
    outside_high: FloatArray
    gap: FloatArray
    low: FloatArray
    high: FloatArray
    verdict: TextArray
    quadrant: TextArray


@dataclass(frozen=True, eq=False)
class ShownAnswers:
    """Answers to items as an audience may see them: arrays (..., items), ``distribution`` with one axis more."""

    top_two: FloatArray
    top_two_low: FloatArray
    top_two_high: FloatArray
    not_concerned: FloatArray
    homogeneous: BoolArray
    distribution: FloatArray


@dataclass(frozen=True, eq=False)
class Shown:
    """Newcomers' view as an audience may see it; NaN (or -1 for numbers) is what it may not see.

    Arrays (units, indicators). ``tier`` is the position in ``disclosure.TIER_STATUS``.
    """

    tier: IntArray
    n: IntArray
    score: FloatArray
    low: FloatArray
    high: FloatArray
    shrunken: FloatArray
    shrunken_low: FloatArray
    shrunken_high: FloatArray
    detectable: FloatArray
    band: TextArray
    answers: ShownAnswers
    pairs: ShownPairs


@dataclass(frozen=True, eq=False)
class Cut:
    """Means and variances (units, indicators) after near-unanimous answers were cut; item answers (units, items)."""

    mean: FloatArray
    variance: FloatArray
    items: disclosure.Censored


def cut(outside: OutsideView, method: Method) -> Cut:
    """Newcomers' means with near-unanimous items cut, and scales shifted by as much as their items were."""
    return cut_moments(outside.tally.histograms, outside.mean, outside.variance, outside.indicator_items, method)


def cut_moments(
    histograms: IntArray, mean: FloatArray, variance: FloatArray, indicator_items: tuple[IntArray, ...], method: Method
) -> Cut:
    """The same from answers (units, items, 5) and moments (units, indicators), whoever the answers are from.

    Without the shift of scales the mean of a scale and its other items would give back what was cut.
    """
    scales = len(indicator_items) - histograms.shape[1]
    censored = disclosure.censor(histograms, method.homogeneous_share)
    item_shift = np.nan_to_num(censored.mean - mean[:, scales:])
    shift = np.column_stack([item_shift[:, items].mean(axis=1) for items in indicator_items])
    shifted = mean + shift
    shifted[:, :scales] = np.clip(shifted[:, :scales], *_SCALE_LIMITS)
    changed = variance.copy()
    changed[:, scales:] = censored.variance
    return Cut(shifted, changed, censored)


def show(data: RoundData, outside: OutsideView, pairs: PairView, safe: Cut, method: Method, minimum: int) -> Shown:
    """The newcomers' view of every unit for an audience that sees figures from ``minimum`` answers on."""
    tier = disclosure.tiers(np.where(outside.enough, outside.n, 0), minimum, method.minimum_public, method.minimum_fine)
    full = np.where(tier == disclosure.COARSE, disclosure.SUPPRESSED, tier)
    limits = mean_intervals(outside.n, safe.mean, safe.variance, outside.item_count, data.newcomers[:, None], method)
    score = disclosure.round_scores(safe.mean, tier)
    low, high = (disclosure.round_scores(limit, full) for limit in limits)
    shrunken, shrunken_low, shrunken_high = (disclosure.round_scores(v, full) for v in _shrunken(outside, safe))
    return Shown(
        tier=tier,
        n=np.where(full > disclosure.SUPPRESSED, outside.n, -1),
        score=score,
        low=low,
        high=high,
        shrunken=shrunken,
        shrunken_low=shrunken_low,
        shrunken_high=shrunken_high,
        detectable=_detectable(outside, full),
        band=np.where(full > disclosure.SUPPRESSED, outside.band, "none"),
        answers=show_answers(outside.tally.items, safe.items, full[:, outside.scales :], method),
        pairs=_show_pairs(outside, pairs, safe, full, (score, low, high), method),
    )


def visible(data: RoundData, public: Shown) -> BoolArray:
    """What stands on a public sheet: (units, indicators)."""
    return data.consented[:, None] & (public.tier > disclosure.SUPPRESSED)


def _detectable(outside: OutsideView, tier: IntArray) -> FloatArray:
    """Smallest change to a next round with as many answers that could be told from chance, up to whole points."""
    change = np.ceil(comparison.smallest_detectable_change(outside.sampling))
    return np.where((tier > disclosure.SUPPRESSED) & (change <= _LARGEST_CHANGE), change, np.nan)


def _shrunken(outside: OutsideView, safe: Cut) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Estimates using all municipalities, moved where they would lie beyond a mean that was cut."""
    cut_down, cut_up = safe.mean < outside.mean, safe.mean > outside.mean
    moved = np.where(cut_down, np.minimum(outside.shrunken, safe.mean), outside.shrunken)
    moved = np.where(cut_up, np.maximum(moved, safe.mean), moved)
    shift = moved - outside.shrunken
    low, high = (np.clip(limit + shift, 0, 100) for limit in (outside.shrunken_low, outside.shrunken_high))
    return np.clip(moved, 0, 100), low, high


def show_answers(codes: IntArray, censored: disclosure.Censored, tier: IntArray, method: Method) -> ShownAnswers:
    """Top-two share with limits, share not concerned, distribution, and whether answers were near-unanimous.

    ``codes`` (..., items, 7) are counts per code as in ``likert.Tally``. The limits are those of the rounded share, so
    that they say no more than it does.
    """
    shown = tier > disclosure.SUPPRESSED
    top_two = disclosure.round_shares(censored.top_two, tier)
    low, high = intervals.share_interval(top_two * censored.n, censored.n, method.level)
    distribution = disclosure.round_distribution(codes[..., 1:-1], tier)
    distribution[~shown | censored.homogeneous] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        away = codes[..., -1] / (codes[..., -1] + censored.n)
    away = np.where(away > method.not_concerned_share, disclosure.round_shares(away, tier), np.nan)
    return ShownAnswers(
        top_two, np.round(low / 100, 2), np.round(high / 100, 2), away, censored.homogeneous & shown, distribution
    )


@dataclass(frozen=True, eq=False)
class Pooled:
    """Newcomers' view over all answers of the region that may be counted: arrays (indicators,) and (items,).

    ``counted`` (units, indicators) says whose answers these are.
    """

    n: IntArray
    score: FloatArray
    low: FloatArray
    high: FloatArray
    tier: IntArray
    answers: ShownAnswers
    counted: BoolArray


def pool(data: RoundData, outside: OutsideView, visible: BoolArray, method: Method) -> Pooled:
    """The region's answers taken together, leaving out units whose answers a reader could work out from the total.

    ``visible`` (units, indicators) are published on their own; see ``disclosure.countable``. Where an attacker could
    still find a count from the rounded figures, or from the published numbers of responses, the total is formed of the
    visible units alone (complementary suppression: a total that says nothing new needs no protection).
    """
    counted = countable_units(outside, visible, method) & (visible | ~_narrowed(data, outside, visible, method))
    pooled = _pool(outside, counted, method)
    told = _derivable(outside, visible, pooled, method)
    return _pool(outside, counted & (visible | ~told), method) if told.any() else pooled


def responses_shown(data: RoundData, method: Method) -> BoolArray:
    """Of which municipalities everybody may know how many responses there are: (units,)."""
    return data.consented & (data.responses >= method.minimum_public)


def _narrowed(data: RoundData, outside: OutsideView, visible: BoolArray, method: Method) -> BoolArray:
    """Which indicators' totals would tell too much of how many answered somewhere: (indicators,)."""
    told = responses_shown(data, method)
    least, most = subtraction.answered_between(outside.n, visible, data.responses, told, method.minimum_public)
    close = told[:, None] & ~visible & (most - least < method.minimum_own)
    return np.asarray(close.any(axis=0))


def _pool(outside: OutsideView, counted: BoolArray, method: Method) -> Pooled:
    n, mean, variance = _pooled_moments(outside, counted)
    codes = (outside.tally.items * counted[:, outside.scales :, None]).sum(axis=0)
    censored = disclosure.censor(codes[:, 1:-1], method.homogeneous_share)
    mean[outside.scales :], variance[outside.scales :] = censored.mean, censored.variance
    tier = disclosure.tiers(n, method.minimum_public, method.minimum_public, method.minimum_fine)
    low, high = (v[0] for v in mean_intervals(n[None], mean[None], variance[None], outside.item_count, None, method))
    score, low, high = (disclosure.round_scores(values, tier) for values in (mean, low, high))
    answers = show_answers(codes, censored, tier[outside.scales :], method)
    return Pooled(np.where(tier > disclosure.SUPPRESSED, n, -1), score, low, high, tier, answers, counted)


def _derivable(outside: OutsideView, visible: BoolArray, pooled: Pooled, method: Method) -> BoolArray:
    """Which indicators' totals would tell on a unit that is not shown."""
    told = np.zeros(len(pooled.n), dtype=bool)
    for j in np.flatnonzero(pooled.n >= 0):
        item = j - outside.scales
        shares = pooled.answers.distribution[item] if item >= 0 else np.full(5, np.nan)
        total = subtraction.total_of(
            int(pooled.n[j]),
            None if np.isnan(shares).any() else shares,
            float(pooled.answers.top_two[item]) if item >= 0 else None,
            float(pooled.score[j]),
            method,
        )
        found = subtraction.derivable(total, counts_of(outside, int(j)), visible[:, j], method.minimum_own)
        told[j] = next(found, None) is not None
    return told


def counts_of(outside: OutsideView, indicator: int) -> IntArray:
    """Answers of every unit to an item (units, answers), or its persons with a score of a scale (units, 1)."""
    item = indicator - outside.scales
    return outside.tally.histograms[:, item] if item >= 0 else outside.n[:, indicator, None]


def countable_units(outside: OutsideView, visible: BoolArray, method: Method) -> BoolArray:
    """Which units (rows) are counted in the region's figure of each indicator (columns)."""
    scales = outside.scales
    rule = (method.minimum_public, method.minimum_hidden, method.homogeneous_share)
    return np.concatenate(
        [
            disclosure.countable(outside.n[:, :scales, None], visible[:, :scales], *rule),
            disclosure.countable(outside.tally.histograms, visible[:, scales:], *rule),
        ],
        axis=1,
    )


def _pooled_moments(outside: OutsideView, counted: BoolArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Number, mean and sample variance of all scores of the counted units, from those of each unit."""
    weight = np.where(counted, outside.n, 0)
    n = weight.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (weight * np.nan_to_num(outside.mean)).sum(axis=0) / n
        within = np.maximum(weight - 1, 0) * np.nan_to_num(outside.variance)
        between = weight * (np.nan_to_num(outside.mean) - mean) ** 2
        variance = (within + between).sum(axis=0) / np.where(n > 1, n - 1, np.nan)
    return n, mean, variance


def typical(scores: FloatArray, members: BoolArray, minimum: int, level: float) -> tuple[FloatArray, ...]:
    """Mean over municipalities (each counts once) with its t interval, per column; NaN below ``minimum`` members.

    >>> mean, low, high = typical(np.array([[50.0], [60.0], [70.0]]), np.ones((3, 1), dtype=bool), 2, 0.95)
    >>> float(mean[0]), round(float(low[0]), 2), round(float(high[0]), 2)
    (60.0, 35.16, 84.84)
    """
    values = np.where(members, scores, np.nan)
    n, mean, variance = _column_moments(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = stdtrit(np.where(n > 1, n - 1, np.nan), (1 + level) / 2) * np.sqrt(variance / n)
    enough = n >= minimum
    return tuple(np.where(enough, v, np.nan) for v in (mean, mean - half, mean + half))


def _column_moments(values: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    present = ~np.isnan(values)
    n = present.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values, 0).sum(axis=0) / n
        variance = np.where(present, (values - mean) ** 2, 0).sum(axis=0) / np.where(n > 1, n - 1, np.nan)
    return n, mean, variance


def _show_pairs(
    outside: OutsideView,
    pairs: PairView,
    safe: Cut,
    tier: IntArray,
    shown: tuple[FloatArray, ...],
    method: Method,
) -> ShownPairs:
    """Gaps and quadrants from the figures that the audience sees, so that they add up for whoever checks them."""
    columns = outside.scales + pairs.items
    tier = tier[:, columns]
    visible = tier > disclosure.SUPPRESSED
    score, low, high = (np.where(visible, v[:, columns], np.nan) for v in shown)
    process = mean_intervals(
        outside.n[:, columns], safe.mean[:, columns], safe.variance[:, columns], np.ones_like(columns), None, method
    )
    limits = comparison.gaps(pairs.self_scores, safe.mean[:, columns], process, method.level)[1:]
    gap_low, gap_high = (disclosure.round_scores(limit, tier) for limit in limits)
    return ShownPairs(
        pairs.self_scores,
        score,
        low,
        high,
        pairs.self_scores - score,
        gap_low,
        gap_high,
        np.where(visible, pairs.verdict, "undecided"),
        comparison.quadrants(pairs.self_scores, (low, high), method.quadrant_self, method.quadrant_outside),
    )

"""How far a scale or a municipality's mean can be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike

from scoring.arrays import FloatArray
from scoring.covariances import (
    ConstantItem,
    ThreeLevels,
    between_covariance,
    correlation,
    smallest_pair_count,
    three_levels,
    within_covariance,
)
from scoring.factor import (
    NoFactorSolution,
    NotACorrelation,
    NotPositiveDefinite,
    OneFactor,
    first_eigenvalue_share,
    omega_total,
    one_factor,
)
from scoring.item_functioning import ItemFunctioning, count_rest_scores, item_functioning

__all__ = [
    "Assessment",
    "ConstantItem",
    "ItemFunctioning",
    "Judgement",
    "NoFactorSolution",
    "NotACorrelation",
    "NotACovariance",
    "NotPositiveDefinite",
    "OneFactor",
    "ThreeLevels",
    "TooFewPersons",
    "VarianceComponents",
    "alpha_if_deleted",
    "alpha_interval",
    "answers_needed",
    "assess",
    "between_covariance",
    "correlation",
    "count_rest_scores",
    "cronbach_alpha",
    "first_eigenvalue_share",
    "item_functioning",
    "item_total_correlation",
    "judge",
    "mean_reliability",
    "omega_total",
    "one_factor",
    "smallest_pair_count",
    "spearman_brown",
    "three_levels",
    "variance_components",
    "within_covariance",
]

WEAK = 0.7
UNUSABLE = 0.5
FIRST_EIGENVALUE = 0.35

Verdict = Literal["report", "weak", "suppress"]
Reason = Literal["sufficient", "low_reliability", "too_low_reliability", "several_factors", "too_few", "not_computable"]


class NotACovariance(ValueError):
    """A covariance matrix is not square and complete, covers fewer than two items, or their sum does not vary."""


class TooFewPersons(ValueError):
    """An interval of alpha needs at least two persons and two items."""


class VarianceComponents(NamedTuple):
    """Variance between and within units, the share between (ICC), and its interval."""

    between: float
    within: float
    icc: float
    low: float
    high: float


def variance_components(
    n: ArrayLike, means: ArrayLike, variances: ArrayLike, level: float = 0.95
) -> VarianceComponents:
    """One-way analysis of variance from ``n``, mean and sample variance of every unit (units with n = 0 are left out).

    n0 = (N - sum n2 / N) / (G - 1), between = (MSB - MSW) / n0, icc = (MSB - MSW) / (MSB + (n0 - 1) MSW); both are cut
    at 0. The interval is that of the F distribution (exact for equal n). NaN where there are fewer than two units or no
    unit with two answers. Source: Searle, Casella and McCulloch (1992).

    >>> float(variance_components([2, 2], [1.0, 3.0], [2.0, 2.0]).between)
    1.0
    """
    n, means, variances = (np.asarray(a, dtype=float) for a in (n, means, variances))
    used = n > 0
    n, means, variances = n[used], means[used], np.where(n[used] > 1, variances[used], 0.0)
    total, groups = n.sum(), n.size
    if groups < 2 or total <= groups:
        return VarianceComponents(*[float("nan")] * 5)
    size = (total - (n**2).sum() / total) / (groups - 1)
    between = float((n * (means - n @ means / total) ** 2).sum() / (groups - 1))
    within = float((n - 1) @ variances / (total - groups))
    ratio = between / within if within > 0 else np.inf
    tail = (1 - level) / 2
    low, high = (ratio / scipy.stats.f.ppf(p, groups - 1, total - groups) for p in (1 - tail, tail))
    return VarianceComponents(
        max(0.0, (between - within) / size), within, *(_intraclass(r, float(size)) for r in (ratio, low, high))
    )


def _intraclass(ratio: float, size: float) -> float:
    """Share of variance between units for a ratio of mean squares, cut at 0."""
    return 1.0 if np.isinf(ratio) else max(0.0, float((ratio - 1) / (ratio + size - 1)))


def mean_reliability(between: ArrayLike, variances: ArrayLike) -> FloatArray:
    """Share of the variance of a municipality's mean that is true: lambda = tau2 / (tau2 + v); broadcasts.

    ``between`` is tau2, ``variances`` v those of the means; both at least 0. 0 where both are 0.

    >>> mean_reliability(9.0, [9.0, 1.0]).tolist()
    [0.5, 0.9]
    """
    tau2, v = np.asarray(between, dtype=float), np.asarray(variances, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where((tau2 == 0) & (v == 0), 0.0, tau2 / (tau2 + v)))


def answers_needed(between: ArrayLike, within: ArrayLike, reliability: float = 0.7) -> FloatArray:
    """Answers for which tau2 / (tau2 + s2 / n) reaches ``reliability``: rel / (1 - rel) s2 / tau2; broadcasts.

    ``between`` is tau2, ``within`` the variance s2 between persons of one municipality. Infinite where nothing differs.

    >>> answers_needed([36.0, 0.0], 540.0).round(6).tolist()
    [35.0, inf]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = reliability / (1 - reliability) * np.asarray(within, dtype=float) / np.asarray(between, dtype=float)
    return np.where(np.asarray(between) > 0, needed, np.inf)


def cronbach_alpha(covariance: ArrayLike) -> float:
    """Cronbach's alpha of a scale from the covariance matrix of its k items: k/(k-1) (1 - trace / sum).

    A negative alpha is returned as it is. Raises ``NotACovariance``.

    >>> round(cronbach_alpha([[1.0, 0.5], [0.5, 1.0]]), 4)
    0.6667
    """
    c = _check_covariance(covariance)
    return _alpha(c)


def _alpha(c: FloatArray) -> float:
    k = len(c)
    return float(k / (k - 1) * (1 - np.trace(c) / c.sum()))


def _check_covariance(covariance: ArrayLike, minimum_items: int = 2) -> FloatArray:
    c = np.asarray(covariance, dtype=float)
    if c.ndim != 2 or c.shape[0] != c.shape[1] or c.shape[0] < minimum_items:
        raise NotACovariance(f"A square covariance matrix of at least {minimum_items} items is needed, not {c.shape}.")
    if (missing := np.argwhere(~np.isfinite(c))).size:
        raise NotACovariance(
            f"The covariance of items {missing[0][0] + 1} and {missing[0][1] + 1} is missing; leave out items that "
            "nobody answered together."
        )
    if c.sum() <= 0:
        raise NotACovariance("The sum of the items does not vary; leave out items that everybody answered alike.")
    return c


def alpha_interval(alpha: float, n: int, items: int, level: float = 0.95) -> tuple[float, float]:
    """Feldt's interval of alpha from ``n`` persons and k ``items``: 1 - (1 - alpha) F with n - 1 and (n - 1)(k - 1).

    Raises ``TooFewPersons``. Source: Feldt (1965).

    >>> [round(limit, 4) for limit in alpha_interval(0.8, 100, 5)]
    [0.7306, 0.8559]
    """
    if n < 2 or items < 2:
        raise TooFewPersons(f"An interval of alpha needs two persons and two items, not {n} and {items}.")
    df, tail = (n - 1, (n - 1) * (items - 1)), (1 - level) / 2
    low, high = (1 - (1 - alpha) * float(scipy.stats.f.ppf(p, *df)) for p in (1 - tail, tail))
    return low, high


def alpha_if_deleted(covariance: ArrayLike) -> FloatArray:
    """Alpha of the scale without each of its k >= 3 items: (items,). Raises ``NotACovariance``.

    >>> alpha_if_deleted([[1, 0.5, 0.1], [0.5, 1, 0.1], [0.1, 0.1, 1]]).round(4).tolist()
    [0.1818, 0.1818, 0.6667]
    """
    c = _check_covariance(covariance, minimum_items=3)
    kept = ~np.eye(len(c), dtype=bool)
    return np.array([cronbach_alpha(c[np.ix_(rows, rows)]) for rows in kept])


def item_total_correlation(covariance: ArrayLike) -> FloatArray:
    """Correlation of every item with the sum of the others: (items,); NaN where either does not vary.

    r_j = (C_j. - C_jj) / sqrt(C_jj (sum C - 2 C_j. + C_jj)). Raises ``NotACovariance``.

    >>> item_total_correlation([[1.0, 0.5], [0.5, 1.0]]).tolist()
    [0.5, 0.5]
    """
    c = _check_covariance(covariance)
    own, row = np.diag(c), c.sum(axis=1)
    spread = own * (c.sum() - 2 * row + own)
    return np.asarray((row - own) / np.sqrt(np.where(spread > 0, spread, np.nan)))


def spearman_brown(correlation_of_two: float, length: float = 2.0) -> float:
    """Reliability of a scale ``length`` times as long: k r / (1 + (k - 1) r); with 2 that of a scale of two items.

    Sources: Spearman (1910); Brown (1910); Eisinga, te Grotenhuis and Pelzer (2013) for two items.

    >>> round(spearman_brown(0.5), 4)
    0.6667
    """
    return length * correlation_of_two / (1 + (length - 1) * correlation_of_two)


class Judgement(NamedTuple):
    """Whether to "report" a scale, report it as "weak" or "suppress" it and show its items, and why."""

    verdict: Verdict
    reason: Reason


def judge(
    coefficients: ArrayLike, eigenvalue_share: float, weak: float = WEAK, unusable: float = UNUSABLE
) -> Judgement:
    """What may be done with a scale, by the lowest of its reliability ``coefficients`` (alpha and omega).

    Below ``unusable`` or with a first eigenvalue of less than 35 % of the variance it is suppressed, below ``weak`` it
    is weak. Without a single coefficient that is a number it is suppressed as not computable.

    >>> judge([0.82, 0.84], 0.55), judge([0.82, 0.84], 0.3)
    (Judgement(verdict='report', reason='sufficient'), Judgement(verdict='suppress', reason='several_factors'))
    """
    known = np.asarray(coefficients, dtype=float)
    known = known[~np.isnan(known)]
    if not known.size or np.isnan(eigenvalue_share):
        return Judgement("suppress", "not_computable")
    if known.min() < unusable:
        return Judgement("suppress", "too_low_reliability")
    if eigenvalue_share < FIRST_EIGENVALUE:
        return Judgement("suppress", "several_factors")
    return Judgement("weak", "low_reliability") if known.min() < weak else Judgement("report", "sufficient")


@dataclass(frozen=True)
class Assessment:
    """Reliability of a scale of ``items`` items from ``n`` persons, and its judgement.

    For two items ``alpha`` and its limits are those of the covariances and ``omega`` is the Spearman-Brown coefficient.
    NaN where a coefficient cannot be computed.
    """

    items: int
    n: int
    alpha: float
    alpha_low: float
    alpha_high: float
    omega: float
    eigenvalue_share: float
    judgement: Judgement


def assess(covariance: ArrayLike, n: int, minimum_n: int = 2, level: float = 0.95) -> Assessment:
    """Alpha with its interval, omega and the judgement of a scale from its covariance matrix (items, items).

    ``n`` is the number of persons (the smallest of any pair), or of municipalities for the self-assessment, which needs
    a ``minimum_n`` of 30. A scale that cannot be computed has NaN and the reason "too_few" (persons or items) or
    "not_computable" (missing pairs, items that do not vary); an omega that cannot be computed is left to alpha.

    >>> found = assess([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]], 200)
    >>> round(found.alpha, 4), round(found.omega, 4), found.judgement.verdict
    (0.7399, 0.7449, 'report')
    """
    c = np.asarray(covariance, dtype=float)
    missing = float("nan")
    if len(c) < 2 or n < max(minimum_n, 2):
        return Assessment(len(c), n, *(missing,) * 5, Judgement("suppress", "too_few"))
    try:
        alpha, r = cronbach_alpha(c), correlation(c)
        share = first_eigenvalue_share(r)
    except (NotACovariance, ConstantItem):
        return Assessment(len(c), n, *(missing,) * 5, Judgement("suppress", "not_computable"))
    low, high = alpha_interval(alpha, n, len(c), level)
    omega = spearman_brown(float(r[0, 1])) if len(c) == 2 else _omega_or_missing(r)
    judged = [omega] if len(c) == 2 else [alpha, omega]
    return Assessment(len(c), n, alpha, low, high, omega, share, judge(judged, share))


def _omega_or_missing(r: FloatArray) -> float:
    try:
        return omega_total(r)
    except (NotPositiveDefinite, NoFactorSolution):
        return float("nan")

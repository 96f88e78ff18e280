"""The model between municipalities: how much they differ, and what each one's score is given all the others.

For one indicator the estimate y_i of municipality i has known variance v_i around its true score theta_i, and the
theta_i spread with standard deviation tau around mu. Everything is computed on a grid of tau: no simulation is needed
for means and intervals, and the same input always gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring.arrays import FloatArray

GRID_POINTS = 160
_BISECTIONS = 30
_NEGLIGIBLE_WEIGHT = 1e-9
# Of a hundred points times all of a grid this is less than the last digit of any result.
_UNSEEN_WEIGHT = 1e-20
# Numbers that stay in a processor's own memory.
_VALUES_AT_ONCE = 2**15
_SMALLEST_SD = 1e-12

Prior = Literal["half-cauchy", "flat"]


class VarianceNotPositive(ValueError):
    """An estimate comes with a variance that is zero, negative or missing."""


class TooFewUnits(ValueError):
    """A variance between units needs at least two of them."""


def moderated_variance(variances: ArrayLike, n: ArrayLike, prior_df: float = 10) -> FloatArray:
    """Sample variances drawn towards their pooled value, as if ``prior_df`` more answers had shown it.

    s~2_i = (d0 s2_p + (n_i - 1) s2_i) / (d0 + n_i - 1). Units with fewer than two answers get the pooled variance.
    Source: Smyth (2004).

    >>> moderated_variance([100.0, 300.0], [11, 11]).tolist()
    [150.0, 250.0]
    """
    n = np.asarray(n, dtype=float)
    df = np.maximum(n - 1, 0)
    squares = np.where(df > 0, df * np.nan_to_num(np.asarray(variances, dtype=float)), 0.0)
    pooled = squares.sum() / df.sum() if df.sum() > 0 else np.nan
    return np.asarray((prior_df * pooled + squares) / (prior_df + df))


def between_variance(estimates: ArrayLike, variances: ArrayLike, method: Literal["PM", "REML", "DL"] = "PM") -> float:
    """Variance tau2 between units, never negative: Paule-Mandel, restricted maximum likelihood or DerSimonian-Laird.

    Raises ``TooFewUnits``, ``VarianceNotPositive``. Sources: Paule and Mandel (1982); Viechtbauer (2005);
    DerSimonian and Laird (1986).

    >>> schools = [28, 8, -3, 7, -1, 1, 18, 12], [225, 100, 256, 121, 81, 121, 100, 324]
    >>> [between_variance(*schools, method=method) for method in ("PM", "REML", "DL")]
    [0.0, 0.0, 0.0]
    """
    y, v = _check(estimates, variances)
    return _ESTIMATORS[method](y, v)


def _check(estimates: ArrayLike, variances: ArrayLike) -> tuple[FloatArray, FloatArray]:
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if y.size < 2:
        raise TooFewUnits(f"A variance between units needs at least two, not {y.size}.")
    if not (v > 0).all() or not np.isfinite(v).all() or not np.isfinite(y).all():
        raise VarianceNotPositive("Every estimate is finite and has a variance above zero.")
    return y, v


def _generalised_q(tau2: float, y: FloatArray, v: FloatArray) -> float:
    # Sums, not products of vectors: a matrix library would start threads for them, and add in the order of those.
    w = 1 / (v + tau2)
    return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())


def _solve_q(target: float, y: FloatArray, v: FloatArray) -> float:
    """The tau2 at which the generalised Q falls to ``target``; 0 if it never was above."""
    if _generalised_q(0.0, y, v) <= target:
        return 0.0
    return _falling_root(lambda tau2: _generalised_q(tau2, y, v) - target, float(np.var(y) + v.max()))


def _falling_root(function: Callable[[float], float], upper: float) -> float:
    while function(upper) > 0:
        upper *= 2
    return float(scipy.optimize.brentq(function, 0.0, upper, xtol=1e-12, rtol=1e-13))


def _paule_mandel(y: FloatArray, v: FloatArray) -> float:
    return _solve_q(y.size - 1, y, v)


def _dersimonian_laird(y: FloatArray, v: FloatArray) -> float:
    w = 1 / v
    return max(0.0, (_generalised_q(0.0, y, v) - (y.size - 1)) / float(w.sum() - (w**2).sum() / w.sum()))


def _reml(y: FloatArray, v: FloatArray) -> float:
    """Root of the restricted score; it may have several, so the grid finds the highest likelihood first."""
    upper = 4 * max(float(np.var(y, ddof=1)), float(v.max()))
    grid = np.concatenate([[0.0], np.geomspace(upper * 1e-6, upper, 400)])
    best = int(np.argmax(_log_marginal(grid, y, v)[0]))
    if best == 0 and _restricted_score(0.0, y, v) <= 0:
        return 0.0
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    return float(scipy.optimize.brentq(lambda tau2: _restricted_score(tau2, y, v), low, high, xtol=1e-12, rtol=1e-13))


def _restricted_score(tau2: float, y: FloatArray, v: FloatArray) -> float:
    w = 1 / (v + tau2)
    mean = (w @ y) / w.sum()
    return float((w**2 * (y - mean) ** 2).sum() - w.sum() + (w**2).sum() / w.sum())


_ESTIMATORS: dict[str, Callable[[FloatArray, FloatArray], float]] = {
    "PM": _paule_mandel,
    "REML": _reml,
    "DL": _dersimonian_laird,
}


def between_variance_interval(estimates: ArrayLike, variances: ArrayLike, level: float = 0.95) -> tuple[float, float]:
    """Q-profile interval of tau2 (Viechtbauer 2007); it always contains the Paule-Mandel estimate.

    >>> schools = [28, 8, -3, 7, -1, 1, 18, 12], [225, 100, 256, 121, 81, 121, 100, 324]
    >>> [round(limit, 2) for limit in between_variance_interval(*schools)]
    [0.0, 270.37]
    """
    y, v = _check(estimates, variances)
    tail = (1 - level) / 2
    low, high = scipy.stats.chi2.ppf((1 - tail, tail), y.size - 1)
    return _solve_q(low, y, v), _solve_q(high, y, v)


def _log_marginal(tau2: FloatArray, y: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log likelihood of tau2 with mu integrated out, and mean and variance of mu: arrays over the grid."""
    density, mean, variance = (np.empty(tau2.size) for _ in range(3))
    step = max(1, _VALUES_AT_ONCE // y.size)
    for some in (slice(start, start + step) for start in range(0, tau2.size, step)):
        total = v + tau2[some, None]
        variance[some] = 1 / (1 / total).sum(axis=1)
        mean[some] = variance[some] * (y / total).sum(axis=1)
        misfit = ((y - mean[some, None]) ** 2 / total).sum(axis=1)
        density[some] = 0.5 * (np.log(variance[some]) - np.log(total).sum(axis=1) - misfit)
    return density, mean, variance


def _mix(weight: FloatArray, values: FloatArray) -> FloatArray:
    """Weighted sum over the grid; not by a matrix library, whose order of adding depends on the number of cores."""
    return np.asarray(np.einsum("p,pu->u", weight, values))


def _pulled(variances: FloatArray, tau: FloatArray) -> FloatArray:
    return np.asarray(variances / (variances + tau[:, None] ** 2))


@dataclass(frozen=True, eq=False)
class _Grid:
    """Some points of the grid: ``tau`` and ``weight`` (points,), ``centre`` and ``centre_variance`` (points, 1)."""

    tau: FloatArray
    weight: FloatArray
    centre: FloatArray
    centre_variance: FloatArray


@dataclass(frozen=True, eq=False)
class Posterior:
    """Posterior of the true scores as a mixture over the grid of tau.

    ``tau``, ``weight`` (points,), summing to 1; ``centre`` and ``centre_variance`` (points,) of mu given tau;
    ``estimates`` and ``variances`` (units,) as they were given.
    """

    tau: FloatArray
    weight: FloatArray
    centre: FloatArray
    centre_variance: FloatArray
    estimates: FloatArray
    variances: FloatArray

    @cached_property
    def _seen(self) -> _Grid:
        """The points that have a weight to speak of: of many units' posterior, very few."""
        seen = self.weight > _UNSEEN_WEIGHT
        return _Grid(self.tau[seen], self.weight[seen], self.centre[seen, None], self.centre_variance[seen, None])

    @cached_property
    def _pull(self) -> FloatArray:
        """B = v / (v + tau2): how far each estimate is drawn to the centre, (points, units)."""
        return _pulled(self.variances, self._seen.tau)

    @cached_property
    def _means(self) -> FloatArray:
        return self._pull * self._seen.centre + (1 - self._pull) * self.estimates

    @cached_property
    def _sds(self) -> FloatArray:
        return np.sqrt(self.variances * (1 - self._pull) + self._pull**2 * self._seen.centre_variance)

    @cached_property
    def mean(self) -> FloatArray:
        """Posterior mean of every unit's true score."""
        return _mix(self._seen.weight, self._means)

    @cached_property
    def sd(self) -> FloatArray:
        """Posterior standard deviation of every unit's true score."""
        return np.sqrt(_mix(self._seen.weight, self._sds**2 + (self._means - self.mean) ** 2))

    def quantile(self, probability: float) -> FloatArray:
        """Quantile of every unit's true score, by bisection on the mixture."""
        used = self._seen.weight > _NEGLIGIBLE_WEIGHT
        means, sds, weight = self._means[used], np.maximum(self._sds[used], _SMALLEST_SD), self._seen.weight[used]
        # A quantile of the mixture lies between the least and the greatest of its parts' quantiles.
        parts = means + ndtri(probability) * sds
        low, high = parts.min(axis=0), parts.max(axis=0)
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            below = _mix(weight, ndtr((middle - means) / sds)) < probability * weight.sum()
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2)

    def interval(self, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Equal-tailed interval of every unit's true score."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def draws(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Joint draws of all true scores: (n, units)."""
        point = rng.choice(self.tau.size, size=n, p=self.weight)
        centre = rng.normal(self.centre[point], np.sqrt(self.centre_variance[point]))
        # Worked out once for every point of the grid, of which most are drawn many times.
        pull = _pulled(self.variances, self.tau)
        own, sd = (1 - pull) * self.estimates, np.sqrt(self.variances * (1 - pull))
        drawn = rng.standard_normal((n, self.estimates.size))
        drawn *= sd[point]
        means = pull[point]
        means *= centre[:, None]
        means += own[point]
        means += drawn
        return means

    def exceeds(self, threshold: float) -> FloatArray:
        """Probability that every unit's true score is above ``threshold``."""
        return self._mixture_above(self._means - threshold, self._sds)

    def departs(self, margin: float) -> tuple[FloatArray, FloatArray]:
        """Probability that every unit's true score lies more than ``margin`` above, and below, the mean of all.

        Given tau the difference from the mean of all true scores is normal, so no draws are needed.
        """
        size = self.estimates.size
        own = self.variances * (1 - self._pull)
        others = own.sum(axis=1, keepdims=True) - own
        shared = (self._pull - self._pull.mean(axis=1, keepdims=True)) ** 2 * self._seen.centre_variance
        sds = np.sqrt(shared + own * (1 - 1 / size) ** 2 + others / size**2)
        difference = self._means - self._means.mean(axis=1, keepdims=True)
        return self._mixture_above(difference - margin, sds), self._mixture_above(-difference - margin, sds)

    def _mixture_above(self, means: FloatArray, sds: FloatArray) -> FloatArray:
        """Probability above zero of a mixture of normals over the grid of tau."""
        return _mix(self._seen.weight, ndtr(means / np.maximum(sds, _SMALLEST_SD)))

    def between_exceeds(self, points: float) -> float:
        """Probability that the standard deviation between units is above ``points``."""
        step = self.tau[1] - self.tau[0]
        above = np.clip((self.tau + step / 2 - points) / step, 0, 1)
        return float(self.weight @ above)


def posterior(
    estimates: ArrayLike,
    variances: ArrayLike,
    prior_scale: float = 10.0,
    prior: Prior = "half-cauchy",
    points: int = GRID_POINTS,
) -> Posterior:
    """Posterior of all true scores on ``points`` equidistant tau from 0 to 4 max(tau_PM, median s.e., 1).

    The prior of tau is half-Cauchy with ``prior_scale``, or flat; that of mu is flat. Raises ``TooFewUnits``,
    ``VarianceNotPositive``. Sources: Gelman et al., Bayesian Data Analysis, ch. 5; Gelman (2006).

    >>> schools = [28, 8, -3, 7, -1, 1, 18, 12], [225, 100, 256, 121, 81, 121, 100, 324]
    >>> round(float(posterior(*schools, prior="flat", points=4001).mean[0]), 1)
    11.4
    """
    y, v = _check(estimates, variances)
    tau = np.linspace(0.0, 4 * max(between_variance(y, v) ** 0.5, float(np.median(v)) ** 0.5, 1.0), points)
    log_density, centre, centre_variance = _log_marginal(tau**2, y, v)
    if prior == "half-cauchy":
        log_density = log_density - np.log1p((tau / prior_scale) ** 2)
    weight = np.exp(log_density - log_density.max())
    return Posterior(tau, weight / weight.sum(), centre, centre_variance, y, v)


def posterior_in_classes(
    estimates: ArrayLike,
    variances: ArrayLike,
    classes: ArrayLike,
    prior_scale: float = 10.0,
    points: int = GRID_POINTS,
) -> tuple[Posterior, ...]:
    """Posterior with a mean of its own for every class of units and one tau for all: theta_i ~ N(mu_class, tau2).

    ``classes`` (units,) numbers them from 0, at least two units in each. One ``Posterior`` per class, with the units in
    their order; given tau the classes are independent, so every unit's mean, interval and probabilities are exact, and
    joint draws are so within a class. Raises ``TooFewUnits``, ``VarianceNotPositive``. Source: Gelman et al., Bayesian
    Data Analysis, ch. 15.

    >>> fits = posterior_in_classes([10.0, 12.0, 11.0, 50.0, 52.0, 51.0], np.full(6, 4.0), [0, 0, 0, 1, 1, 1])
    >>> [fit.mean.round(1).tolist() for fit in fits]
    [[10.7, 11.3, 11.0], [50.7, 51.3, 51.0]]
    """
    groups = np.asarray(classes, dtype=np.int64)
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    parts = [_check(y[groups == g], v[groups == g]) for g in range(int(groups.max(initial=-1)) + 1)]
    widest = max(max(between_variance(*part) for part in parts) ** 0.5, float(np.median(v)) ** 0.5, 1.0)
    tau = np.linspace(0.0, 4 * widest, points)
    marginals = [_log_marginal(tau**2, *part) for part in parts]
    log_density = np.sum([m[0] for m in marginals], axis=0) - np.log1p((tau / prior_scale) ** 2)
    weight = np.exp(log_density - log_density.max())
    weight /= weight.sum()
    return tuple(
        Posterior(tau, weight, centre, centre_variance, *part)
        for part, (_, centre, centre_variance) in zip(parts, marginals, strict=True)
    )

"""Every statistic with the laws it keeps. A new statistic is tested by an entry of its own at the end of this file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from scoring import (
    agreement,
    decisions,
    factor,
    importance,
    index,
    intervals,
    peers,
    reliability,
    robust,
    shrinkage,
    trends,
    weighting,
)

Inputs = dict[str, Any]


class Outcome(NamedTuple):
    """What a statistic says: numbers with limits, or states; units along the last axis, if there are units."""

    value: Any = None
    low: Any = None
    high: Any = None
    state: Any = None


@dataclass(frozen=True)
class Statistic:
    """How to compute a statistic, and which laws it keeps.

    ``inputs`` builds arguments for a random generator and a number of units. ``scores`` are arguments in points, which
    move with the scale; ``spreads`` (points) and ``squares`` (squared points) only stretch with it; ``units`` have the
    units along their first axis and ``pairs`` along their last two.

    Laws: ``within`` the two ends it never leaves; ``contains``: low <= value <= high; ``shift``: what a constant added
    to all scores adds, per point; ``degree``: the power of a factor on all scores that comes out as a factor;
    ``mirror``: what value and mirrored value sum to when 0 and 100 change places; ``permutes``: the order of the units
    is that of the results ("units") or does not matter ("nothing"); ``missing``: arguments of a unit without data,
    which changes nothing for the others.
    """

    name: str
    compute: Callable[..., Outcome]
    inputs: Callable[[np.random.Generator, int], Inputs]
    scores: tuple[str, ...] = ()
    spreads: tuple[str, ...] = ()
    squares: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    within: tuple[float, float] | None = None
    contains: bool = False
    shift: float | None = None
    degree: float | None = None
    mirror: float | None = None
    permutes: str | None = None
    missing: Inputs | None = None
    fewest: int = 3

    def drawn(self) -> st.SearchStrategy[Inputs]:
        """Arguments for 3 (or as many as it needs) to 25 units."""
        return st.builds(
            lambda seed, size: self.inputs(np.random.default_rng(seed), size),
            st.integers(0, 2**32 - 1),
            st.integers(self.fewest, 25),
        )


def answers(rng: np.random.Generator, units: int) -> np.ndarray:
    """Counts of the five answers of every unit, from unanimous to spread, at least two each."""
    shares = rng.dirichlet(np.full(5, rng.choice([0.1, 1.0, 5.0])), units)
    return np.array([rng.multinomial(n, p) for n, p in zip(rng.integers(2, 60, units), shares, strict=True)])


def moments(rng: np.random.Generator, units: int, suffix: str = "") -> Inputs:
    counts, scores = answers(rng, units), np.arange(5) * 25.0
    n = counts.sum(axis=1)
    mean = counts @ scores / n
    variance = np.maximum((counts * (scores - mean[:, None]) ** 2).sum(axis=1) / (n - 1), 0)
    return {f"n{suffix}": n, f"mean{suffix}": mean, f"variance{suffix}": variance}


def network(rng: np.random.Generator, units: int) -> Inputs:
    variances = rng.uniform(4, 200, units)
    spread = rng.choice([0.0, 3.0, 15.0])
    return {"estimates": rng.normal(55, np.sqrt(variances + spread**2)), "variances": variances}


def network_with_prior(rng: np.random.Generator, units: int) -> Inputs:
    return network(rng, units) | {"prior_scale": np.array(10.0)}


def two_waves(rng: np.random.Generator, units: int) -> Inputs:
    return moments(rng, units, "_1") | moments(rng, units, "_2")


def covariance(rng: np.random.Generator, items: int) -> Inputs:
    data = rng.normal(0, rng.uniform(5, 30, items), (80, items)) + rng.normal(0, 12, (80, 1))
    return {"covariance": np.cov(data.T)}


def predictors(rng: np.random.Generator, items: int) -> Inputs:
    r = reliability.correlation(covariance(rng, items + 1)["covariance"])
    return {"predictor_correlation": r[:-1, :-1], "outcome_correlation": r[:-1, -1]}


def joint_draws(rng: np.random.Generator, units: int) -> Inputs:
    return {"draws": rng.normal(rng.normal(50, 12, units), rng.uniform(0.5, 12, units), (60, units)).T}


def two_joint_draws(rng: np.random.Generator, units: int) -> Inputs:
    return {"self_draws": joint_draws(rng, units)["draws"], "outside_draws": joint_draws(rng, units)["draws"]}


def cells(rng: np.random.Generator, categories: int) -> Inputs:
    return {"respondents": rng.integers(1, 60, categories), "population": rng.integers(1, 500, categories) * 1.0}


def leaves(rng: np.random.Generator, units: int) -> Inputs:
    values = rng.uniform(0, 100, (units, 4))
    values[rng.random(values.shape) < 0.2] = np.nan
    return {"values": values, "weights": rng.uniform(0.1, 3, 4)}


def grouped(rng: np.random.Generator, units: int) -> Inputs:
    return network(rng, units) | {"group": rng.integers(0, 2, units)}


def fitted(statistic: Callable[..., Any]) -> Callable[..., Outcome]:
    def compute(**inputs: Any) -> Outcome:
        fit = statistic(**inputs)
        return Outcome(fit.mean, *fit.interval())

    return compute


def change_limits(n_1: Any, mean_1: Any, variance_1: Any, n_2: Any, mean_2: Any, variance_2: Any) -> Outcome:
    found = trends.changes(n_1, mean_1, variance_1, n_2, mean_2, variance_2)
    return Outcome(found.change, found.low, found.high)


def shrunken_change(n_1: Any, mean_1: Any, variance_1: Any, n_2: Any, mean_2: Any, variance_2: Any) -> Outcome:
    found = trends.changes(n_1, mean_1, variance_1, n_2, mean_2, variance_2)
    return Outcome(found.shrunken, found.shrunken_low, found.shrunken_high)


def network_change(mean_1: Any, mean_2: Any, **_: Any) -> Outcome:
    found = trends.network_change(mean_1, mean_2)
    return Outcome(found.change, found.low, found.high)


def robust_limits(estimates: Any, variances: Any) -> Outcome:
    found = robust.robust_interval(estimates, variances)
    return Outcome(found.estimates, found.low, found.high)


def flags(draws: Any) -> Outcome:
    return Outcome(state=decisions.flags(draws.T[:, :, None], 50.0)[:, 0])


def alpha_limits(covariance: Any) -> Outcome:
    alpha = reliability.cronbach_alpha(covariance)
    return Outcome(alpha, *reliability.alpha_interval(alpha, 80, len(covariance)))


UNIT = {"n": 0, "mean": np.nan, "variance": np.nan}
BOTH_WAVES = {f"{name}_{wave}": value for wave in (1, 2) for name, value in UNIT.items()}
WAVES = {
    "scores": ("mean_1", "mean_2"),
    "squares": ("variance_1", "variance_2"),
    "units": tuple(BOTH_WAVES),
    "missing": BOTH_WAVES,
}
ESTIMATES = {"scores": ("estimates",), "squares": ("variances",), "units": ("estimates", "variances")}

STATISTICS = [
    Statistic(
        "mean_interval",
        lambda n, mean, variance: Outcome(mean, *intervals.mean_interval(n, mean, variance)),
        moments,
        scores=("mean",),
        squares=("variance",),
        units=tuple(UNIT),
        within=(0, 100),
        contains=True,
        mirror=100,
        permutes="units",
        missing=UNIT,
    ),
    Statistic(
        "mean_interval of a scale",
        lambda n, mean, variance: Outcome(mean, *intervals.mean_interval(n, mean, variance, items=6)),
        moments,
        scores=("mean",),
        squares=("variance",),
        units=tuple(UNIT),
        within=(0, 100),
        contains=True,
        mirror=100,
        permutes="units",
        missing=UNIT,
    ),
    Statistic(
        "moderated_variance",
        lambda n, variance, **_: Outcome(shrinkage.moderated_variance(variance, n)),
        moments,
        scores=("mean",),
        squares=("variance",),
        units=tuple(UNIT),
        within=(0, np.inf),
        shift=0,
        degree=2,
        permutes="units",
        missing=UNIT,
    ),
    Statistic(
        "between_variance",
        lambda **inputs: Outcome(shrinkage.between_variance(**inputs), *shrinkage.between_variance_interval(**inputs)),
        network,
        **ESTIMATES,
        within=(0, np.inf),
        contains=True,
        shift=0,
        degree=2,
        permutes="nothing",
    ),
    Statistic(
        "posterior",
        fitted(shrinkage.posterior),
        network_with_prior,
        **ESTIMATES,
        spreads=("prior_scale",),
        contains=True,
        shift=1,
        degree=1,
        mirror=100,
        permutes="units",
    ),
    Statistic(
        "robust_interval",
        robust_limits,
        network,
        **ESTIMATES,
        contains=True,
        shift=1,
        degree=1,
        mirror=100,
        permutes="units",
    ),
    Statistic(
        "residual_kurtosis",
        lambda **inputs: Outcome(robust.residual_kurtosis(**inputs)),
        network,
        **ESTIMATES,
        within=(1, np.inf),
        shift=0,
        degree=0,
        permutes="nothing",
    ),
    Statistic(
        "icc",
        lambda n, mean, variance: Outcome(*reliability.variance_components(n, mean, variance)[2:]),
        moments,
        scores=("mean",),
        squares=("variance",),
        units=tuple(UNIT),
        within=(0, 1),
        contains=True,
        shift=0,
        degree=0,
        permutes="nothing",
        missing=UNIT,
    ),
    Statistic(
        "variance_components",
        lambda n, mean, variance: Outcome(np.array(reliability.variance_components(n, mean, variance)[:2])),
        moments,
        scores=("mean",),
        squares=("variance",),
        units=tuple(UNIT),
        within=(0, np.inf),
        shift=0,
        degree=2,
        permutes="nothing",
        missing=UNIT,
    ),
    Statistic(
        "cronbach_alpha",
        alpha_limits,
        covariance,
        squares=("covariance",),
        pairs=("covariance",),
        within=(-np.inf, 1),
        contains=True,
        degree=0,
        permutes="nothing",
    ),
    Statistic(
        "omega_total",
        lambda covariance: Outcome(factor.omega_total(reliability.correlation(covariance))),
        covariance,
        squares=("covariance",),
        pairs=("covariance",),
        within=(0, 1),
        degree=0,
        permutes="nothing",
    ),
    Statistic(
        "alpha_if_deleted",
        lambda covariance: Outcome(reliability.alpha_if_deleted(covariance)),
        covariance,
        squares=("covariance",),
        pairs=("covariance",),
        within=(-np.inf, 1),
        degree=0,
        permutes="units",
    ),
    Statistic(
        "item_total_correlation",
        lambda covariance: Outcome(reliability.item_total_correlation(covariance)),
        covariance,
        squares=("covariance",),
        pairs=("covariance",),
        within=(-1, 1),
        degree=0,
        permutes="units",
    ),
    Statistic(
        "relative_weights",
        lambda **inputs: Outcome(importance.relative_weights(**inputs)),
        predictors,
        units=("outcome_correlation",),
        pairs=("predictor_correlation",),
        within=(0, 1),
        permutes="units",
    ),
    Statistic(
        "changes",
        change_limits,
        two_waves,
        **WAVES,
        within=(-100, 100),
        contains=True,
        mirror=0,
        permutes="units",
    ),
    Statistic(
        "changes, shrunken",
        shrunken_change,
        two_waves,
        **WAVES,
        contains=True,
        mirror=0,
        permutes="units",
        fewest=8,
    ),
    Statistic(
        "network_change",
        network_change,
        two_waves,
        **WAVES,
        contains=True,
        shift=0,
        degree=1,
        mirror=0,
        permutes="nothing",
    ),
    Statistic(
        "leave_one_out",
        lambda **inputs: Outcome(peers.leave_one_out(**inputs, minimum_others=1)[0]),
        grouped,
        scores=("estimates",),
        squares=("variances",),
        units=("estimates", "variances", "group"),
        shift=0,
        degree=1,
        mirror=0,
        permutes="units",
        missing={"estimates": np.nan, "variances": np.nan, "group": 0},
    ),
    Statistic(
        "estimates_in_classes",
        lambda estimates, variances, group: Outcome(
            (found := peers.estimates_in_classes(estimates, variances, group, minimum=4)).mean, found.low, found.high
        ),
        grouped,
        scores=("estimates",),
        squares=("variances",),
        units=("estimates", "variances", "group"),
        contains=True,
        shift=1,
        mirror=100,
        permutes="units",
    ),
    Statistic(
        "relative_gaps",
        lambda self_draws, outside_draws: Outcome(*agreement.relative_gaps(self_draws.T, outside_draws.T)),
        two_joint_draws,
        scores=("self_draws", "outside_draws"),
        units=("self_draws", "outside_draws"),
        within=(-100, 100),
        contains=True,
        shift=0,
        degree=0,
        mirror=0,
        permutes="units",
    ),
    Statistic(
        "flags",
        flags,
        joint_draws,
        units=("draws",),
        permutes="units",
        missing={"draws": np.nan},
    ),
    Statistic(
        "effective_n",
        lambda respondents, population: Outcome(weighting.effective_n(population, respondents)),
        cells,
        scores=("population",),
        units=("respondents", "population"),
        within=(1, np.inf),
        degree=0,
        permutes="nothing",
    ),
    Statistic(
        "post_stratify",
        lambda **inputs: Outcome(weighting.post_stratify(**inputs)),
        cells,
        scores=("population",),
        units=("respondents", "population"),
        within=(0, np.inf),
        degree=0,
        permutes="units",
    ),
    Statistic(
        "rake and trim",
        lambda respondents, population: Outcome(
            weighting.trim(weighting.rake(respondents, [population]).weights, respondents)
        ),
        cells,
        scores=("population",),
        units=("respondents", "population"),
        within=(0, np.inf),
        degree=0,
        permutes="units",
    ),
    Statistic(
        "aggregate",
        lambda values, weights: Outcome(index.aggregate(values, weights)[0]),
        leaves,
        scores=("values",),
        units=("values",),
        within=(0, 100),
        shift=1,
        degree=1,
        mirror=100,
        permutes="units",
        missing={"values": np.nan},
    ),
    Statistic(
        "aggregate, by its weights",
        lambda values, weights: Outcome(index.aggregate(values, weights, order=0)[0]),
        leaves,
        scores=("weights",),
        units=("values",),
        within=(0, 100),
        degree=0,
        permutes="units",
        missing={"values": np.nan},
    ),
    Statistic(
        "minimum_effect_test",
        lambda estimates, variances: Outcome(decisions.minimum_effect_test(estimates - 50, variances, 20)),
        network,
        units=("estimates", "variances"),
        within=(0, 1),
        permutes="units",
        missing={"estimates": np.nan, "variances": np.nan},
    ),
]

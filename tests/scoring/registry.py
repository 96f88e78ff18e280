"""Every statistic with the laws it keeps. A new statistic is tested by an entry of its own at the end of this file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from scoring import (
    agreement,
    audience,
    comparison,
    decisions,
    factor,
    importance,
    index,
    intervals,
    likert,
    peers,
    ranking,
    reliability,
    robust,
    shrinkage,
    trends,
    weighting,
)
from tests.scoring.statistic import Inputs, Outcome, Statistic


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


def shares(rng: np.random.Generator, units: int) -> Inputs:
    n = rng.integers(1, 60, units)
    return {"n": n, "successes": rng.binomial(n, rng.uniform(0, 1, units))}


def complete_leaves(rng: np.random.Generator, units: int) -> Inputs:
    return {"values": rng.uniform(0, 100, (units, 2))}


def linked_persons(rng: np.random.Generator, units: int) -> Inputs:
    changes = [rng.choice([-25.0, 0.0, 25.0, 50.0], size=n) for n in rng.integers(2, 40, units)]
    return {
        "n": np.array([d.size for d in changes]),
        "total": np.array([d.sum() for d in changes]),
        "squares": np.array([(d**2).sum() for d in changes]),
    }


def four_waves(rng: np.random.Generator, units: int) -> Inputs:
    return {"mean": rng.uniform(41, 59, (units, 4)), "variance": rng.uniform(200, 900, (units, 4))}


def difference(n_1: Any, mean_1: Any, variance_1: Any, n_2: Any, mean_2: Any, variance_2: Any) -> Any:
    first = intervals.mean_interval(n_1, mean_1, variance_1)
    return intervals.difference_interval(mean_1, first, mean_2, intervals.mean_interval(n_2, mean_2, variance_2))


def ranks(draws: Any) -> Outcome:
    low, high = ranking.rank_intervals(draws.T)
    return Outcome((low + high) / 2, low, high)


def confidence_set(estimates: Any, variances: Any) -> Outcome:
    low, high = ranking.rank_confidence_set(estimates, np.sqrt(variances), method="sidak")
    place = (estimates[:, None] < estimates).sum(axis=1) + 1.0
    return Outcome(place, low, high)


def paired(n: Any, total: Any, squares: Any) -> Outcome:
    change, _, low, high = trends.paired_change(n, total, squares)
    return Outcome(change, low, high)


def typical(values: Any) -> Outcome:
    members = np.ones((len(values), 1), dtype=bool)
    return Outcome(*(v[0] for v in audience.typical(values[:, :1], members, 2, 0.95)))


def slopes(mean: Any, variance: Any) -> Outcome:
    found = trends.trend([0, 1, 2, 3], np.full(mean.T.shape, 40), mean.T, variance.T)
    return Outcome(found.slope, found.low, found.high)


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

MEANS = {"scores": ("mean",), "squares": ("variance",), "units": tuple(UNIT), "missing": UNIT}
NO_ESTIMATE = {"estimates": np.nan, "variances": np.nan}
ESTIMATES_OR_NONE = ESTIMATES | {"missing": NO_ESTIMATE}
GROUPED = {"scores": ("estimates",), "squares": ("variances",), "units": ("estimates", "variances", "group")}
TESTED = {"units": ("estimates", "variances"), "within": (0, 1), "permutes": "units", "missing": NO_ESTIMATE}
COVARIANCE = {"squares": ("covariance",), "pairs": ("covariance",)}
CELLS = {"scores": ("population",), "units": ("respondents", "population")}
DRAWS = {"scores": ("draws",), "units": ("draws",)}
VALUES = {"scores": ("values",), "units": ("values",), "missing": {"values": np.nan}}
# Laws that go together: of an interval of scores, of one of differences, of what has no scale of its own.
LIMITS = {"within": (0, 100), "contains": True, "mirror": 100}
DIFFERENCE = {"within": (-100, 100), "contains": True, "mirror": 0, "permutes": "units"}
FREE_OF_SCALE = {"shift": 0, "degree": 0}

STATISTICS = [
    Statistic(
        "mean_interval",
        lambda n, mean, variance: Outcome(mean, *intervals.mean_interval(n, mean, variance)),
        moments,
        **MEANS,
        **LIMITS,
        permutes="units",
    ),
    Statistic(
        "mean_interval of a scale",
        lambda n, mean, variance: Outcome(mean, *intervals.mean_interval(n, mean, variance, items=6)),
        moments,
        **MEANS,
        **LIMITS,
        permutes="units",
    ),
    Statistic(
        "moderated_variance",
        lambda n, variance, **_: Outcome(shrinkage.moderated_variance(variance, n)),
        moments,
        **MEANS,
        within=(0, np.inf),
        shift=0,
        degree=2,
        permutes="units",
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
        covers=("between_variance_interval",),
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
        covers=("critical_value",),
    ),
    Statistic(
        "residual_kurtosis",
        lambda **inputs: Outcome(robust.residual_kurtosis(**inputs)),
        network,
        **ESTIMATES,
        within=(1, np.inf),
        **FREE_OF_SCALE,
        permutes="nothing",
    ),
    Statistic(
        "icc",
        lambda n, mean, variance: Outcome(*reliability.variance_components(n, mean, variance)[2:]),
        moments,
        **MEANS,
        within=(0, 1),
        contains=True,
        **FREE_OF_SCALE,
        permutes="nothing",
    ),
    Statistic(
        "variance_components",
        lambda n, mean, variance: Outcome(np.array(reliability.variance_components(n, mean, variance)[:2])),
        moments,
        **MEANS,
        within=(0, np.inf),
        shift=0,
        degree=2,
        permutes="nothing",
    ),
    Statistic(
        "cronbach_alpha",
        alpha_limits,
        covariance,
        **COVARIANCE,
        within=(-np.inf, 1),
        contains=True,
        degree=0,
        permutes="nothing",
        covers=("alpha_interval",),
    ),
    Statistic(
        "omega_total",
        lambda covariance: Outcome(factor.omega_total(reliability.correlation(covariance))),
        covariance,
        **COVARIANCE,
        within=(0, 1),
        degree=0,
        permutes="nothing",
        covers=("one_factor", "check_correlation"),
    ),
    Statistic(
        "alpha_if_deleted",
        lambda covariance: Outcome(reliability.alpha_if_deleted(covariance)),
        covariance,
        **COVARIANCE,
        within=(-np.inf, 1),
        degree=0,
        permutes="units",
    ),
    Statistic(
        "item_total_correlation",
        lambda covariance: Outcome(reliability.item_total_correlation(covariance)),
        covariance,
        **COVARIANCE,
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
        **DIFFERENCE,
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
        covers=("model_changes", "sampling_variance", "wave_of"),
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
        **GROUPED,
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
        covers=("posterior_in_classes",),
        **GROUPED,
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
        **DIFFERENCE,
        **FREE_OF_SCALE,
        covers=("percentiles",),
    ),
    Statistic(
        "flags",
        flags,
        joint_draws,
        units=("draws",),
        permutes="units",
        missing={"draws": np.nan},
        covers=("margin_probabilities", "classify", "discoveries"),
    ),
    Statistic(
        "effective_n",
        lambda respondents, population: Outcome(weighting.effective_n(population, respondents)),
        cells,
        **CELLS,
        within=(1, np.inf),
        degree=0,
        permutes="nothing",
    ),
    Statistic(
        "post_stratify",
        lambda **inputs: Outcome(weighting.post_stratify(**inputs)),
        cells,
        **CELLS,
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
        covers=("rake", "trim"),
        **CELLS,
        within=(0, np.inf),
        degree=0,
        permutes="units",
    ),
    Statistic(
        "aggregate",
        lambda values, weights: Outcome(index.aggregate(values, weights)[0]),
        leaves,
        **VALUES,
        within=(0, 100),
        shift=1,
        degree=1,
        mirror=100,
        permutes="units",
        covers=("check_weights",),
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
        **TESTED,
    ),
    Statistic(
        "share_interval",
        lambda n, successes: Outcome(100 * successes / n, *intervals.share_interval(successes, n)),
        shares,
        units=("n", "successes"),
        within=(0, 100),
        contains=True,
        permutes="units",
    ),
    Statistic(
        "difference_interval",
        lambda **inputs: Outcome(inputs["mean_2"] - inputs["mean_1"], *difference(**inputs)),
        two_waves,
        **WAVES,
        **DIFFERENCE,
    ),
    Statistic(
        "logical_bounds",
        lambda n, mean, **_: Outcome(mean, *intervals.logical_bounds(n, mean, 2.0 * n)),
        moments,
        scores=("mean",),
        units=tuple(UNIT),
        **LIMITS,
        permutes="units",
    ),
    Statistic(
        "gaps",
        lambda n, mean, variance: Outcome(
            *comparison.gaps(np.full(mean.shape, 50.0), mean, intervals.mean_interval(n, mean, variance))
        ),
        moments,
        **MEANS,
        **DIFFERENCE,
    ),
    Statistic(
        "quadrants",
        lambda n, mean, variance: Outcome(
            state=comparison.quadrants(np.full(mean.shape, 75.0), intervals.mean_interval(n, mean, variance))
        ),
        moments,
        units=tuple(UNIT),
        permutes="units",
        missing=UNIT,
    ),
    Statistic(
        "mean_ridit",
        lambda counts: Outcome(comparison.mean_ridit(counts, counts.sum(axis=0))),
        lambda rng, units: {"counts": answers(rng, units)},
        units=("counts",),
        within=(0, 100),
        permutes="units",
        covers=("ridits",),
    ),
    Statistic(
        "moments",
        lambda counts: Outcome(np.array(likert.moments(counts, np.arange(5) * 25.0))[1:].max(axis=0)),
        lambda rng, units: {"counts": answers(rng, units)},
        units=("counts",),
        within=(0, 5000),
        permutes="units",
    ),
    Statistic(
        "rank_intervals",
        ranks,
        joint_draws,
        **DRAWS,
        within=(1, 25),
        **FREE_OF_SCALE,
        permutes="units",
    ),
    Statistic(
        "probability_top",
        lambda draws: Outcome(ranking.probability_top(draws.T)),
        joint_draws,
        **DRAWS,
        within=(0, 1),
        **FREE_OF_SCALE,
        permutes="units",
    ),
    Statistic(
        "rank_confidence_set",
        confidence_set,
        network,
        **ESTIMATES,
        within=(1, 25),
        contains=True,
        shift=0,
        permutes="units",
    ),
    Statistic(
        "funnel_limits",
        lambda n, **_: Outcome(np.full(n.shape, 60.0), *ranking.funnel_limits(n, 60.0, 700.0, 20.0, 0.95)),
        moments,
        units=tuple(UNIT),
        contains=True,
        permutes="units",
    ),
    Statistic(
        "winsorised_between_variance",
        lambda estimates, variances, centre: Outcome(ranking.winsorised_between_variance(estimates, variances, centre)),
        lambda rng, units: network(rng, units) | {"centre": np.array(55.0)},
        scores=("estimates", "centre"),
        squares=("variances",),
        units=("estimates", "variances"),
        within=(0, np.inf),
        shift=0,
        degree=2,
        permutes="nothing",
    ),
    Statistic(
        "normalise, by the values themselves",
        lambda values: Outcome(index.normalise(values[:, 0], "minmax")),
        complete_leaves,
        **VALUES,
        within=(0, 100),
        **FREE_OF_SCALE,
        mirror=100,
        permutes="units",
    ),
    Statistic(
        "normalise, by goalposts",
        lambda values: Outcome(index.normalise(values[:, 0], "goalposts", low=10, high=90)),
        complete_leaves,
        **VALUES,
        within=(0, 100),
        mirror=100,
        permutes="units",
    ),
    Statistic(
        "correlation",
        lambda covariance: Outcome(reliability.correlation(covariance).ravel()),
        covariance,
        squares=("covariance",),
        within=(-1, 1),
        degree=0,
    ),
    Statistic(
        "first_eigenvalue_share",
        lambda covariance: Outcome(factor.first_eigenvalue_share(reliability.correlation(covariance))),
        covariance,
        **COVARIANCE,
        within=(0, 1),
        degree=0,
        permutes="nothing",
    ),
    Statistic(
        "spearman_brown",
        lambda covariance: Outcome(reliability.spearman_brown(reliability.correlation(covariance)[0, 1] ** 2)),
        covariance,
        squares=("covariance",),
        within=(0, 1),
        degree=0,
    ),
    Statistic(
        "mean_reliability",
        lambda estimates, variances: Outcome(
            reliability.mean_reliability(shrinkage.between_variance(estimates, variances), variances)
        ),
        network,
        **ESTIMATES,
        within=(0, 1),
        **FREE_OF_SCALE,
        permutes="units",
    ),
    Statistic(
        "answers_needed",
        lambda n, variance, mean: Outcome(reliability.answers_needed(25.0, variance + 1)),
        moments,
        units=tuple(UNIT),
        within=(0, np.inf),
        permutes="units",
        missing=UNIT,
    ),
    Statistic(
        "equivalence_test",
        lambda estimates, variances: Outcome(decisions.equivalence_test(estimates - 50, variances, 20)),
        network,
        **TESTED,
    ),
    Statistic(
        "adjusted_p_values",
        lambda estimates, variances: Outcome(
            decisions.adjusted_p_values(decisions.minimum_effect_test(estimates - 50, variances, 20))
        ),
        network,
        **TESTED,
    ),
    Statistic(
        "meets_criteria",
        lambda draws: Outcome(state=decisions.meets_criteria((draws > 50).mean(axis=1))),
        joint_draws,
        units=("draws",),
        permutes="units",
    ),
    Statistic(
        "verdicts",
        lambda draws: Outcome(state=decisions.verdicts((draws > 62).mean(axis=1), (draws < 38).mean(axis=1))),
        joint_draws,
        units=("draws",),
        permutes="units",
    ),
    Statistic(
        "smallest_detectable_change",
        lambda estimates, variances: Outcome(trends.smallest_detectable_change(variances)),
        network,
        **ESTIMATES_OR_NONE,
        within=(0, np.inf),
        shift=0,
        degree=1,
        permutes="units",
    ),
    Statistic(
        "paired_change",
        paired,
        linked_persons,
        units=("n", "total", "squares"),
        within=(-100, 100),
        contains=True,
        permutes="units",
        missing={"n": 0, "total": 0.0, "squares": 0.0},
    ),
    Statistic(
        "trend",
        slopes,
        four_waves,
        scores=("mean",),
        squares=("variance",),
        units=("mean", "variance"),
        contains=True,
        shift=0,
        mirror=0,
        permutes="units",
    ),
    Statistic(
        "effective_importance",
        lambda values: Outcome(comparison.effective_importance(values.mean(axis=1), values)),
        lambda rng, units: {"values": rng.uniform(0, 100, (units, 4))},
        **VALUES,
        within=(0, 1),
        **FREE_OF_SCALE,
        permutes="nothing",
        fewest=10,
    ),
    Statistic(
        "weighted_moments",
        lambda counts, weights: Outcome(weighting.weighted_moments(counts, np.arange(5) * 25.0, weights)[1]),
        lambda rng, cells: {"counts": answers(rng, cells), "weights": rng.uniform(0.3, 3, cells)},
        scores=("weights",),
        units=("counts", "weights"),
        within=(0, 100),
        degree=0,
        permutes="nothing",
    ),
    Statistic(
        "typical",
        typical,
        complete_leaves,
        **VALUES,
        contains=True,
        shift=1,
        degree=1,
        mirror=100,
        permutes="nothing",
    ),
]

"""The names that method.md section 2 gives to analysts, their signatures, and its worked examples."""

import inspect

import numpy as np
import pytest

from scoring import (
    benchmark,
    comparison,
    disclosure,
    index,
    intervals,
    likert,
    ranking,
    reliability,
    sensitivity,
    shrinkage,
)

SCHOOLS = [28, 8, -3, 7, -1, 1, 18, 12], np.array([15, 10, 16, 11, 9, 11, 10, 18]) ** 2

# Parameters that callers may give, by name; more may follow.
SIGNATURES = [
    (likert.parse, "strings items"),
    (likert.to_scores, "ratings points reverse"),
    (likert.tally, "ratings unit units points"),
    (index.normalise, "values method direction low high to"),
    (index.aggregate, "values weights order minimum_share"),
    (index.evaluate, "structure values minimum_share order"),
    (intervals.mean_interval, "n mean variance population items level"),
    (intervals.share_interval, "successes n level"),
    (intervals.difference_interval, "mean_1 interval_1 mean_2 interval_2"),
    (reliability.cronbach_alpha, "covariance"),
    (reliability.alpha_interval, "alpha n items"),
    (reliability.omega_total, "correlation"),
    (reliability.variance_components, "n means variances"),
    (shrinkage.moderated_variance, "variances n prior_df"),
    (shrinkage.between_variance, "estimates variances method"),
    (shrinkage.between_variance_interval, "estimates variances level"),
    (shrinkage.posterior, "estimates variances prior_scale prior"),
    (shrinkage.Posterior.interval, "self level"),
    (shrinkage.Posterior.draws, "self n rng"),
    (shrinkage.Posterior.between_exceeds, "self points"),
    (ranking.rank_intervals, "draws level"),
    (ranking.rank_confidence_set, "estimates standard_errors level joint method"),
    (ranking.funnel_limits, "n benchmark variance between level"),
    (ranking.winsorised_between_variance, "estimates variances benchmark share"),
    (comparison.flags, "draws benchmark margin fdr"),
    (comparison.gaps, ""),
    (comparison.changes, ""),
    (comparison.relative_weights, "predictor_correlation outcome_correlation"),
    (sensitivity.uncertainty, ""),
    (sensitivity.sobol, ""),
    (disclosure.feasible_ranges, "table suppressed margins"),
    (disclosure.protect, "table minimum"),
    (disclosure.audit, ""),
    (benchmark.score_round, "data method"),
]
DEFAULTS = [
    (likert.to_scores, {"points": 5, "reverse": None}),
    (index.normalise, {"direction": 1, "low": None, "high": None, "to": (0, 100)}),
    (index.aggregate, {"order": 1.0, "minimum_share": 0.0}),
    (intervals.mean_interval, {"population": None, "items": 1, "level": 0.95}),
    (shrinkage.moderated_variance, {"prior_df": 10}),
    (shrinkage.between_variance, {"method": "PM"}),
    (shrinkage.posterior, {"prior_scale": 10.0, "prior": "half-cauchy"}),
    (ranking.rank_confidence_set, {"level": 0.95, "joint": True, "method": "auto"}),
    (ranking.winsorised_between_variance, {"share": 0.1}),
    (comparison.flags, {"margin": 5.0, "fdr": 0.05}),
    (disclosure.feasible_ranges, {"margins": True}),
    (disclosure.protect, {"minimum": 10}),
]


@pytest.mark.parametrize(("function", "names"), SIGNATURES, ids=lambda v: getattr(v, "__qualname__", None))
def test_every_name_is_there_with_its_arguments_in_their_order(function, names):
    given = [name for name in inspect.signature(function).parameters if name in names.split()]
    assert given == names.split()
    assert function.__doc__


@pytest.mark.parametrize(("function", "defaults"), DEFAULTS, ids=lambda v: getattr(v, "__qualname__", None))
def test_defaults_are_those_of_the_method(function, defaults):
    parameters = inspect.signature(function).parameters
    assert {name: parameters[name].default for name in defaults} == defaults


def test_answers_are_read_and_scored():
    assert likert.parse(["15.", "3-2"], 3).tolist() == [[1, 5, 0], [3, 255, 2]]
    assert likert.to_scores(np.arange(1, 6, dtype=np.uint8)[None])[0].tolist() == [0, 25, 50, 75, 100]


def test_parts_of_a_round_are_counted_and_added():
    rng = np.random.default_rng(1)
    ratings, unit = rng.integers(0, 6, (60, 3)).astype(np.uint8), rng.integers(0, 4, 60)
    parts = likert.tally(ratings[:20], unit[:20], 4) + likert.tally(ratings[20:], unit[20:], 4)
    whole = likert.tally(ratings, unit, 4)
    for name, values in vars(whole).items():
        assert np.allclose(np.asarray(getattr(parts, name)), np.asarray(values), atol=1e-10), name


@pytest.mark.parametrize(
    "method", ["minmax", "goalposts", "zscore", "rank", "percentile_rank", "borda", "distance_to_max"]
)
def test_every_normalisation_has_its_name(method):
    limits = {"low": 0, "high": 100} if method == "goalposts" else {}
    assert np.isfinite(index.normalise([10.0, 20.0, 40.0], method, **limits)).all()


@pytest.mark.parametrize(("order", "expected"), [(1, 44.5), (0, 40.0), (-1, 35.955)])
def test_two_scores_come_together(order, expected):
    value, share = index.aggregate([25, 64], [1, 1], order=order)
    assert (round(float(value), 3), float(share)) == (expected, 1.0)


@pytest.mark.parametrize(
    ("arguments", "low", "high", "digits"),
    [
        ({"n": 5, "mean": 100, "variance": 0}, 43.97406, 100, 5),
        ({"n": 5, "mean": 100, "variance": 0, "population": 10}, 61.08608, 100, 5),
        ({"n": 10, "mean": 70, "variance": 4750 / 9}, 49.645, 84.668, 3),
        ({"n": 12, "mean": 71.5, "variance": 220, "items": 6}, 59.96179, 80.77900, 5),
    ],
)
def test_means_have_their_intervals(arguments, low, high, digits):
    assert [round(float(v), digits) for v in intervals.mean_interval(**arguments)] == [low, high]


def test_a_share_has_wilsons_interval():
    assert [round(float(v), 5) for v in intervals.share_interval(7, 10)] == [39.67781, 89.22087]


def test_dyestuff_has_its_variance_components():
    means = np.array([1505.0, 1528.0, 1564.0, 1498.0, 1600.0, 1470.0])
    variances = np.full(6, 2451.25)
    found = reliability.variance_components(np.full(6, 5), means, variances)
    assert (round(found.between, 2), round(found.within, 2), round(found.icc, 5)) == (1764.05, 2451.25, 0.41849)
    assert found.low < found.icc < found.high


@pytest.mark.parametrize("method", ["PM", "REML", "DL"])
def test_eight_schools_do_not_differ(method):
    assert shrinkage.between_variance(*SCHOOLS, method=method) == 0
    assert [round(v, 2) for v in shrinkage.between_variance_interval(*SCHOOLS)] == [0, 270.37]


def test_school_a_has_its_posterior():
    fit = shrinkage.posterior(*SCHOOLS, prior="flat", points=40_001)
    assert fit.mean[0] == pytest.approx(11.40, abs=0.02)
    quantiles = [float(fit.quantile(p)[0]) for p in (0.025, 0.25, 0.5, 0.75, 0.975)]
    # Printed to one decimal.
    assert quantiles == pytest.approx([-2.1, 6.0, 10.2, 15.5, 31.6], abs=0.02 + 0.05)


def test_flags_have_four_states():
    draws = np.random.default_rng(1).normal([0, 0, 20, -20], [1, 9, 1, 1], (2000, 4))[:, :, None]
    assert comparison.flags(draws, 0.0)[:, 0].tolist() == ["same", "open", "better", "worse"]


def test_relative_weights_sum_to_r_squared():
    r, to_outcome = np.array([[1, 0.4], [0.4, 1]]), np.array([0.5, 0.6])
    assert comparison.relative_weights(r, to_outcome).sum() == pytest.approx(
        to_outcome @ np.linalg.solve(r, to_outcome)
    )


def test_a_lone_suppressed_cell_with_its_margins_is_known():
    low, high = disclosure.feasible_ranges([[20, 3], [30, 40]], [[False, True], [False, False]])
    assert low[0, 1] == high[0, 1] == 3
    assert disclosure.protect([[20, 3, 50], [30, 40, 60], [12, 70, 80]]).sum() == 4

"""The model between municipalities against published digits, and the laws it must keep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.special import ndtr

from scoring.robust import critical_value, residual_kurtosis, robust_interval
from scoring.shrinkage import (
    TooFewUnits,
    VarianceNotPositive,
    between_variance,
    between_variance_interval,
    moderated_variance,
    posterior,
    posterior_in_classes,
)

# Rubin (1981), as in Gelman et al., Bayesian Data Analysis, section 5.5.
SCHOOLS = np.array([28, 8, -3, 7, -1, 1, 18, 12.0]), np.array([15, 10, 16, 11, 9, 11, 10, 18.0]) ** 2


def network(seed, units, spread):
    rng = np.random.default_rng(seed)
    variances = rng.uniform(0.5, 200, units)
    return np.clip(rng.normal(60, np.sqrt(variances + spread**2)), 0, 100), variances


networks = st.builds(network, st.integers(0, 10_000), st.integers(2, 20), st.sampled_from([0, 3, 10, 40]))
few = settings(max_examples=20)


@pytest.mark.parametrize("method", ["PM", "REML", "DL"])
def test_eight_schools_show_no_variance_between_them(method):
    assert between_variance(*SCHOOLS, method=method) == 0


def test_eight_schools_have_the_published_profile_interval():
    assert [round(limit, 2) for limit in between_variance_interval(*SCHOOLS)] == [0, 270.37]


def test_eight_schools_have_the_published_posterior():
    fit = posterior(*SCHOOLS, prior="flat", points=4_001)
    assert fit.mean[0] == pytest.approx(11.40, abs=0.02)
    quantiles = [round(float(fit.quantile(p)[0]), 1) for p in (0.025, 0.25, 0.5, 0.75, 0.975)]
    assert quantiles == [-2.1, 6.0, 10.2, 15.5, 31.6]


# statsmodels 0.15.0, combine_effects(y, v, method_re="pm" and "chi2", use_t=False).tau2, which does not cut at zero.
STATSMODELS = (
    (0.0, -4.60345154),
    (26.04085341, 17.88903504),
    (19.08593265, 25.59499679),
    (38.06623609, 36.29519266),
    (33.24227382, 28.37823472),
    (10.53242896, 13.3887442),
)


@pytest.mark.parametrize(("seed", "theirs"), list(enumerate(STATSMODELS)))
def test_estimates_agree_with_statsmodels_which_does_not_cut_at_zero(seed, theirs):
    rng = np.random.default_rng(seed)
    variances = rng.uniform(1, 60, 20)
    network = rng.normal(60, np.sqrt(variances + 9 * seed)), variances
    assert between_variance(*network) == pytest.approx(max(theirs[0], 0), abs=1e-4)
    assert between_variance(*network, method="DL") == pytest.approx(max(theirs[1], 0), abs=1e-7)


def test_restricted_likelihood_of_a_balanced_network_is_the_analysis_of_variance():
    y = np.array([1.0, 4.0, 6.0, 9.0])
    assert between_variance(y, np.full(4, 2.0), method="REML") == pytest.approx(y.var(ddof=1) - 2)


@few
@given(networks)
def test_the_estimate_lies_in_its_interval(network):
    low, high = between_variance_interval(*network)
    assert low - 1e-6 <= between_variance(*network) <= high + 1e-6


def test_moderated_variances_lie_between_their_own_and_the_pooled():
    moderated = moderated_variance([100.0, 300.0, np.nan], [11, 11, 1])
    assert moderated.tolist() == [150.0, 250.0, 200.0]


@few
@given(networks)
def test_a_posterior_mean_lies_between_the_estimate_and_the_centre(network):
    fit = posterior(*network)
    low, high = fit.centre.min(), fit.centre.max()
    y, _ = network
    assert (fit.mean >= np.minimum(y, low) - 1e-6).all()
    assert (fit.mean <= np.maximum(y, high) + 1e-6).all()


@few
@given(networks)
def test_who_has_fewer_answers_is_drawn_further(network):
    fit = posterior(*network)
    pull = fit.weight @ (fit.variances / (fit.variances + fit.tau[:, None] ** 2))
    order = np.argsort(fit.variances)
    assert (np.diff(pull[order]) >= -1e-12).all()


@few
@given(networks, st.randoms(use_true_random=False))
def test_permuting_municipalities_permutes_results(network, random):
    order = list(range(len(network[0])))
    random.shuffle(order)
    fit, permuted = posterior(*network), posterior(network[0][order], network[1][order])
    assert np.allclose(fit.mean[order], permuted.mean, atol=1e-6)
    assert np.allclose(fit.departs(5)[0][order], permuted.departs(5)[0], atol=1e-6)


@few
@given(networks, st.floats(-50, 50))
def test_adding_a_constant_shifts_everything(network, constant):
    fit, shifted = posterior(*network), posterior(network[0] + constant, network[1])
    assert np.allclose(fit.mean + constant, shifted.mean, atol=1e-4)
    assert np.allclose(fit.sd, shifted.sd, atol=1e-4)


def test_scaling_scores_and_prior_scales_results():
    y, v = np.array([10.0, 30, 50, 90]), np.array([100.0, 120, 90, 110])
    fit, scaled = posterior(y, v), posterior(3 * y, 9 * v, prior_scale=30.0)
    assert np.allclose(3 * fit.mean, scaled.mean)
    assert np.allclose(3 * np.array(fit.interval()), np.array(scaled.interval()), atol=1e-5)


def test_an_interval_is_where_the_mixture_says_it_is():
    fit = posterior(*SCHOOLS)
    low, high = fit.interval(0.9)
    for u in range(8):
        assert fit.exceeds(float(low[u]))[u] == pytest.approx(0.95, abs=1e-6)
        assert fit.exceeds(float(high[u]))[u] == pytest.approx(0.05, abs=1e-6)


def test_draws_agree_with_the_exact_posterior():
    fit = posterior(np.array([40.0, 50, 60, 70, 55, 45, 65, 52]), np.full(8, 25.0))
    draws = fit.draws(40_000, np.random.default_rng(1))
    assert np.allclose(draws.mean(axis=0), fit.mean, atol=0.15)
    assert np.allclose(draws.std(axis=0), fit.sd, atol=0.15)
    deviation = draws - draws.mean(axis=1, keepdims=True)
    above, below = fit.departs(5)
    assert np.allclose((deviation > 5).mean(axis=0), above, atol=0.015)
    assert np.allclose((deviation < -5).mean(axis=0), below, atol=0.015)
    assert np.allclose((draws > 55).mean(axis=0), fit.exceeds(55), atol=0.015)


@pytest.mark.parametrize(("units", "spread"), [(9, 1.0), (60, 6.0), (3000, 4.0)])
def test_points_of_the_grid_that_are_left_out_do_not_show(units, spread, monkeypatch):
    estimates, variances = network(7, units, spread)
    lean = posterior(estimates, variances)
    monkeypatch.setattr("scoring.shrinkage._UNSEEN_WEIGHT", -1.0)
    monkeypatch.setattr("scoring.shrinkage._VALUES_AT_ONCE", 10**9)
    full = posterior(estimates, variances)
    assert len(full._means) == len(full.tau)
    for one, other in ((lean.mean, full.mean), (lean.sd, full.sd), (lean.quantile(0.1), full.quantile(0.1))):
        assert np.allclose(one, other, rtol=0, atol=1e-10)
    assert np.allclose(lean.departs(5.0), full.departs(5.0), rtol=0, atol=1e-12)
    draws = [fit.draws(50, np.random.default_rng(3)) for fit in (lean, full)]
    assert np.array_equal(*draws)


def test_identical_municipalities_do_not_differ():
    assert posterior(np.full(10, 60.0), np.full(10, 1.0)).between_exceeds(2) < 0.05


def test_clearly_different_municipalities_do():
    assert posterior(np.linspace(20, 80, 10), np.full(10, 1.0)).between_exceeds(2) > 0.99


@pytest.mark.parametrize("variances", [[1.0, 0.0], [1.0, -1.0], [1.0, float("nan")]])
def test_an_estimate_without_a_variance_is_refused(variances):
    with pytest.raises(VarianceNotPositive):
        posterior([1.0, 2.0], variances)


def test_one_municipality_is_not_a_network():
    with pytest.raises(TooFewUnits):
        between_variance([1.0], [1.0])


@few
@given(networks)
def test_one_class_is_the_model_of_all(network):
    fit, (classed,) = posterior(*network), posterior_in_classes(*network, np.zeros(len(network[0]), dtype=int))
    assert np.allclose(fit.mean, classed.mean, atol=1e-6)
    assert np.allclose(fit.sd, classed.sd, atol=1e-6)


def test_classes_are_drawn_to_their_own_mean_with_one_spread():
    y = np.append(np.linspace(18, 22, 20), np.linspace(68, 72, 20))
    low, high = posterior_in_classes(y, np.full(40, 25.0), np.repeat([0, 1], 20))
    assert np.abs(low.mean - 20).max() < 2
    assert np.abs(high.mean - 70).max() < 2
    assert np.array_equal(low.weight, high.weight)


def test_a_class_of_one_is_refused():
    with pytest.raises(TooFewUnits):
        posterior_in_classes([1.0, 2.0, 3.0], np.ones(3), [0, 0, 1])


# The authors' own tests (github.com/kolesarm/ebci, tests/testthat/test-cv.R at 24504ef): cva(B, kappa, alpha)$cv with
# B^2 the second moment: cva(5, 3), cva(10, 3), cva(1, 3, alpha = 0.2), cva(2.8, alpha = 0.1, kappa = 8).
@pytest.mark.parametrize(
    ("second", "kurtosis", "level", "theirs"),
    [(25, 3, 0.95, 11.88358367), (100, 3, 0.95, 24.86172217), (1, 3, 0.8, 1.8494683), (7.84, 8, 0.9, 7.0779747158)],
)
def test_critical_values_are_those_of_the_authors(second, kurtosis, level, theirs):
    assert critical_value(second, kurtosis, level) == pytest.approx(theirs, abs=1e-6)


def worst_miss(second, kurtosis, c):
    """The largest P(|Z + b| > c), by a linear programme over the distribution of b2 on a grid that grows finer."""
    t = np.unique(np.append(np.geomspace(1e-4, 30 * max(second, 1) + 4 * c**2, 800), [0.0, second]))
    found = None
    for _ in range(6):
        miss = ndtr(-c - np.sqrt(t)) + ndtr(np.sqrt(t) - c)
        limit = {"A_ub": [t**2], "b_ub": [kurtosis * second**2]} if np.isfinite(kurtosis) else {}
        found = linprog(-miss, **limit, A_eq=[np.ones(t.size), t], b_eq=[1, second], bounds=(0, None))
        places = np.flatnonzero(found.x > 1e-9)
        near = [np.linspace(t[max(p - 1, 0)], t[min(p + 1, t.size - 1)], 30) for p in places]
        t = np.unique(np.concatenate([t, *near]))
    return -found.fun


@pytest.mark.parametrize(
    ("second", "kurtosis"),
    [(0.1, 1.5), (0.5, 2.0), (1.0, 3.0), (2.0, 9.0), (6.0, 1.5), (4.0, 3.0), (25.0, 3.0), (4.0, np.inf), (0.5, np.inf)],
)
def test_no_distribution_of_the_bias_misses_more_often_than_the_critical_value_allows(second, kurtosis):
    c = float(critical_value(second, kurtosis))
    assert worst_miss(second, kurtosis, c) == pytest.approx(0.05, abs=1e-6)


def test_with_a_kurtosis_of_one_the_bias_is_the_same_everywhere():
    c, b = float(critical_value(4.0, 1.0)), 2.0
    assert ndtr(-c - b) + ndtr(b - c) == pytest.approx(0.05, abs=1e-9)


# The authors' moments (R/eb.R at 068cb2f, fs_correction = "PMT", no weights), written out for the eight schools around
# their mean at tau = 0: sums of the squared residuals less the variances are below the limit, so the limit is used.
def test_moments_of_the_true_scores_are_held_above_the_authors_limits():
    y, v = np.array([28, 8, -3, 7, -1, 1, 18, 12.0]), np.array([225, 100, 256, 121, 81, 121, 100, 324.0])
    found = robust_interval(y, v)
    centre = (y / v).sum() / (1 / v).sum()
    plain = ((y - centre) ** 2 - v).mean()
    limit = 2 * (v**2).mean() / (8 * v.mean())
    assert plain < limit
    assert found.between == pytest.approx(limit)
    fourth = ((y - centre) ** 4 - 6 * v * (y - centre) ** 2 + 3 * v**2).mean()
    assert found.kurtosis == pytest.approx(
        max(fourth / limit**2, 1 + 32 * (v**4).mean() / (8 * (v**2).mean()) / limit**2)
    )


def test_a_large_second_moment_makes_the_inequality_of_chebyshev_sharp():
    assert critical_value(1e12) == pytest.approx(((1 + 1e12) / 0.05) ** 0.5, rel=1e-5)


def test_the_robust_interval_of_a_large_normal_network_is_little_wider_and_covers():
    rng = np.random.default_rng(4)
    v = rng.choice([4.0, 16.0, 49.0, 100.0], 2000)
    truth = rng.normal(60, 10, 2000)
    found = robust_interval(rng.normal(truth, np.sqrt(v)), v)
    assert found.between == pytest.approx(100, rel=0.15)
    assert ((found.low <= truth) & (truth <= found.high)).mean() == pytest.approx(0.96, abs=0.015)


def test_the_robust_interval_covers_where_few_true_scores_are_far_away():
    rng = np.random.default_rng(5)
    truth = np.where(rng.random(3000) < 0.03, 95.0, 50.0)
    v = np.full(3000, 64.0)
    found = robust_interval(rng.normal(truth, 8.0), v)
    assert found.kurtosis > 10
    assert ((found.low <= truth) & (truth <= found.high)).mean() >= 0.95


def test_outliers_raise_the_kurtosis_of_the_residuals():
    rng = np.random.default_rng(1)
    y, v = rng.normal(50, 5, 500), np.full(500, 9.0)
    assert residual_kurtosis(y, v) == pytest.approx(3, abs=0.6)
    assert residual_kurtosis(np.append(y, [150.0, -50.0]), np.full(502, 9.0)) > 4
    assert np.isnan(residual_kurtosis(np.full(5, 3.0), np.ones(5)))


def test_moments_that_cannot_be_are_refused():
    for second, kurtosis in ((-1.0, 3.0), (np.nan, 3.0), (1.0, 0.5)):
        with pytest.raises(VarianceNotPositive):
            critical_value(second, kurtosis)

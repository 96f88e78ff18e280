"""Our functions against digits of R; the commands stand beside the digits in independent/digits.json."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from scoring import comparison, intervals, reliability, shrinkage, trends, weighting
from scoring.method import Method

FOLDER = Path(__file__).parent / "independent"
DIGITS = json.loads((FOLDER / "digits.json").read_text())["digits"]
META_ANALYSES = ["bcg", "hine", "normand", "three", "schools"]
SCALES = ["attitude", "neuroticism"]


def theirs(name):
    return np.array(DIGITS[name]["value"], dtype=float)


def test_every_digit_has_the_command_that_made_it_in_the_script():
    script = re.sub(r"\s+", "", (FOLDER / "digits.R").read_text())
    for name, entry in DIGITS.items():
        assert f"{name}={entry['command']}".replace(" ", "") in script, name


@pytest.mark.parametrize("data", META_ANALYSES)
@pytest.mark.parametrize("method", ["PM", "REML", "DL"])
def test_the_variance_between_units_is_that_of_metafor(data, method):
    found = shrinkage.between_variance(theirs(f"{data}_yi"), theirs(f"{data}_vi"), method)
    assert found == pytest.approx(theirs(f"{data}_{method}"), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("data", META_ANALYSES)
def test_its_interval_is_metafors_q_profile(data):
    found = shrinkage.between_variance_interval(theirs(f"{data}_yi"), theirs(f"{data}_vi"))
    assert found == pytest.approx(theirs(f"{data}_QP"), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("data", ["bcg", "normand", "three"])
def test_at_one_tau_the_centre_of_the_posterior_is_metafors_mean(data):
    """The grid of the posterior holds tau; where it comes close to metafor's, so do the centre and its error."""
    fit = shrinkage.posterior(theirs(f"{data}_yi"), theirs(f"{data}_vi"), points=20_001)
    point = int(np.argmin(np.abs(fit.tau - theirs(f"{data}_PM") ** 0.5)))
    found = (fit.centre[point], fit.centre_variance[point] ** 0.5)
    assert found == pytest.approx(theirs(f"{data}_centre"), rel=1e-3)


def batches(name):
    values = theirs(name)
    return np.full(len(values), values.shape[1]), values.mean(axis=1), values.var(axis=1, ddof=1)


@pytest.mark.parametrize("data", ["dyestuff", "rail"])
def test_variance_components_of_balanced_data_are_those_of_lme4(data):
    assert reliability.variance_components(*batches(data))[:2] == pytest.approx(theirs(f"{data}_lme4"), rel=1e-6)


def test_no_variance_between_batches_is_none_in_lme4_too():
    between, within = theirs("dyestuff2_lme4")
    found = reliability.variance_components(*batches("dyestuff2"))
    assert found.between == between == 0
    # REML pools what lies between the batches into the rest; the analysis of variance does not.
    n, mean, _ = batches("dyestuff2")
    pooled = (found.within * 24 + (n * (mean - mean.mean()) ** 2).sum()) / 29
    assert pooled == pytest.approx(within, rel=1e-6)


def test_mean_squares_of_unbalanced_data_are_those_of_r():
    n = theirs("chickens_n")
    found = reliability.variance_components(n, theirs("chickens_mean"), theirs("chickens_variance"))
    size = (n.sum() - (n**2).sum() / n.sum()) / (n.size - 1)
    between, within = theirs("chickens_mean_squares")
    assert found.within == pytest.approx(within)
    assert found.between == pytest.approx((between - within) / size)


def test_the_intraclass_correlation_and_its_limits_are_those_of_psych():
    found = reliability.variance_components(*batches("dyestuff"))
    assert found[2:] == pytest.approx(theirs("dyestuff_icc"), rel=1e-6)


@pytest.mark.parametrize("scale", SCALES)
def test_alpha_and_its_companions_are_those_of_psych(scale):
    covariance, persons = theirs(f"{scale}_covariance"), int(theirs(f"{scale}_persons"))
    alpha = reliability.cronbach_alpha(covariance)
    assert alpha == pytest.approx(theirs(f"{scale}_alpha"))
    feldt = reliability.alpha_interval(alpha, persons, len(covariance))
    assert feldt == pytest.approx(theirs(f"{scale}_feldt"))
    assert reliability.alpha_if_deleted(covariance) == pytest.approx(theirs(f"{scale}_alpha_deleted"))
    assert reliability.item_total_correlation(covariance) == pytest.approx(theirs(f"{scale}_r_rest"))


@pytest.mark.parametrize("scale", SCALES)
def test_loadings_and_omega_are_those_of_factanal(scale):
    r = reliability.correlation(theirs(f"{scale}_covariance"))
    assert reliability.one_factor(r).loadings == pytest.approx(theirs(f"{scale}_loadings"), abs=2e-5)
    assert reliability.omega_total(r) == pytest.approx(theirs(f"{scale}_omega"), abs=1e-5)


def test_loadings_are_those_of_psych():
    r = reliability.correlation(theirs("neuroticism_covariance"))
    assert reliability.one_factor(r).loadings == pytest.approx(theirs("neuroticism_loadings_psych"), abs=2e-5)


def test_relative_weights_are_johnsons_and_sum_to_r_squared():
    r = reliability.correlation(theirs("attitude_covariance"))
    found = comparison.relative_weights(r[1:, 1:], r[1:, 0])
    assert found == pytest.approx(theirs("attitude_relative_weights"))
    assert found.sum() == pytest.approx(theirs("attitude_r_squared"))


def test_weighted_mean_variance_and_effective_number_are_those_of_survey():
    weights, scores = theirs("weights"), theirs("scores")
    steps, step = np.unique(scores, return_inverse=True)
    kinds, kind = np.unique(weights, return_inverse=True)
    counts = np.zeros((kinds.size, steps.size))
    np.add.at(counts, (kind, step), 1)
    effective, mean, variance = weighting.weighted_moments(counts, steps, kinds)
    assert mean == pytest.approx(theirs("weighted_mean"))
    assert variance / effective == pytest.approx(theirs("weighted_variance_of_mean"))
    assert effective == pytest.approx(theirs("kish")) == pytest.approx(weighting.effective_n(weights))


def test_weights_after_stratification_are_those_of_survey():
    respondents = theirs("respondents")
    found = weighting.post_stratify(respondents.sum(axis=1), theirs("newcomers_types"))
    assert found == pytest.approx(theirs("post_stratified"))


def test_raked_weights_are_those_of_survey():
    found = weighting.rake(theirs("respondents"), [theirs("newcomers_types"), theirs("newcomers_awards")])
    assert found.weights.ravel() == pytest.approx(theirs("raked"), rel=1e-6)


def test_means_in_one_composition_are_those_of_survey():
    n, mean = theirs("cell_n"), theirs("cell_mean")
    steps = mean.ravel()
    counts = np.zeros((*n.shape, steps.size))
    counts.reshape(-1, steps.size)[np.arange(steps.size), np.arange(steps.size)] = n.ravel()
    found = weighting.standardise(counts, steps, [theirs("newcomers_types")])
    assert found.decision == ("weighted", "weighted")
    assert found.mean == pytest.approx(theirs("standardised"))
    assert found.unadjusted == pytest.approx(theirs("unadjusted"))


@pytest.mark.parametrize(
    ("digits", "successes", "n", "level"),
    [("wilson_7_of_10", 7, 10, 0.95), ("wilson_0_of_12", 0, 12, 0.95), ("wilson_90", 45, 81, 0.9)],
)
def test_the_interval_of_a_share_is_that_of_prop_test(digits, successes, n, level):
    found = [float(limit) for limit in intervals.share_interval(successes, n, level)]
    assert found == pytest.approx(100 * theirs(digits), abs=1e-9)


def test_p_values_are_adjusted_as_by_benjamini_and_hochberg():
    found = comparison.adjusted_p_values([0.01, 0.04, 0.03, 0.002, 0.5, 0.03])
    assert found == pytest.approx(theirs("benjamini_hochberg"))


def test_without_a_margin_the_minimum_effect_test_is_welchs():
    n, mean, variance = theirs("welch_n"), theirs("welch_mean"), theirs("welch_variance")
    df, p = theirs("welch")
    found = comparison.minimum_effect_test(mean[0] - mean[1], (variance / n).sum(), df, margin=0.0)
    assert float(found) == pytest.approx(p)


def test_two_answers_by_group_and_band_are_the_test_of_mantel_and_haenszel():
    found = reliability.item_functioning(theirs("admissions")[None])
    assert found.p_value[0] == pytest.approx(np.full(2, theirs("mantel_haenszel")))


def test_a_trend_has_rs_slope_and_tau():
    t, y, v = theirs("trend_t"), theirs("trend_y")[:, None], theirs("trend_v")[:, None]
    own_variances = Method().with_parameters({"prior_df": 1e-9})
    found = trends.trend(t, np.full((6, 1), 50), y, 50 * v, method=own_variances)
    assert found.slope[0] == pytest.approx(theirs("trend_slope"))
    assert (found.tau[0], found.p_value[0]) == pytest.approx(theirs("kendall"))

"""Flags, gaps and quadrants say only what the data can bear."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import t as t_distribution

from scoring.comparison import (
    ReferenceEmpty,
    ViewsDiffer,
    adjusted_p_values,
    classify,
    discoveries,
    equivalence_test,
    flags,
    gaps,
    mean_ridit,
    measures_disagree,
    meets_criteria,
    minimum_effect_test,
    network_agreement,
    quadrants,
    relative_gaps,
    ridits,
)

few = settings(max_examples=40)

probabilities = arrays(float, st.integers(1, 40), elements=st.floats(0, 1))


def draws(means, sds, n=2000):
    return np.random.default_rng(3).normal(means, sds, (n, len(means)))[:, :, None]


def test_four_states_are_told_apart():
    found = flags(draws([20.0, -20.0, 0.0, 6.0], [1.0, 1.0, 1.0, 9.0]), 0.0)
    assert found[:, 0].tolist() == ["better", "worse", "same", "open"]


def test_an_infinite_margin_flags_nothing():
    assert set(flags(draws([50.0, -50.0], [1.0, 1.0]), 0.0, margin=np.inf).ravel()) == {"same"}


def test_identical_municipalities_are_not_flagged():
    assert set(flags(np.zeros((100, 5, 3)), 0.0).ravel()) == {"same"}


def test_permuting_indicators_permutes_flags():
    many = np.random.default_rng(4).normal(0, 8, (500, 6, 5))
    order = [3, 1, 4, 0, 2]
    assert np.array_equal(flags(many, 0.0)[:, order], flags(many[:, :, order], 0.0))


def test_missing_units_get_no_flag_and_change_nothing():
    given_draws = draws([20.0, -20.0, 0.0], [1.0, 1.0, 1.0])
    missing = np.concatenate([given_draws, np.full((2000, 1, 1), np.nan)], axis=1)
    assert flags(missing, 0.0)[:, 0].tolist() == [*flags(given_draws, 0.0)[:, 0], "none"]


@few
@given(probabilities, st.floats(0.01, 0.3))
def test_the_mean_error_of_what_is_stated_stays_below_the_rate(errors, fdr):
    stated = discoveries(errors, fdr)
    assert not stated.any() or errors[stated].mean() <= fdr + 1e-12
    assert not stated.any() or errors[stated].max() <= errors[~stated].min(initial=1.0)


@few
@given(probabilities)
def test_statements_of_equal_error_stand_or_fall_together(errors):
    doubled = np.concatenate([errors, errors])
    stated = discoveries(doubled, 0.05)
    assert np.array_equal(stated[: len(errors)], stated[len(errors) :])


def test_nothing_to_state_is_nothing_stated():
    assert classify(np.array([np.nan]), np.array([np.nan])).tolist() == ["none"]
    assert discoveries(np.array([]), 0.05).tolist() == []


def test_a_gap_carries_the_rounding_of_the_level_and_the_doubt_of_the_answers():
    gap, low, high = gaps(
        np.array([75.0, np.nan]), np.array([60.0, 60.0]), (np.array([55.0] * 2), np.array([65.0] * 2))
    )
    assert gap[0] == 15
    half = np.hypot(1.959963984540054 * 25 / 12**0.5, 5)
    assert (low[0], high[0]) == (pytest.approx(15 - half), pytest.approx(15 + half))
    assert np.isnan([gap[1], low[1], high[1]]).all()


def test_a_gap_never_leaves_its_scale():
    _, low, high = gaps(np.array([100.0, 0.0]), np.array([1.0, 99.0]), (np.array([0.0, 90.0]), np.array([9.0, 100.0])))
    assert high[0] == 100
    assert low[1] == -100


@pytest.mark.parametrize(
    ("self_score", "low", "high", "expected"),
    [
        (50, 60, 80, "strength"),
        (75, 40, 59.9, "blind_spot"),
        (25, 60, 70, "hidden_strength"),
        (0, 10, 59, "need_to_act"),
        (75, 59.9, 70, "undecided"),
        (75, 40, 60, "undecided"),
        (np.nan, 70, 80, "undecided"),
        (75, np.nan, np.nan, "undecided"),
    ],
)
def test_a_quadrant_is_named_only_when_the_whole_interval_is_on_one_side(self_score, low, high, expected):
    assert quadrants(np.array([self_score]), (np.array([low]), np.array([high]))).tolist() == [expected]


def test_a_threshold_is_met_or_missed_only_when_nearly_certain():
    assert meets_criteria([0.9, 0.8999, 0.1, 0.1001, np.nan]).tolist() == [
        "met",
        "undecided",
        "not_met",
        "undecided",
        "none",
    ]


def test_without_a_margin_the_minimum_effect_test_is_the_two_sided_t_test():
    d, v, df = np.array([1.0, -3.0, 7.0]), np.array([1.0, 4.0, 2.0]), np.array([3.0, 12.0, 40.0])
    assert np.allclose(minimum_effect_test(d, v, df, margin=0.0), 2 * t_distribution.sf(np.abs(d) / np.sqrt(v), df))


def test_at_the_margin_itself_a_minimum_effect_is_claimed_no_more_often_than_its_p_value():
    rng = np.random.default_rng(9)
    d = rng.normal(5.0, 2.0, 20_000)
    p = minimum_effect_test(d, np.full(d.size, 4.0), 1e6, margin=5.0)
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).mean() == pytest.approx(level, abs=0.01)


def test_equivalence_is_the_worse_of_two_one_sided_t_tests():
    d, s, df = np.array([-2.0, 0.0, 4.0]), 1.5, 11
    lower, upper = t_distribution.sf((d + 5) / s, df), t_distribution.cdf((d - 5) / s, df)
    assert np.allclose(equivalence_test(d, s**2, df, margin=5.0), np.maximum(lower, upper))


def test_a_difference_without_variance_has_no_p_value():
    assert np.isnan(minimum_effect_test([1.0, 1.0, np.nan], [0.0, np.nan, 1.0], 5)).all()
    assert np.isnan(equivalence_test(1.0, 0.0, 5))


# Benjamini and Hochberg (1995), section 4.1: at 5 per cent the four smallest are rejected.
BENJAMINI_HOCHBERG = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def test_the_false_discovery_rate_rejects_what_its_authors_rejected():
    assert (adjusted_p_values(BENJAMINI_HOCHBERG) <= 0.05).sum() == 4
    with_missing = adjusted_p_values([*BENJAMINI_HOCHBERG, np.nan])
    assert np.array_equal(with_missing[:-1], adjusted_p_values(BENJAMINI_HOCHBERG))
    assert np.isnan(with_missing[-1])


def test_nothing_to_adjust_stays_missing():
    assert np.isnan(adjusted_p_values([np.nan])).all()


def test_a_ridit_is_the_chance_to_rate_higher_than_somebody_of_the_reference():
    rng = np.random.default_rng(2)
    ours, reference = rng.integers(0, 9, 5), rng.integers(1, 9, 5)
    a, b = np.repeat(np.arange(5), ours), np.repeat(np.arange(5), reference)
    chance = (a[:, None] > b).mean() + (a[:, None] == b).mean() / 2
    assert mean_ridit(ours, reference) == pytest.approx(100 * chance)


def test_the_reference_itself_has_a_ridit_of_50_and_nobody_has_none():
    assert mean_ridit([[3, 0, 1], [0, 0, 0]], [3, 0, 1])[0] == 50
    assert np.isnan(mean_ridit([0, 0, 0], [3, 0, 1]))
    with pytest.raises(ReferenceEmpty):
        ridits([[1, 2], [0, 0]])


def test_mean_and_share_disagree_only_in_opposite_directions():
    assert measures_disagree([1.0, -1.0, 0.0, np.nan], [-1.0, -1.0, 1.0, 1.0]).tolist() == [True, False, False, False]


# Bland and Altman (1986): peak expiratory flow of 17 persons, first reading of two meters.
LARGE_METER = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI_METER = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_two_meters_have_the_published_bias_and_standard_deviation():
    exact = np.zeros(17)
    found = network_agreement(LARGE_METER, exact, MINI_METER, exact, np.random.default_rng(1), resamples=300)
    assert (round(found.bias, 1), round(found.spread, 1), round(found.correlation, 2)) == (-2.1, 38.8, 0.94)
    assert found.true_correlation == pytest.approx(found.correlation)
    assert found.high - found.bias == pytest.approx(1.959963984540054 * found.spread)
    assert found.true_low < found.true_correlation < found.true_high
    assert found.prediction == "predicts"


def test_the_true_correlation_is_found_behind_the_sampling_error():
    rng = np.random.default_rng(6)
    truth = rng.multivariate_normal([60, 50], [[100, 60], [60, 100]], 3000)
    seen = truth + rng.normal(0, 10, truth.shape)
    v = np.full(3000, 100.0)
    found = network_agreement(seen[:, 0], v, seen[:, 1], v, rng, resamples=200)
    assert found.correlation == pytest.approx(0.3, abs=0.05)
    assert found.true_correlation == pytest.approx(0.6, abs=0.08)
    assert found.true_low < 0.6 < found.true_high
    assert found.spread == pytest.approx(80**0.5, rel=0.1)


def test_views_that_differ_by_no_more_than_chance_have_no_true_correlation():
    rng = np.random.default_rng(3)
    found = network_agreement(rng.normal(50, 1, 30), np.full(30, 4.0), rng.normal(50, 5, 30), np.ones(30), rng)
    assert np.isnan(found.true_correlation)
    assert (found.true_low, found.true_high, found.prediction) == (-1, 1, "undecided")


def test_unrelated_views_do_not_predict_each_other_and_opposite_ones_contradict():
    rng = np.random.default_rng(8)
    s, o, v = rng.normal(50, 10, 60), rng.normal(50, 10, 60), np.ones(60)
    o -= np.polyval(np.polyfit(s, o, 1), s) - 50
    assert network_agreement(s, v, o, v, rng, resamples=400).prediction == "does_not_predict"
    assert network_agreement(s, v, 100 - s, v, rng, resamples=400).prediction == "contradicts"


def test_concordance_is_one_only_for_the_same_numbers():
    rng, s, v = np.random.default_rng(1), np.array([10.0, 30, 50, 90]), np.zeros(4)
    assert network_agreement(s, v, s, v, rng, 20).concordance == pytest.approx(1)
    shifted = network_agreement(s, v, s + 20, v, rng, 20)
    assert shifted.correlation == pytest.approx(1)
    # Lin (1989): 2 cov / (var + var + bias^2), with divisor n.
    assert shifted.concordance == pytest.approx(2 * s.var() / (2 * s.var() + 400))


def test_views_of_different_units_are_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(ViewsDiffer, match="At least three"):
        network_agreement([1.0, 2.0, np.nan], np.ones(3), np.ones(3), np.ones(3), rng)
    with pytest.raises(ViewsDiffer, match="once"):
        network_agreement([1.0, 2.0], np.ones(2), np.ones(3), np.ones(3), rng)
    with pytest.raises(ViewsDiffer):
        relative_gaps(np.ones((5, 3)), np.ones((5, 4)))


def test_a_relative_gap_ignores_the_level_of_an_instrument():
    rng = np.random.default_rng(5)
    outside = rng.normal([20.0, 40.0, 60.0, 80.0], 3.0, (500, 4))
    gap, low, high = relative_gaps(outside / 5 + 70, outside)
    assert (gap.tolist(), low.tolist(), high.tolist()) == ([0.0] * 4, [0.0] * 4, [0.0] * 4)
    turned = relative_gaps(outside[:, ::-1], outside)[0]
    assert turned.tolist() == [75.0, 25.0, -25.0, -75.0]

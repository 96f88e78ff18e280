"""Flags, gaps and quadrants say only what the data can bear."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.comparison import classify, discoveries, flags, gaps, quadrants

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

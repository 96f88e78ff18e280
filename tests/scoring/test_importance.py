"""Relative weights add up to what is explained, and effective importance is what moves the index."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from scoring import comparison
from scoring.importance import actions, effective_importance, outcome_importance, relative_weights
from scoring.likert import tally
from scoring.reliability import ConstantItem, NotACorrelation, NotPositiveDefinite

few = settings(max_examples=30, deadline=None)


def correlations(seed, predictors):
    rng = np.random.default_rng(seed)
    data = rng.normal(0, 1, (60, predictors + 1)) + rng.normal(0, 1, (60, 1))
    r = np.corrcoef(data.T)
    return data, r[:-1, :-1], r[:-1, -1]


def test_comparison_offers_relative_weights():
    assert comparison.relative_weights is relative_weights


@few
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_weights_sum_to_the_r_squared_of_least_squares_and_none_is_negative(seed, predictors):
    data, r, to_outcome = correlations(seed, predictors)
    x, y = data[:, :-1] - data[:, :-1].mean(axis=0), data[:, -1] - data[:, -1].mean()
    fitted = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    weights = relative_weights(r, to_outcome)
    assert weights.sum() == pytest.approx(fitted @ fitted / (y @ y))
    assert (weights >= 0).all()


@few
@given(st.integers(0, 10_000))
def test_with_two_predictors_weights_are_the_average_of_both_orders_of_entry(seed):
    _, r, to_outcome = correlations(seed, 2)
    together = to_outcome @ np.linalg.solve(r, to_outcome)
    averages = (to_outcome**2 + together - to_outcome[::-1] ** 2) / 2
    assert np.allclose(relative_weights(r, to_outcome), averages)


def test_uncorrelated_predictors_have_their_squared_correlations():
    assert np.allclose(relative_weights(np.eye(3), [0.5, -0.4, 0.0]), [0.25, 0.16, 0.0])


def test_stacked_matrices_are_computed_one_by_one():
    both = [correlations(seed, 4)[1:] for seed in (1, 2)]
    stacked = relative_weights(np.array([b[0] for b in both]), np.array([b[1] for b in both]))
    assert np.allclose(stacked, [relative_weights(*b) for b in both])


@pytest.mark.parametrize(
    ("r", "to_outcome", "error"),
    [
        (np.ones((2, 2)), [0.5, 0.5], NotPositiveDefinite),
        ([[1.0, np.nan], [np.nan, 1.0]], [0.5, 0.5], NotACorrelation),
        (np.eye(2), [0.5, np.nan], NotACorrelation),
        (np.eye(2), [0.5, 0.5, 0.5], NotACorrelation),
        (np.ones((2, 3)), [0.5, 0.5], NotACorrelation),
    ],
)
def test_what_is_no_correlation_is_refused(r, to_outcome, error):
    with pytest.raises(error):
        relative_weights(r, to_outcome)


def answers(units, seed=1, persons=40):
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), persons)
    cause = rng.normal(0, 1, (unit.size, 3))
    outcome = 0.9 * cause[:, 0] + 0.3 * cause[:, 1] + rng.normal(0, 0.6, unit.size)
    latent = np.column_stack([cause, outcome]) + rng.normal(0, 0.5, units)[unit, None]
    return np.clip(np.rint(3 + latent), 1, 5).astype(np.uint8), unit


def within_correlations(ratings, unit):
    centred = ratings.astype(float)
    for u in np.unique(unit):
        centred[unit == u] -= centred[unit == u].mean(axis=0)
    r = np.corrcoef(centred.T)
    return r[:-1, :-1], r[:-1, -1]


def test_importance_is_that_of_the_answers_less_their_municipalitys_mean():
    ratings, unit = answers(6)
    found = outcome_importance(tally(ratings, unit, 6), 3, [0, 1, 2])
    assert np.allclose(found.weights, relative_weights(*within_correlations(ratings, unit)))
    assert found.shares.sum() == pytest.approx(1)
    assert found.weights[0] > found.weights[1] > found.weights[2]
    assert np.isnan(found.low).all()


def test_limits_are_those_of_leaving_out_one_municipality_at_a_time():
    ratings, unit = answers(20, persons=25)
    found = outcome_importance(tally(ratings, unit, 20), 3, [0, 1, 2])
    without = np.array([relative_weights(*within_correlations(ratings[unit != u], unit[unit != u])) for u in range(20)])
    error = np.sqrt(19 / 20 * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    assert np.allclose(found.low, np.clip(found.weights - stdtrit(19, 0.975) * error, 0, 1))
    assert np.allclose(found.high, np.clip(found.weights + stdtrit(19, 0.975) * error, 0, 1))


def test_a_municipality_without_answers_is_not_left_out_as_if_it_counted():
    ratings, unit = answers(20, persons=25)
    some, more = (outcome_importance(tally(ratings, unit, units), 3, [0, 1, 2]) for units in (20, 25))
    assert np.allclose(some.low, more.low)


def test_items_that_never_vary_or_were_never_answered_together_are_named():
    ratings, unit = answers(3)
    constant = ratings.copy()
    constant[:, 1] = 4
    with pytest.raises(ConstantItem, match="item 2"):
        outcome_importance(tally(constant, unit, 3), 3, [0, 1, 2])
    apart = ratings.copy()
    apart[::2, 0], apart[1::2, 1] = 0, 0
    with pytest.raises(NotACorrelation):
        outcome_importance(tally(apart, unit, 3), 3, [0, 1, 2])


def test_actions_are_important_and_probably_below():
    found = actions([0.1, 0.3, 0.2, np.nan], [[0.9, 0.8, 0.9, 0.9], [0.9, np.nan, 0.9, 0.9]])
    assert found.tolist() == [[False, True, False, False], [False, False, False, False]]
    assert not actions([np.nan], [[0.9]]).any()


def test_independent_dimensions_of_a_sum_have_their_share_of_its_variance():
    dimensions = np.random.default_rng(1).normal(50, [5.0, 10.0, 10.0], (4000, 3))
    assert effective_importance(dimensions.sum(axis=1), dimensions) == pytest.approx([1 / 9, 4 / 9, 4 / 9], abs=0.04)


def test_a_dimension_that_bends_the_index_counts_though_its_correlation_is_zero():
    x = np.linspace(0, 100, 41)
    assert np.corrcoef(x, (x - 50) ** 2)[0, 1] == pytest.approx(0, abs=1e-12)
    assert effective_importance((x - 50) ** 2, x[:, None]) == pytest.approx([1.0])


def test_chance_does_not_look_like_importance():
    rng = np.random.default_rng(2)
    found = effective_importance(rng.normal(50, 10, 400), rng.normal(50, 10, (400, 5)))
    assert found.max() < 0.05


def test_too_few_units_or_nothing_that_varies_have_no_importance():
    assert np.isnan(effective_importance(np.arange(7.0), np.arange(7.0)[:, None])).all()
    assert np.isnan(effective_importance(np.full(9, 5.0), np.arange(9.0)[:, None])).all()
    missing = np.append(np.arange(9.0), np.nan)
    assert effective_importance(missing, missing[:, None]) == pytest.approx([1.0])

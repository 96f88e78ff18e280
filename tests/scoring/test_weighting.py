"""Weights bring respondents to the newcomers' composition, or leave them alone where that would do harm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.index import WeightNotPositive
from scoring.weighting import (
    MarginsDoNotFit,
    NobodyToWeight,
    effective_n,
    merge_small,
    post_stratify,
    rake,
    standardise,
    trim,
    weigh,
    weighted_moments,
)

few = settings(max_examples=30, deadline=None)


@st.composite
def tables(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)))
    return rng.integers(1, 60, shape), [rng.integers(1, 500, size) for size in shape]


@few
@given(tables())
def test_raked_margins_are_those_of_the_newcomers(table):
    n, margins = table
    found = rake(n, margins)
    assert found.error < 1e-8
    weighted = n * found.weights
    assert weighted.sum() == pytest.approx(n.sum())
    for axis, margin in enumerate(margins):
        sums = weighted.sum(axis=tuple(a for a in range(n.ndim) if a != axis))
        assert np.allclose(sums / n.sum(), margin / margin.sum())


@few
@given(st.integers(0, 10_000))
def test_raking_keeps_what_the_margins_do_not_speak_of(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 60, (3, 4))
    weights = rake(n, [rng.integers(1, 500, 3), rng.integers(1, 500, 4)]).weights
    odds = weights[1:, 1:] * weights[:1, :1] / (weights[1:, :1] * weights[:1, 1:])
    assert np.allclose(odds, 1)


def test_one_margin_is_post_stratification():
    n, population = [30, 10, 20], [100, 300, 50]
    assert np.allclose(rake(n, [population]).weights, post_stratify(n, population))
    assert np.allclose(post_stratify(n, population), np.array([100, 300, 50]) / 450 * 60 / np.array(n))


def test_margins_that_empty_cells_contradict_are_not_reached_and_say_so():
    found = rake([[10, 0], [0, 10]], [[90, 10], [50, 50]])
    assert (found.rounds, found.error > 0.1) == (100, True)
    assert weigh([[20, 0], [0, 20]], [[90, 10], [50, 50]]).decision == "not_reached"


def test_a_category_without_respondents_is_named_unless_it_has_no_newcomers():
    with pytest.raises(NobodyToWeight, match="Category 2 of margin 1"):
        rake([5, 0, 5], [[10, 10, 10]])
    assert rake([5, 0, 5], [[10, 0, 10]]).weights.tolist() == [1, 1, 1]
    with pytest.raises(NobodyToWeight, match="Nobody"):
        post_stratify([0, 0], [1, 1])


@pytest.mark.parametrize(
    ("n", "margins"),
    [
        ([5, 5], [[1, 2, 3]]),
        ([5, 5], [[1, -1]]),
        ([5, 5], [[0, 0]]),
        ([5, 5], [[1, np.nan]]),
        ([5, 5], [[1, 1], [1, 1]]),
        (np.ones((2, 2, 2, 2)), [[1, 1]] * 4),
    ],
)
def test_margins_that_do_not_fit_are_refused(n, margins):
    with pytest.raises(MarginsDoNotFit):
        rake(n, margins)


def test_the_effective_number_is_that_of_kish():
    weights = np.random.default_rng(1).uniform(0.3, 3, 50)
    assert effective_n(weights) == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert effective_n([2.0, 1.0], [3, 4]) == pytest.approx(effective_n([2, 2, 2, 1, 1, 1, 1]))
    assert effective_n([1.0], [0]) == 0
    with pytest.raises(WeightNotPositive):
        effective_n([1.0, -1.0])


@few
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_merged_categories_are_large_enough_and_stand_in_order(sizes):
    groups = merge_small(sizes)
    assert (np.diff(groups) >= 0).all()
    assert groups.max() == 0 or np.bincount(groups, weights=sizes).min() >= 5


def test_trimmed_weights_have_mean_1_and_the_ratio_of_the_limits():
    weights = trim([0.01, 1.0, 50.0], [10, 50, 1])
    assert np.array([10, 50, 1]) @ weights == pytest.approx(61)
    assert weights[2] / weights[0] == pytest.approx(10)


def test_weights_within_the_limits_are_left_alone():
    assert np.allclose(trim([0.5, 1.5], [10, 10]), [0.5, 1.5])


def test_few_answers_and_wild_weights_are_not_used():
    assert weigh([15, 14], [[1, 1]]).decision == "too_few_answers"
    unequal = weigh([95, 5], [[5, 95]])
    assert unequal.decision == "too_unequal"
    assert unequal.effective_n < 50
    assert unequal.weights.tolist() == [1, 1]


def test_small_categories_share_a_weight_with_their_neighbour():
    found = weigh([40, 4, 30], [[50, 30, 20]])
    assert found.decision == "weighted"
    assert found.merged[0].tolist() == [0, 1, 1]
    assert found.weights[1] == found.weights[2]
    assert np.array([40, 4, 30]) @ found.weights == pytest.approx(74)


def test_a_representative_round_is_weighted_by_one():
    found = weigh([[20, 10], [40, 20]], [[1, 2], [2, 1]])
    assert np.allclose(found.weights, 1)
    assert found.effective_n == pytest.approx(90)


def test_weighted_moments_are_those_of_the_persons():
    rng = np.random.default_rng(2)
    counts, weights, scores = rng.integers(0, 9, (4, 5)), rng.uniform(0.3, 3, 4), np.arange(5) * 25.0
    cell, point = (np.repeat(a.ravel(), counts.ravel()) for a in np.indices(counts.shape))
    w, s = weights[cell], scores[point]
    mean = np.average(s, weights=w)
    error = w.size / (w.size - 1) * (w**2 * (s - mean) ** 2).sum() / w.sum() ** 2
    n, m, variance = weighted_moments(counts, scores, weights)
    assert (n, m) == (pytest.approx(effective_n(w)), pytest.approx(mean))
    assert variance / n == pytest.approx(error)


def test_equal_weights_are_no_weights():
    counts, scores = np.array([[1, 0, 4], [2, 2, 0]]), np.array([0.0, 50.0, 100.0])
    persons = np.repeat(scores, counts.sum(axis=0))
    assert weighted_moments(counts, scores, [2.0, 2.0]) == pytest.approx((9, persons.mean(), persons.var(ddof=1)))


def test_nobody_has_no_mean_and_one_answer_no_variance():
    n, mean, variance = weighted_moments([[0, 0]], [0.0, 100.0], [1.0])
    assert n == 0
    assert np.isnan([mean, variance]).all()
    n, mean, variance = weighted_moments([[0, 1]], [0.0, 100.0], [1.0])
    assert (n, mean) == (1, 100)
    assert np.isnan(variance)


def test_units_that_differ_only_in_composition_are_equal_when_standardised():
    young, old = np.array([1, 1, 2]), np.array([4, 3, 1])
    counts = np.array([[young * 10, old * 5], [young * 5, old * 10], [young * 10, old * 10]])
    found = standardise(counts, [0.0, 50.0, 100.0], [[4, 8]])
    assert np.ptp(found.mean) < 1e-9
    assert np.ptp(found.unadjusted) > 5
    assert found.decision == ("weighted",) * 3
    shares = [c @ [0.0, 50.0, 100.0] / c.sum() for c in (young, old)]
    assert found.mean[0] == pytest.approx((shares[0] + 2 * shares[1]) / 3)


def test_a_unit_with_few_answers_is_not_adjusted():
    found = standardise([[[3, 2], [2, 3]]], [0.0, 100.0], [[10, 90]])
    assert found.decision == ("too_few_answers",)
    assert found.mean[0] == found.unadjusted[0] == 50

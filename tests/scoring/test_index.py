"""A hierarchy of scores: weights, what is missing, and what does not apply."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.index import (
    INSUFFICIENT,
    NOT_APPLICABLE,
    PUBLISHED,
    UNANSWERED,
    NotATree,
    ScoreNotPositive,
    Structure,
    WeightNotPositive,
    aggregate,
    evaluate,
    logical_range,
    tree,
)

few = settings(max_examples=40)

scores = st.lists(st.one_of(st.just(float("nan")), st.floats(1, 100)), min_size=1, max_size=6)
weights = st.lists(st.floats(0.1, 10), min_size=6, max_size=6)


def one_dimension(children=6):
    return Structure(
        ("top", *(f"c{i}" for i in range(children))), np.array([-1] + [0] * children), np.ones(children + 1)
    )


@pytest.mark.parametrize(("order", "expected"), [(1, 44.5), (0, 40.0), (-1, 35.955)])
def test_means_have_the_digits_of_the_worked_example(order, expected):
    assert round(float(aggregate([25, 64], [1, 1], order)[0]), 3) == expected


@few
@given(scores, weights)
def test_a_common_factor_in_the_weights_changes_nothing(values, w):
    w = w[: len(values)]
    assert np.allclose(aggregate(values, w), aggregate(values, [5 * v for v in w]), equal_nan=True)


@few
@given(scores)
def test_equal_weights_are_the_plain_mean_of_what_is_there(values):
    present = [v for v in values if v == v]
    value, share = aggregate(values, np.ones(len(values)))
    assert share == pytest.approx(len(present) / len(values))
    assert np.isnan(value) if not present else value == pytest.approx(np.mean(present))


@few
@given(scores, weights)
def test_a_missing_child_is_a_child_of_weight_zero(values, w):
    w = np.array(w[: len(values)])
    missing = np.isnan(values)
    if missing.all():
        return
    filled = np.where(missing, 50.0, values)
    assert aggregate(values, w)[0] == pytest.approx(aggregate(filled, np.where(missing, 0, w))[0])


@few
@given(scores, weights)
def test_arithmetic_is_at_least_geometric_is_at_least_harmonic(values, w):
    a, g, h = (aggregate(values, w[: len(values)], order)[0] for order in (1, 0, -1))
    assert np.isnan(a) or (a >= g - 1e-9 and g >= h - 1e-9)


@few
@given(st.permutations(range(6)), weights)
def test_the_order_of_the_children_does_not_matter(order, w):
    values = np.array([10.0, 20.0, np.nan, 40.0, 50.0, 60.0])
    assert np.allclose(aggregate(values, w), aggregate(values[list(order)], np.array(w)[list(order)]))


@pytest.mark.parametrize("wrong", [[-1, 2], [0, 0], [float("nan"), 1], [float("inf"), 1]])
def test_weights_that_cannot_weigh_are_refused(wrong):
    with pytest.raises(WeightNotPositive):
        aggregate([1, 2], wrong)


def test_a_geometric_mean_of_negative_scores_is_refused_and_a_zero_makes_it_zero():
    with pytest.raises(ScoreNotPositive):
        aggregate([-1, 2], [1, 1], order=0)
    assert aggregate([0, 64], [1, 1], order=0)[0] == 0


@pytest.mark.parametrize("parent", [[-1, -1], [0, 0], [1, 0], [-1, 5], [-1, 2, 1]])
def test_what_is_no_tree_is_refused(parent):
    with pytest.raises(NotATree):
        Structure(tuple("abc"[: len(parent)]), np.array(parent), np.ones(len(parent)))


def test_two_thirds_answered_are_enough_and_less_is_not():
    values = np.array([[100, 100, 100, 100, np.nan, np.nan], [100, 100, 100, np.nan, np.nan, np.nan]])
    result = evaluate(one_dimension(), values, minimum_share=2 / 3)
    assert result.status[:, 0].tolist() == [PUBLISHED, INSUFFICIENT]
    assert result.values[0, 0] == 100
    assert np.isnan(result.values[1, 0])


def test_what_does_not_apply_leaves_the_denominator_up_to_a_third():
    values = np.array([[60, 60, 60, 60, np.nan, np.nan]] * 2)
    away = np.array([[False] * 4 + [True] * 2, [False] * 3 + [True] * 3])
    result = evaluate(one_dimension(), values, minimum_share=1.0, not_applicable=away)
    assert result.status[:, 0].tolist() == [PUBLISHED, INSUFFICIENT]
    assert result.shares[0, 0] == 1.0
    assert result.status[1, 4:].tolist() == [NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE]


def test_a_dimension_in_which_nothing_applies_is_insufficient_not_zero():
    away = np.ones((1, 6), dtype=bool)
    result = evaluate(one_dimension(), np.full((1, 6), np.nan), 2 / 3, not_applicable=away)
    assert result.status[0, 0] == INSUFFICIENT
    assert np.isnan(result.values[0, 0])


def test_nothing_answered_is_unanswered():
    result = evaluate(one_dimension(), np.full((1, 6), np.nan), 2 / 3)
    assert (result.status == UNANSWERED).all()


def test_an_all_missing_unit_changes_nothing_for_the_others():
    values = np.array([[10.0, 20, 30, 40, 50, 60], [1, 2, 3, 4, 5, 6]])
    with_empty = np.vstack([values, np.full((1, 6), np.nan)])
    assert np.array_equal(
        evaluate(one_dimension(), values).values, evaluate(one_dimension(), with_empty).values[:2], equal_nan=True
    )


def test_levels_of_a_tree_weigh_by_their_own_weights():
    structure = tree([(["t"], [0], [1]), (["A", "B"], [0, 0], [3, 1]), (["a", "b", "c"], [0, 0, 1], [1, 1, 1])])
    result = evaluate(structure, np.array([[0.0, 100.0, 90.0]]))
    assert result.values[0, :3].tolist() == [60.0, 50.0, 90.0]


@few
@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0, 100)), min_size=6, max_size=6))
def test_the_logical_range_holds_every_way_to_complete_the_answers(values):
    row = np.array([values])
    low, high = logical_range(one_dimension(), row, np.zeros(row.shape, dtype=bool))
    for filler in (0.0, 37.0, 100.0):
        completed = np.where(np.isnan(row), filler, row).mean()
        assert low[0, 0] - 1e-9 <= completed <= high[0, 0] + 1e-9

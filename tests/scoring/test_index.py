"""A hierarchy of scores: normalisation, weights, what is missing, and what does not apply."""

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.index import (
    INSUFFICIENT,
    NORMALISATIONS,
    NOT_APPLICABLE,
    PUBLISHED,
    UNANSWERED,
    ConstantIndicator,
    DirectionUnknown,
    GoalpostsNotOrdered,
    NotATree,
    ScoreNotPositive,
    Structure,
    TargetNotARange,
    UnknownNormalisation,
    ValueNotFinite,
    WeightNotPositive,
    aggregate,
    evaluate,
    logical_range,
    normalise,
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


@pytest.mark.parametrize(
    ("method", "to", "expected"),
    [
        ("minmax", (0, 100), [0, 100 / 3, 100 / 3, 100]),
        ("minmax", (1, 7), [1, 3, 3, 7]),
        ("distance_to_max", (0, 1), [0, 1 / 3, 1 / 3, 1]),
        ("rank", (0, 100), [1, 2.5, 2.5, 4]),
        ("borda", (0, 100), [0, 1.5, 1.5, 3]),
        ("percentile_rank", (0, 100), [0, 50, 50, 100]),
    ],
)
def test_normalised_values_have_the_digits_of_their_definition(method, to, expected):
    found = normalise([10, 20, np.nan, 20, 40], method, to=to)
    assert np.isnan(found[2])
    assert found[[0, 1, 3, 4]] == pytest.approx(expected)


def test_z_scores_have_the_mean_and_standard_deviation_asked_for():
    values = [10, 20, 20, 46]
    expected = [100 + 15 * (v - statistics.mean(values)) / statistics.stdev(values) for v in values]
    assert normalise(values, "zscore", to=(100, 15)) == pytest.approx(expected)


def test_goalposts_cut_what_lies_beyond_and_do_not_depend_on_other_units():
    assert normalise([10, 20, 52.5, 85, 90], "goalposts", low=20, high=85, to=(0, 1)).tolist() == [0, 0, 0.5, 1, 1]
    assert normalise([52.5], "goalposts", low=20, high=85).tolist() == [50]
    assert normalise([20, 90, 52.5], "goalposts", direction=-1, low=20, high=85).tolist() == [100, 0, 50]


def test_columns_are_normalised_one_by_one_with_their_own_direction_and_goalposts():
    values = np.array([[0.0, 10.0], [5.0, 20.0], [10.0, 40.0]])
    assert normalise(values, "minmax", direction=[1, -1]).tolist() == [[0, 100], [50, pytest.approx(200 / 3)], [100, 0]]
    found = normalise(values, "goalposts", direction=[1, -1], low=[0, 0], high=[20, 40])
    assert found.tolist() == [[0, 75], [25, 50], [50, 0]]


@few
@given(
    st.sampled_from([m for m in NORMALISATIONS if m != "goalposts"]),
    st.lists(st.one_of(st.just(float("nan")), st.integers(-1000, 1000)), min_size=2, max_size=12),
    st.floats(0.01, 100),
    st.floats(-1000, 1000),
)
def test_the_unit_of_measurement_does_not_matter_and_reversing_reverses(method, values, factor, shift):
    x = np.array(values, dtype=float)
    if len(set(x[~np.isnan(x)])) < 2:
        return
    found = normalise(x, method)
    assert np.allclose(found, normalise(factor * x + shift, method), equal_nan=True, atol=1e-6)
    n = np.count_nonzero(~np.isnan(x))
    ends = {"rank": n + 1, "borda": n - 1, "zscore": 0}.get(method, 100)
    assert np.allclose(ends - found, normalise(x, method, direction=-1), equal_nan=True)
    assert np.array_equal(np.argsort(found, kind="stable"), np.argsort(x, kind="stable"))


@pytest.mark.parametrize("method", [m for m in NORMALISATIONS if m != "goalposts"])
@pytest.mark.parametrize("values", [[5.0], [0.1, 0.1, 0.1, np.nan]])
def test_a_single_value_or_equal_ones_are_missing_with_a_warning(method, values):
    with pytest.warns(ConstantIndicator, match="column 1"):
        assert np.isnan(normalise(values, method)).all()


def test_nothing_to_normalise_stays_nothing():
    assert normalise([], "minmax").shape == (0,)
    assert normalise(np.zeros((0, 3)), "rank").shape == (0, 3)
    assert np.isnan(normalise([np.nan, np.nan], "zscore")).all()


def test_values_next_to_each_other_far_from_a_third_keep_their_ranks():
    assert normalise([-1e20, 1.0, 2.0], "rank").tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("error", "arguments"),
    [
        (UnknownNormalisation, {"method": "minmaxx"}),
        (DirectionUnknown, {"direction": 0}),
        (DirectionUnknown, {"direction": float("nan")}),
        (GoalpostsNotOrdered, {"method": "goalposts"}),
        (GoalpostsNotOrdered, {"method": "goalposts", "low": 5, "high": 5}),
        (GoalpostsNotOrdered, {"method": "goalposts", "low": 5, "high": float("inf")}),
        (TargetNotARange, {"to": (1, 1)}),
        (TargetNotARange, {"method": "zscore", "to": (0, 0)}),
        (ValueNotFinite, {"values": [1, float("inf")]}),
        (ValueNotFinite, {"values": [-1.7e308, 1.7e308]}),
    ],
)
def test_what_cannot_be_normalised_is_refused(error, arguments):
    with pytest.raises(error):
        normalise(**{"values": [1.0, 2.0], "method": "minmax"} | arguments)


def test_an_unknown_normalisation_is_told_the_nearest():
    with pytest.raises(UnknownNormalisation, match='"percentile_rank"'):
        normalise([1, 2], "percentil_rank")


def test_every_node_may_have_an_order_of_its_own():
    structure = tree([(["t"], [0], [1]), (["A", "B"], [0, 0], [1, 1]), (["a", "b", "c"], [0, 0, 1], [1, 1, 1])])
    result = evaluate(structure, np.array([[25.0, 64.0, 10.0], [0.0, 64.0, 10.0]]), order=[1, 0, 1, 1, 1, 1])
    assert result.values[:, 1] == pytest.approx([40.0, 0.0])
    assert result.values[:, 0] == pytest.approx([25.0, 5.0])

"""Intervals: digits of an independent implementation, and what must hold for any answers."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from scoring.intervals import (
    PopulationBelowResponses,
    difference_interval,
    logical_bounds,
    mean_interval,
    share_interval,
)
from scoring.likert import moments

few = settings(max_examples=40)

histograms = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(lambda counts: sum(counts) >= 2)


def of(counts):
    return tuple(float(v) for v in moments(np.array(counts), np.arange(5) * 25.0))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"n": 5, "mean": 100, "variance": 0}, (43.97406, 100)),
        ({"n": 5, "mean": 100, "variance": 0, "population": 10}, (61.08608, 100)),
        ({"n": 10, "mean": 70, "variance": 4750 / 9}, (49.645, 84.668)),
        ({"n": 12, "mean": 71.5, "variance": 220, "items": 6}, (59.96179, 80.77900)),
    ],
)
def test_intervals_of_a_mean_have_the_digits_of_the_worked_examples(arguments, expected):
    digits = 3 if expected[0] == 49.645 else 5
    assert tuple(round(float(v), digits) for v in mean_interval(**arguments)) == expected


def test_the_interval_of_a_share_is_wilsons():
    low, high = share_interval(7, 10)
    assert (round(float(low), 5), round(float(high), 5)) == (39.67781, 89.22087)


@few
@given(st.integers(0, 60), st.integers(1, 60))
def test_the_interval_of_a_share_agrees_with_scipy(successes, n):
    assume(successes <= n)
    expected = binomtest(successes, n).proportion_ci(method="wilson")
    assert np.allclose(share_interval(successes, n), (100 * expected.low, 100 * expected.high))


@few
@given(histograms)
def test_an_interval_contains_its_mean_and_never_leaves_the_scale(counts):
    low, high = mean_interval(*of(counts))
    assert 0 <= low <= of(counts)[1] <= high <= 100
    assert low < high


@few
@given(histograms)
def test_turning_the_scale_round_turns_the_interval_round(counts):
    low, high = mean_interval(*of(counts))
    turned_low, turned_high = mean_interval(*of(counts[::-1]))
    assert (100 - turned_high, 100 - turned_low) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@few
@given(st.floats(5, 95), st.floats(10, 1000), st.integers(2, 200))
def test_more_answers_of_the_same_kind_never_widen_an_interval(mean, variance, n):
    assume(variance <= mean * (100 - mean))
    widths = [np.subtract(*mean_interval(size, mean, variance)[::-1]) for size in (n, 2 * n)]
    assert widths[1] <= widths[0] + 1e-9


@few
@given(histograms, st.integers(0, 100), st.integers(1, 100))
def test_knowing_more_of_the_population_narrows_an_interval(counts, few, more):
    n, mean, variance = of(counts)
    smaller, larger = n + few, n + few + more
    narrow = np.subtract(*mean_interval(n, mean, variance, smaller)[::-1])
    wide = np.subtract(*mean_interval(n, mean, variance, larger)[::-1])
    assert narrow <= wide + 1e-9


@few
@given(histograms)
def test_a_full_census_has_no_uncertainty(counts):
    n, mean, variance = of(counts)
    low, high = mean_interval(n, mean, variance, n)
    assert low == pytest.approx(mean, abs=1e-9) == pytest.approx(high, abs=1e-9)


def test_an_unknown_population_is_an_infinite_one():
    assert np.allclose(mean_interval(10, 60, 400, np.nan), mean_interval(10, 60, 400))


def test_one_answer_has_no_interval():
    assert np.isnan(mean_interval([0, 1], [np.nan, 50], [np.nan, np.nan])).all()


def test_more_answers_than_people_is_an_error():
    with pytest.raises(PopulationBelowResponses):
        mean_interval(11, 60, 400, 10)


def test_arrays_give_what_single_numbers_give():
    low, _ = mean_interval([5, 10], [100, 70], [0, 4750 / 9])
    assert low.tolist() == [float(mean_interval(5, 100, 0)[0]), float(mean_interval(10, 70, 4750 / 9)[0])]


@few
@given(st.integers(1, 50), st.integers(0, 50), st.floats(0, 100))
def test_logical_bounds_are_what_the_silent_could_still_change(n, silent, mean):
    low, high = logical_bounds(n, mean, n + silent)
    assert low == pytest.approx(n * mean / (n + silent), abs=1e-9)
    assert high == pytest.approx((n * mean + 100 * silent) / (n + silent), abs=1e-9)


def test_without_a_known_population_nothing_is_excluded():
    assert [float(v) for v in logical_bounds(10, 50, np.nan)] == [0, 100]


@few
@given(histograms, histograms)
def test_the_interval_of_a_difference_turns_with_its_sign(first, second):
    one, two = of(first), of(second)
    limits = [mean_interval(*v) for v in (one, two)]
    low, high = difference_interval(one[1], limits[0], two[1], limits[1])
    back_low, back_high = difference_interval(two[1], limits[1], one[1], limits[0])
    assert (low, high) == (pytest.approx(-back_high), pytest.approx(-back_low))
    assert low <= two[1] - one[1] <= high

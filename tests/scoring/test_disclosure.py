"""Disclosure control: what is shown is coarse enough, and an attacker who subtracts finds nobody."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.disclosure import (
    COARSE,
    FINE,
    SUPPRESSED,
    WHOLE,
    censor,
    contributors,
    countable,
    quartiles,
    round_distribution,
    round_population,
    round_scores,
    round_shares,
    tiers,
)

few = settings(max_examples=60)
histograms = arrays(np.int64, 5, elements=st.integers(0, 30)).filter(lambda counts: counts.sum() > 0)


def test_nothing_is_shown_below_the_minimum_of_the_audience():
    n = np.array([0, 4, 5, 9, 10, 29, 30])
    assert tiers(n, minimum=10).tolist() == [SUPPRESSED] * 4 + [WHOLE, WHOLE, FINE]
    assert tiers(n, minimum=5).tolist() == [SUPPRESSED] * 2 + [COARSE, COARSE, WHOLE, WHOLE, FINE]


def test_each_tier_rounds_as_coarsely_as_it_must():
    tier = np.array([SUPPRESSED, COARSE, WHOLE, FINE])
    assert np.array_equal(round_scores(np.full(4, 67.55), tier), [np.nan, 70, 68, 67.6], equal_nan=True)
    assert np.array_equal(round_shares(np.full(4, 0.456), tier), [np.nan, np.nan, 0.5, 0.46], equal_nan=True)


@few
@given(histograms, st.sampled_from([WHOLE, FINE]))
def test_a_distribution_still_adds_up_after_rounding(counts, tier):
    shares = round_distribution(counts, np.array(tier))
    step = {WHOLE: 0.1, FINE: 0.01}[tier]
    assert shares.sum() == pytest.approx(1)
    assert np.abs(shares - counts / counts.sum()).max() < step + 1e-9


def test_small_numbers_of_newcomers_are_rounded_to_five():
    assert round_population(np.array([182.0, 183.0, 1234.0])).tolist() == [180, 185, 1234]


@few
@given(histograms)
def test_that_everybody_agrees_can_never_be_read_off(counts):
    shown = censor(counts)
    unanimous = censor(np.array([0, 0, 0, 0, counts.sum()]))
    assert 2.5 - 1e-9 <= shown.mean <= 97.5 + 1e-9 or not shown.homogeneous
    assert not shown.homogeneous or 0.1 - 1e-9 <= shown.top_two <= 0.9 + 1e-9
    assert unanimous.homogeneous
    assert unanimous.mean < 100


@few
@given(histograms)
def test_answers_that_differ_are_shown_as_they_are(counts):
    shown = censor(counts)
    if not shown.homogeneous:
        assert shown.mean == pytest.approx((counts * np.arange(5) * 25).sum() / counts.sum())
        assert shown.top_two == pytest.approx(counts[3:].sum() / counts.sum())


@pytest.mark.parametrize(
    "counts", [[0, 0, 1, 5, 6], [3, 7, 0, 0, 0], [0, 1, 0, 0, 9], [9, 0, 0, 0, 1], [0, 0, 12, 0, 0]]
)
def test_near_unanimous_and_one_sided_answers_are_recognised(counts):
    assert censor(np.array(counts)).homogeneous


def test_an_agreement_does_not_show_in_a_narrow_interval():
    assert censor(np.array([0, 0, 12, 0, 0])).variance > 0


def test_turning_unanimous_answers_round_keeps_them_hidden():
    assert 100 - censor(np.array([12, 0, 0, 0, 0])).mean == pytest.approx(95)
    assert censor(np.array([12, 0, 0, 0, 0])).mean == pytest.approx(5)


@few
@given(arrays(bool, (8, 3)), arrays(bool, (8, 3)))
def test_hidden_municipalities_enter_a_statistic_only_in_company(available, visible):
    used = contributors(available, visible)
    hidden = (used & ~visible).sum(axis=0)
    assert not (used & ~available).any()
    assert ((hidden == 0) | (hidden >= 3)).all()
    assert (used >= (available & visible)).all()


@few
@given(arrays(np.int64, (6, 2, 5), elements=st.integers(0, 8)), arrays(bool, (6, 2)))
def test_an_attacker_who_subtracts_all_published_and_himself_finds_no_small_group(counts, visible):
    used = countable(counts, visible)
    for column in range(2):
        total = counts[used[:, column], column].sum(axis=0)
        rest = total - counts[visible[:, column], column].sum(axis=0)
        inside = np.flatnonzero(used[:, column] & ~visible[:, column])
        if not inside.size:
            assert (rest == 0).all()
            continue
        assert inside.size >= 3
        for attacker in inside:
            left = rest - counts[attacker, column]
            assert left.sum() >= 10
            assert left.max() < 0.9 * left.sum()


def test_a_lone_hidden_municipality_is_left_out_of_the_total():
    counts = np.full((4, 1, 5), 20)
    visible = np.array([[True], [True], [True], [False]])
    assert countable(counts, visible)[:, 0].tolist() == [True, True, True, False]


def test_many_hidden_municipalities_are_counted():
    counts = np.full((8, 1, 5), 20)
    assert countable(counts, np.array([[True]] * 4 + [[False]] * 4)).all()


@few
@given(arrays(float, (9, 2), elements=st.one_of(st.just(np.nan), st.floats(0, 100))))
def test_quartiles_are_numpys_and_none_below_five(values):
    spread = quartiles(values, np.ones(values.shape, dtype=bool))
    for column in range(2):
        present = values[~np.isnan(values[:, column]), column]
        found = [float(q[column]) for q in (spread.q1, spread.median, spread.q3)]
        assert spread.n[column] == present.size
        if present.size < 5:
            assert np.isnan(found).all()
        else:
            assert found == pytest.approx(np.quantile(present, [0.25, 0.5, 0.75]).tolist())


def test_no_municipality_has_no_quartiles():
    assert np.isnan(quartiles(np.zeros((0, 3)), np.zeros((0, 3), dtype=bool)).median).all()

"""Places and funnels against hand-worked digits and brute force, and how often they are right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, rankdata

from scoring.ranking import (
    AnswersNotPositive,
    DrawNotFinite,
    ShareOutOfRange,
    StandardErrorNotPositive,
    UnknownConfidenceMethod,
    VarianceNegative,
    funnel_limits,
    probability_top,
    rank_confidence_set,
    rank_intervals,
    winsorised_between_variance,
)
from scoring.shrinkage import TooFewUnits, VarianceNotPositive, posterior

few = settings(max_examples=25, deadline=None)


@st.composite
def networks(draw, smallest=2, largest=9):
    """Whole-number estimates and standard errors, so that adding and scaling is exact."""
    size = draw(st.integers(smallest, largest))
    estimates = draw(st.lists(st.integers(0, 40), min_size=size, max_size=size))
    errors = draw(st.lists(st.sampled_from([1, 2, 4, 8]), min_size=size, max_size=size))
    return np.array(estimates, dtype=float), np.array(errors, dtype=float)


@st.composite
def joint_draws(draw):
    shape = draw(st.integers(1, 30)), draw(st.integers(2, 6))
    return np.random.default_rng(draw(st.integers(0, 9999))).integers(0, 8, shape).astype(float)


def test_places_are_quantiles_of_the_ranks_that_occurred():
    draws = np.array([[9, 1, 5]] * 3 + [[1, 9, 5]] * 97)
    low, high = rank_intervals(draws, level=0.95)
    assert (low.tolist(), high.tolist()) == ([1, 1, 2], [3, 3, 2])
    low, high = rank_intervals(draws, level=0.9)
    assert (low.tolist(), high.tolist()) == ([3, 1, 2], [3, 1, 2])


def test_the_tails_hold_exactly_their_share_of_the_draws():
    # 2,000 draws, 2.5 % are 50: the 50th smallest rank and the 1,950th are the limits.
    first = np.r_[np.full(50, 1.0), np.full(1900, 0.0), np.full(50, -1.0)]
    draws = np.stack([first, np.full(2000, 0.5), np.full(2000, -0.5)], axis=1)
    low, high = rank_intervals(draws)
    assert (low[0], high[0]) == (1, 2)
    draws[:50, 0] = np.r_[0.0, np.ones(49)]
    assert rank_intervals(draws)[0][0] == 2


def test_equal_scores_share_the_mean_of_their_places():
    low, high = rank_intervals([[7, 7, 1]] * 5)
    assert low.tolist() == high.tolist() == [1.5, 1.5, 3]


def test_indicators_are_ranked_each_for_itself():
    draws = np.random.default_rng(1).normal(size=(40, 5, 3))
    low, high = rank_intervals(draws)
    for indicator in range(3):
        alone = rank_intervals(draws[:, :, indicator])
        assert np.array_equal(low[:, indicator], alone[0])
        assert np.array_equal(high[:, indicator], alone[1])


@few
@given(joint_draws(), st.integers(-1000, 1000), st.randoms(use_true_random=False))
def test_places_follow_the_units_and_ignore_a_common_constant(draws, constant, random):
    order = list(range(draws.shape[1]))
    random.shuffle(order)
    low, high = rank_intervals(draws)
    moved = rank_intervals(draws[:, order] + constant)
    assert np.array_equal(low[order], moved[0])
    assert np.array_equal(high[order], moved[1])
    assert (low >= 1).all()
    assert (low <= high).all()
    assert (high <= draws.shape[1]).all()


@few
@given(joint_draws())
def test_turning_scores_round_turns_places_round(draws):
    odd = np.vstack([draws, draws[:1]]) if len(draws) % 2 == 0 else draws
    low, _ = rank_intervals(odd, level=1e-9)
    turned, _ = rank_intervals(-odd, level=1e-9)
    assert np.array_equal(low, draws.shape[1] + 1 - turned)


def test_the_best_quarter_of_ten_are_three_places_and_of_four_is_one():
    ten = np.tile(np.arange(10.0, 0, -1), (4, 1))
    assert probability_top(ten).tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert probability_top(ten[:, :4]).tolist() == [1, 0, 0, 0]
    assert probability_top(ten, share=0.3).tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_probabilities_to_be_at_the_top_add_up_to_its_places():
    draws = np.random.default_rng(2).normal(size=(500, 59))
    assert probability_top(draws).sum() == pytest.approx(15)


def test_rank_intervals_from_the_posterior_cover_the_true_places():
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(60):
        truth = rng.normal(60, 6, 20)
        variances = rng.uniform(4, 60, 20)
        draws = posterior(rng.normal(truth, np.sqrt(variances)), variances).draws(1000, rng)
        low, high = rank_intervals(draws)
        places = 20 - truth.argsort().argsort()
        inside.append(((low <= places) & (places <= high)).mean())
    # 1,200 intervals, those of one network dependent; half a per cent is their standard error if they were not.
    assert np.mean(inside) >= 0.935


def test_three_units_are_placed_as_worked_by_hand():
    # z of 1 - (1 - 0.95^(1/3)) / 2 is 2.3877: intervals 4.78 wide, of which 0 and 4 overlap and 0 and 5 do not.
    low, high = rank_confidence_set([0, 4, 10], [1, 1, 1], method="sidak")
    assert (low.tolist(), high.tolist()) == ([2, 2, 1], [3, 3, 1])
    low, high = rank_confidence_set([0, 5, 10], [1, 1, 1], method="sidak")
    assert low.tolist() == high.tolist() == [3, 2, 1]


def test_intervals_that_just_touch_are_not_told_apart():
    z = norm.ppf(1 - (1 - 0.95**0.5) / 2)
    for distance, expected in ((2 * z * (1 + 1e-9), [2, 1]), (2 * z * (1 - 1e-9), [2, 2])):
        assert rank_confidence_set([0, distance], [1, 1], method="sidak")[1].tolist() == expected


@few
@given(networks())
def test_sorted_searches_count_what_comparing_all_pairs_counts(network):
    y, s = network
    z = norm.ppf(1 - (1 - 0.9 ** (1 / y.size)) / 2)
    lower, upper = y - z * s, y + z * s
    low, high = rank_confidence_set(y, s, level=0.9, method="sidak")
    for i in range(y.size):
        assert low[i] == 1 + sum(lower[k] > upper[i] for k in range(y.size))
        assert high[i] == y.size - sum(upper[k] < lower[i] for k in range(y.size))


def by_the_book(y, s, level, joint, noise):
    """Step-down over the list of hypotheses "j is not above k", one at a time; y ascending as the noise expects."""
    units = range(y.size)
    z = noise.astype(float) * s
    families = [[(j, k) for j in units for k in units if j != k]]
    if not joint:
        families = [[(j, k) for j, k in families[0] if unit in (j, k)] for unit in units]
    places = []
    for family in families:
        open_, found = set(family), set()
        while True:
            largest = np.max([(z[:, j] - z[:, k]) / np.hypot(s[j], s[k]) for j, k in sorted(open_)], axis=0)
            critical = np.sort(largest)[int(np.ceil(level * (len(largest) - 1) - 1e-9))]
            new = {(j, k) for j, k in open_ if (y[j] - y[k]) / np.hypot(s[j], s[k]) > critical}
            if not new:
                break
            open_, found = open_ - new, found | new
        places.append([(1 + sum(k == u for _, k in found), y.size - sum(j == u for j, _ in found)) for u in units])
    chosen = places[0] if joint else [places[u][u] for u in units]
    return [low for low, _ in chosen], [high for _, high in chosen]


@pytest.mark.parametrize("joint", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_pairwise_places_are_those_of_testing_one_hypothesis_after_the_other(seed, joint):
    rng = np.random.default_rng(seed)
    s = rng.uniform(0.5, 3, 7)
    y = np.sort(rng.normal(0, 4, 7))
    noise = np.random.default_rng(seed).standard_normal((200, 7), dtype=np.float32)
    low, high = rank_confidence_set(y, s, 0.8, joint, "pairwise", resamples=200, rng=np.random.default_rng(seed))
    assert (low.tolist(), high.tolist()) == by_the_book(y, s, 0.8, joint, noise)


def test_two_units_are_told_apart_by_the_two_sided_test():
    # Both directions of one difference: the critical value is the normal 97.5 % quantile.
    for distance, expected in ((1.8, [2, 2]), (2.15, [2, 1])):
        assert rank_confidence_set([0, distance * 2**0.5], [1, 1], resamples=20_000)[1].tolist() == expected


@few
@given(networks(), st.integers(-100, 100), st.booleans(), st.randoms(use_true_random=False))
def test_places_depend_neither_on_order_nor_on_a_constant_nor_on_the_unit_of_measurement(
    network, constant, joint, random
):
    y, s = network
    order = list(range(y.size))
    random.shuffle(order)
    low, high = rank_confidence_set(y, s, 0.8, joint, resamples=99)
    moved = rank_confidence_set(4 * (y[order] + constant), 4 * s[order], 0.8, joint, resamples=99)
    # Twins draw different noise; which of them comes first is not theirs.
    if len(set(zip(y, s, strict=True))) == y.size:
        assert np.array_equal(low[order], moved[0])
        assert np.array_equal(high[order], moved[1])


@few
@given(networks())
def test_joint_places_are_not_narrower_than_each_units_own(network):
    joint, own = (rank_confidence_set(*network, 0.8, which, "pairwise", resamples=199) for which in (True, False))
    assert (joint[0] <= own[0]).all()
    assert (joint[1] >= own[1]).all()


@pytest.mark.parametrize(("method", "joint"), [("pairwise", True), ("pairwise", False), ("sidak", True)])
def test_confidence_sets_cover_the_true_places(method, joint):
    rng = np.random.default_rng(5)
    truth = np.r_[np.zeros(4), np.linspace(2, 12, 8)]
    # Equal true scores may have any of the places they share.
    best = 1 + (truth[:, None] < truth).sum(axis=1)
    worst = (truth[:, None] <= truth).sum(axis=1)
    covered = []
    for _ in range(200):
        low, high = rank_confidence_set(rng.normal(truth, 1.0), np.ones(12), 0.9, joint, method, resamples=200)
        covered.append((low <= best) & (worst <= high))
    all_together = np.all(covered, axis=1).mean()
    # The standard error of 0.9 in 200 networks is 0.02.
    assert np.mean(covered, axis=0).min() >= 0.85
    assert not joint or all_together >= 0.85


def test_clear_differences_are_places_and_none_are_the_whole_table():
    for method in ("pairwise", "sidak"):
        low, high = rank_confidence_set(np.arange(12) * 100.0, np.ones(12), method=method)
        assert low.tolist() == high.tolist() == list(range(12, 0, -1))
        low, high = rank_confidence_set(np.full(12, 50.0), np.ones(12), method=method)
        assert (low.tolist(), high.tolist()) == ([1] * 12, [12] * 12)


def test_many_units_are_placed_by_their_own_intervals():
    rng = np.random.default_rng(6)
    y, s = rng.normal(60, 6, 501), rng.uniform(1, 5, 501)
    assert np.array_equal(rank_confidence_set(y, s), rank_confidence_set(y, s, method="sidak"))


def test_what_is_settled_makes_it_easier_to_tell_the_rest():
    # The studentised range of eight (5 %: 4.29, 10 %: 3.93) bounds the first step, two-sided, and about the second,
    # in which only one direction of every settled difference is left: 4.1 is not enough for the one, but for the other.
    open_ = rank_confidence_set(np.r_[0.0, 4.1, np.full(6, 2.05)], np.ones(8), resamples=20_000)
    assert (open_[0].tolist(), open_[1].tolist()) == ([1] * 8, [8] * 8)
    settled = np.r_[0.0, 4.1, 50, 100, 150, 200, 250, 300]
    assert rank_confidence_set(settled, np.ones(8), resamples=20_000)[1].tolist()[:2] == [8, 7]


def test_the_same_input_has_the_same_places():
    rng = np.random.default_rng(7)
    y, s = rng.normal(60, 3, 30), rng.uniform(1, 3, 30)
    assert np.array_equal(rank_confidence_set(y, s), rank_confidence_set(y, s))


@pytest.mark.parametrize("at_once", [1, 40])
def test_blocks_do_not_show(monkeypatch, at_once):
    rng = np.random.default_rng(9)
    y, s, draws = rng.normal(60, 3, 15), rng.uniform(1, 3, 15), rng.normal(size=(30, 15, 2))
    results = rank_confidence_set(y, s), rank_confidence_set(y, s, joint=False), rank_intervals(draws)
    monkeypatch.setattr("scoring.ranking._COMPARED_AT_ONCE", at_once)
    monkeypatch.setattr("scoring.ranking._RANKED_AT_ONCE", at_once)
    again = rank_confidence_set(y, s), rank_confidence_set(y, s, joint=False), rank_intervals(draws)
    for one, other in zip(results, again, strict=True):
        assert np.array_equal(one, other)


def test_a_funnel_has_the_limits_of_the_normal_distribution():
    low, high = funnel_limits(np.array([10, 100]), 62.0, 850.0, 9.0, 0.998)
    assert low.tolist() == pytest.approx([62 - norm.ppf(0.999) * 94**0.5, 62 - norm.ppf(0.999) * 17.5**0.5])
    assert high.tolist() == pytest.approx([62 + norm.ppf(0.999) * 94**0.5, 62 + norm.ppf(0.999) * 17.5**0.5])


def test_a_funnel_narrows_to_the_spread_of_ordinary_units():
    low, high = funnel_limits(1e12, 60, 900, 16, 0.95)
    assert high - low == pytest.approx(2 * 1.959964 * 4, abs=1e-4)
    assert funnel_limits(10, 60, 0, 0, 0.95) == (60, 60)


def test_normal_scores_keep_the_published_share_of_their_square_when_cut():
    # 0.6786546 = 2 (Phi(c) - 1/2 - c phi(c)) + 0.2 c^2 with c the 90 % quantile: a thousand normal quantiles solve
    # the equation at tau2 = 3 when their variances are 1 and their scale is sqrt(1 + 3).
    z = norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    assert np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2) == pytest.approx(0.6786546, abs=2e-5)
    assert winsorised_between_variance(60 + 2 * z, np.ones(z.size), 60.0) == pytest.approx(3, abs=1e-3)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.4])
def test_the_constant_belongs_to_the_share_that_is_cut(share):
    z = norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    assert winsorised_between_variance(2 * z, np.ones(z.size), 0.0, share) == pytest.approx(3, abs=2e-3)


def test_without_cutting_it_is_the_mean_square_around_the_benchmark():
    y = np.array([40.0, 55, 60, 70, 75])
    # Equal variances: sum d^2 / (v + t2) = G - 1 = 4, sum d^2 = 750 around 60.
    assert winsorised_between_variance(y, np.full(5, 20.0), 60.0, share=0.0) == pytest.approx(750 / 4 - 20)


def test_an_outlier_does_not_move_the_variance_between_ordinary_units():
    rng = np.random.default_rng(8)
    y, v = rng.normal(60, 5, 40), np.full(40, 9.0)
    far = y.copy()
    far[np.argmax(y)] = 100_000
    assert winsorised_between_variance(far, v, 60.0) == pytest.approx(winsorised_between_variance(y, v, 60.0))


def test_units_closer_than_chance_have_no_variance_between_them():
    assert winsorised_between_variance(np.full(9, 60.0), np.ones(9), 60.0) == 0


def test_six_units_are_worked_by_hand():
    # Equal variances 4, distances -10, -5, 0, 5, 10, 150 cut at -5 and 10: mean square 275 / 6. The constant for a
    # fifth is 0.6 - 2 x 0.841621 x 0.279962 + 0.4 x 0.841621^2 = 0.412087.
    tau2 = winsorised_between_variance([40, 45, 50, 55, 60, 200], [4.0] * 6, 50.0, share=0.2)
    assert tau2 == pytest.approx(275 / 6 / (0.412087 * 5 / 6) - 4, abs=1e-3)


@few
@given(networks(3))
def test_the_root_solves_the_equation(network):
    y, s = network
    tau2 = winsorised_between_variance(y, s**2, 20.0)
    z = (y - 20) / np.sqrt(s**2 + tau2)
    left = np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)
    right = 0.6786546 * (y.size - 1) / y.size
    assert left == pytest.approx(right, rel=1e-6) if tau2 > 0 else left <= right


@pytest.mark.parametrize(
    ("draws", "error"),
    [
        (np.ones((5, 1)), TooFewUnits),
        (np.ones((0, 3)), DrawNotFinite),
        (np.ones(3), DrawNotFinite),
        (np.array([[1, np.nan]]), DrawNotFinite),
        (np.array([[1, np.inf]]), DrawNotFinite),
    ],
)
def test_draws_that_cannot_be_ranked_are_refused(draws, error):
    for function in (rank_intervals, probability_top):
        with pytest.raises(error):
            function(draws)


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 95, np.nan])
def test_a_level_is_a_share(level):
    for call in (
        lambda: rank_intervals(np.ones((2, 2)), level),
        lambda: probability_top(np.ones((2, 2)), level),
        lambda: rank_confidence_set([1, 2], [1, 1], level),
        lambda: funnel_limits(10, 50, 900, 0, level),
    ):
        with pytest.raises(ShareOutOfRange):
            call()


@pytest.mark.parametrize(
    ("y", "s"), [([1, 2], [1, 0]), ([1, 2], [1, -1]), ([1, np.nan], [1, 1]), ([1, 2], [1, np.inf]), ([1, 2], [1])]
)
def test_an_estimate_needs_a_standard_error(y, s):
    with pytest.raises(StandardErrorNotPositive):
        rank_confidence_set(y, s)


def test_one_unit_has_no_place():
    with pytest.raises(TooFewUnits):
        rank_confidence_set([1], [1])
    with pytest.raises(TooFewUnits):
        winsorised_between_variance([1.0], [1.0], 0.0)


def test_what_else_cannot_be_computed_is_refused_by_name():
    with pytest.raises(UnknownConfidenceMethod, match="sidak"):
        rank_confidence_set([1, 2], [1, 1], method="bonferroni")
    with pytest.raises(AnswersNotPositive):
        funnel_limits([10, 0], 50, 900, 0, 0.95)
    with pytest.raises(VarianceNegative):
        funnel_limits(10, 50, -1, 0, 0.95)
    with pytest.raises(VarianceNegative):
        funnel_limits(10, 50, 900, np.nan, 0.95)
    with pytest.raises(VarianceNotPositive):
        winsorised_between_variance([1.0, 2.0], [1.0, 0.0], 0.0)
    with pytest.raises(VarianceNotPositive):
        winsorised_between_variance([1.0, 2.0], [1.0, 1.0], np.nan)
    with pytest.raises(ShareOutOfRange):
        winsorised_between_variance([1.0, 2.0], [1.0, 1.0], 0.0, 0.5)


@pytest.mark.parametrize("shape", [(30, 7), (30, 7, 3)])
@pytest.mark.parametrize("digits", [0, 12])
def test_places_are_mean_ranks_with_ties_and_without(shape, digits):
    draws = np.round(np.random.default_rng(1).normal(0, 3, shape), digits)
    low, high = rank_intervals(draws, level=0.5)
    ranks = rankdata(-draws, axis=1)
    assert np.array_equal(low, np.quantile(ranks, 0.25, axis=0, method="inverted_cdf"))
    assert np.array_equal(high, np.quantile(ranks, 0.75, axis=0, method="inverted_cdf"))

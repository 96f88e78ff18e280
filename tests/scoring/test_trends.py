"""Change between waves: told only where it is more than chance, and against the right comparison."""

import numpy as np
import pytest
from scipy.stats import kendalltau, ttest_rel

from scoring import comparison
from scoring.method import Method
from scoring.shrinkage import moderated_variance, posterior
from scoring.trends import (
    MomentsOutOfRange,
    TooFewWaves,
    WavesDiffer,
    changes,
    check_same_items,
    network_change,
    paired_change,
    smallest_detectable_change,
    trend,
)


def two_waves(seed=1, units=20, shift=0.0, spread=0.0):
    rng = np.random.default_rng(seed)
    n_1, n_2 = rng.integers(20, 200, units), rng.integers(20, 200, units)
    first = rng.normal(55, 5, units)
    second = first + shift + rng.normal(0, spread, units)
    variances = rng.uniform(300, 700, (2, units))
    return (
        (n_1, first + rng.normal(0, np.sqrt(variances[0] / n_1)), variances[0]),
        (n_2, second + rng.normal(0, np.sqrt(variances[1] / n_2)), variances[1]),
    )


def test_the_command_line_finds_changes_where_comparisons_are():
    assert comparison.changes is changes


def test_the_limits_of_a_change_combine_the_published_limits_of_both_waves():
    # 10 answers with mean 70: 49.645 to 84.668; five answers "5": 43.97406 to 100.
    found = changes([10], [70.0], [4750 / 9], [5], [100.0], [0.0])
    assert found.change.tolist() == [30.0]
    assert found.low[0] == pytest.approx(30 - np.hypot(100 - 43.97406, 84.668 - 70), abs=1e-3)
    assert found.high[0] == pytest.approx(30 + (70 - 49.645), abs=1e-3)


def test_shrunken_changes_are_the_model_of_the_differences():
    first, second = two_waves(spread=8.0)
    found = changes(*first, *second)
    v = sum(moderated_variance(w[2], w[0]) / w[0] for w in (first, second))
    fit = posterior(second[1] - first[1], v)
    assert np.allclose(found.shrunken, fit.mean)
    assert np.allclose((found.shrunken_low, found.shrunken_high), fit.interval(0.95))
    assert np.allclose(found.detectable, 2.8 * np.sqrt(v))


def test_when_all_improve_alike_all_are_better_and_nobody_stands_out():
    n, variance, first = np.full(12, 2000), np.full(12, 400.0), np.linspace(40, 60, 12)
    found = changes(n, first, variance, n, first + 20, variance)
    assert set(found.flag) == {"better"}
    assert set(found.relative_flag) == {"none"}


def test_who_fell_behind_while_others_rose_is_worse_than_the_network_only():
    n, variance, first = np.full(12, 5000), np.full(12, 400.0), np.linspace(40, 60, 12)
    rise = np.append(np.tile([18.0, 22.0], 5), [0.0, 0.0])
    found = changes(n, first, variance, n, first + rise, variance)
    assert found.flag.tolist() == ["better"] * 10 + ["same"] * 2
    assert found.relative_flag[-2:].tolist() == ["worse"] * 2


def test_chance_alone_is_not_flagged():
    first, second = two_waves(seed=7, units=59)
    assert not set(changes(*first, *second).flag) & {"better", "worse"}


def test_several_indicators_are_modelled_one_by_one():
    waves = [two_waves(seed, spread=6.0) for seed in (1, 2)]
    columns = [[np.column_stack([w[i][k] for w in waves]) for k in range(3)] for i in (0, 1)]
    together = changes(*columns[0], *columns[1], items=[1, 6])
    for j, (first, second) in enumerate(waves):
        alone = changes(*first, *second, items=[1, 6][j])
        for name in ("change", "low", "high", "shrunken", "shrunken_low", "shrunken_high", "detectable"):
            assert np.array_equal(getattr(together, name)[:, j], getattr(alone, name))


def test_a_unit_that_is_missing_from_a_wave_has_no_change_and_changes_nothing():
    first, second = two_waves(spread=6.0)
    found = changes(*first, *second)
    more = changes(
        *(np.append(a, b) for a, b in zip(first, (0, np.nan, np.nan), strict=True)),
        *(np.append(a, b) for a, b in zip(second, (50, 70.0, 400.0), strict=True)),
    )
    assert np.array_equal(more.shrunken[:-1], found.shrunken)
    assert more.flag[:-1].tolist() == found.flag.tolist()
    assert np.isnan([more.change[-1], more.low[-1], more.shrunken[-1], more.detectable[-1]]).all()
    assert (more.flag[-1], more.relative_flag[-1]) == ("none", "none")


def test_too_few_answers_or_municipalities_are_not_modelled():
    first, second = two_waves(units=7)
    found = changes(*first, *second)
    assert not np.isnan(found.low).any()
    assert np.isnan(found.shrunken).all()
    assert set(found.flag) == {"none"}
    assert np.isnan(changes(*first, *second, minimum_n=10_000).change).all()


def test_the_margin_is_a_parameter_of_the_method():
    n, variance, first = np.full(12, 2000), np.full(12, 400.0), np.full(12, 50.0)
    assert set(changes(n, first, variance, n, first + 8, variance).flag) == {"better"}
    wide = changes(n, first, variance, n, first + 8, variance, method=Method(margin=12.0))
    assert set(wide.flag) == {"same"}


def test_waves_of_different_units_or_items_are_refused():
    with pytest.raises(WavesDiffer, match="same units"):
        changes([5], [50.0], [100.0], [5, 5], [50.0, 50.0], [100.0, 100.0])
    with pytest.raises(WavesDiffer, match="different shapes"):
        changes([5, 5, 5], [50.0, 50.0], [100.0], [5], [50.0], [100.0])
    with pytest.raises(MomentsOutOfRange, match="Row 2"):
        changes([5, 5], [50.0, 101.0], [100.0, 100.0], [5, 5], [50.0, 50.0], [100.0, 100.0])
    with pytest.raises(WavesDiffer, match="Item 1"):
        check_same_items(["a"], ["b"])
    with pytest.raises(WavesDiffer, match="2 items"):
        check_same_items(["a", "b"], ["a"])


def test_the_smallest_detectable_change_is_seen_four_times_out_of_five():
    rng = np.random.default_rng(1)
    change = float(smallest_detectable_change(8.0))
    assert change == pytest.approx(2.8 * 4)
    assert smallest_detectable_change(8.0, 1.0) == pytest.approx(2.8 * 3)
    seen = np.abs(rng.normal(change, 4.0, 40_000)) > 1.959963984540054 * 4
    assert seen.mean() == pytest.approx(0.8, abs=0.01)


def test_the_change_of_linked_persons_is_that_of_their_differences():
    d = np.random.default_rng(2).normal(8, 20, 50)
    mean, variance, low, high = paired_change(50, d.sum(), (d**2).sum())
    assert (mean, variance) == (pytest.approx(d.mean()), pytest.approx(d.var(ddof=1) / 50))
    theirs = ttest_rel(d, np.zeros(50)).confidence_interval()
    assert (low, high) == (pytest.approx(theirs.low, abs=2.5), pytest.approx(theirs.high, abs=2.5))


def test_linked_persons_who_all_changed_alike_leave_some_doubt():
    _, _, low, high = paired_change([5, 1], [0.0, 0.0], [0.0, 0.0])
    assert low[0] < 0 < high[0]
    assert np.isnan(low[1])


def test_the_change_of_a_network_is_the_paired_t_interval():
    rng = np.random.default_rng(3)
    first, second = rng.normal(50, 10, 12), rng.normal(55, 10, 12)
    found, theirs = network_change(first, second), ttest_rel(second, first).confidence_interval()
    assert (found.low, found.high) == (pytest.approx(theirs.low), pytest.approx(theirs.high))
    assert (found.units, found.composition) == (12, pytest.approx(0))


def test_who_joins_and_leaves_is_the_composition_and_not_the_change():
    found = network_change([40, 50, 10, np.nan], [45, 55, np.nan, 95])
    assert (found.units, found.change) == (2, 5)
    assert found.all_units == pytest.approx(65 - 100 / 3)
    assert found.change + found.composition == pytest.approx(found.all_units)


def test_a_network_without_a_pair_has_no_change():
    alone = network_change([40, np.nan], [np.nan, 50])
    assert (alone.units, alone.all_units) == (0, 10)
    assert np.isnan([alone.change, alone.low, alone.composition]).all()
    one = network_change([40.0], [50.0])
    assert one.change == 10
    assert np.isnan(one.low)
    with pytest.raises(WavesDiffer):
        network_change([1.0], [1.0, 2.0])


def test_a_slope_is_that_of_weighted_least_squares_with_known_variances():
    rng = np.random.default_rng(5)
    times, n = np.array([0.0, 1, 2.5, 4, 6]), rng.integers(20, 200, (5, 9))
    mean = rng.normal(50, 6, (5, 9)) + 2 * times[:, None]
    found = trend(times, n, mean, np.full((5, 9), 500.0))
    for u in range(9):
        slope, covariance = np.polyfit(times, mean[:, u], 1, w=np.sqrt(n[:, u] / 500), cov="unscaled")
        assert found.slope[u] == pytest.approx(slope[0])
        assert (found.high[u] - found.low[u]) / 2 == pytest.approx(1.959963984540054 * covariance[0, 0] ** 0.5)
        assert found.tau[u] == pytest.approx(kendalltau(times, mean[:, u]).statistic)


def test_slopes_far_from_the_others_are_drawn_to_them():
    rng = np.random.default_rng(6)
    mean = 50 + rng.normal(0, 4, (4, 15))
    found = trend([0, 1, 2, 3], np.full((4, 15), 30), mean, np.full((4, 15), 500.0))
    assert np.abs(found.shrunken - found.shrunken.mean()).max() < np.abs(found.slope - found.slope.mean()).max()
    assert ((found.shrunken_low < found.shrunken) & (found.shrunken < found.shrunken_high)).all()


def test_the_flag_of_a_trend_speaks_of_the_whole_span():
    steady = np.linspace(0, 12, 5)[:, None] + np.full((5, 10), 40.0)
    found = trend([0, 2, 4, 6, 8], np.full((5, 10), 5000), steady, np.full((5, 10), 400.0))
    assert found.slope == pytest.approx(1.5)
    assert set(found.flag) == {"better"}


def test_a_municipality_needs_four_waves_for_a_trend():
    mean = np.full((5, 9), 50.0)
    mean[:2, 0] = np.nan
    found = trend(range(5), np.full((5, 9), 50), mean, np.full((5, 9), 400.0))
    assert np.isnan([found.slope[0], found.shrunken[0], found.tau[0], found.theil_sen[0]]).all()
    assert (found.flag[0], found.flag[1]) == ("none", "same")
    assert (found.tau[1], found.p_value[1], found.theil_sen[1]) == (0, 1, 0)


def test_three_waves_are_no_trend():
    with pytest.raises(TooFewWaves, match="not 3"):
        trend([0, 1, 2], np.full((3, 9), 50), np.full((3, 9), 50.0), np.full((3, 9), 400.0))
    with pytest.raises(TooFewWaves):
        trend([0, 1, 2, 2], np.full((4, 9), 50), np.full((4, 9), 50.0), np.full((4, 9), 400.0))
    with pytest.raises(WavesDiffer):
        trend([0, 1, 2, 3, 4], np.full((4, 9), 50), np.full((4, 9), 50.0), np.full((4, 9), 400.0))

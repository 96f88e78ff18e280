"""Replications against the index itself, Sobol indices against known models, and what must not depend on anything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, norm, sobol_indices, uniform

from scoring.index import NotATree, Structure, WeightNotPositive, evaluate, normalise, tree
from scoring.sensitivity import (
    FACTORS,
    ArraysDiffer,
    FactorOutOfRange,
    Factors,
    Nominal,
    ReplicationsNotUsable,
    SamplingErrorUnusable,
    ScoreOutOfRange,
    indices,
    sobol,
    uncertainty,
)
from scoring.shrinkage import TooFewUnits

few = settings(max_examples=25, deadline=None)
fewer = settings(max_examples=10, deadline=None)

NOTHING = {
    "criterion_weights": 0.0,
    "dimension_weights": 0.0,
    "order": None,
    "scalings": ("fixed",),
    "coverage": None,
    "leave_one_out": False,
    "sampling": False,
}
CHOICES = {name: getattr(Factors(), name) for name in NOTHING}
# Three dimensions in two areas, one leaf beside a dimension: weights of both kinds below one parent.
STRUCTURE = tree(
    [
        (["index"], [0], [1]),
        (["A", "B"], [0, 0], [2, 1]),
        (["A1", "A2", "B1", "b"], [0, 0, 1, 1], [1, 3, 2, 1]),
        (["a", "c", "d", "e", "f", "g", "h"], [0, 0, 1, 1, 1, 2, 2], [1, 1, 2, 1, 1, 1, 4]),
    ]
)
LEAVES = STRUCTURE.leaves.size


def flat(leaves, weights=None):
    return Structure(
        ("index", *(f"c{i}" for i in range(leaves))),
        np.array([-1] + [0] * leaves),
        np.r_[1.0, np.ones(leaves) if weights is None else weights],
    )


def only(**changes):
    return Factors(**{**NOTHING, **changes})


def generator(seed=1):
    return np.random.default_rng(seed)


def levels(seed, units=8, leaves=LEAVES, missing=0.0):
    rng = generator(seed)
    values = 25.0 * rng.integers(0, 5, (units, leaves))
    return np.where(rng.random(values.shape) < missing, np.nan, values)


def same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in vars(one))


def root_of(structure, values, **rules):
    return evaluate(structure, values, **rules).values[:, structure.inner[-1]]


@few
@given(
    st.integers(0, 9999), st.sampled_from([0.0, 0.2]), st.sampled_from([0, 0.5, 2 / 3]), st.sampled_from([1, 0, -1, 2])
)
def test_with_no_factor_at_work_every_replication_is_the_index_itself(seed, missing, minimum, order):
    values = levels(seed, missing=missing) + 1.0 * (order < 1)
    values = np.minimum(values, 100)
    away = generator(seed + 1).random(values.shape) < 0.1
    rules = {"minimum_share": minimum, "order": order, "not_applicable": away}
    expected = root_of(STRUCTURE, values, **rules)
    if (~np.isnan(expected)).sum() < 2:
        return
    found = uncertainty(Nominal(STRUCTURE, values, **rules), rng=generator(), factors=only(), replications=3)
    for score in (found.score_low, found.score_median, found.score_high):
        assert np.allclose(score, expected, equal_nan=True)
    scored = ~np.isnan(expected)
    assert (found.shift[scored] == 0).all()
    assert found.robust.tolist() == scored.tolist()
    assert np.array_equal(found.low, found.nominal, equal_nan=True)
    assert np.array_equal(found.high, found.nominal, equal_nan=True)


def test_places_count_from_the_highest_score_and_ties_share_them():
    found = uncertainty(
        Nominal(flat(2), np.array([[50.0, 50], [100, 0], [100, 100], [np.nan, np.nan]])),
        rng=generator(),
        factors=only(),
        replications=1,
    )
    assert found.nominal.tolist()[:3] == [2.5, 2.5, 1]
    assert np.isnan(found.nominal[3])
    assert not found.robust[3]
    assert found.places == 3


@pytest.mark.parametrize("order", [0.0, -1.0, 0.5, -0.3])
def test_a_mean_of_another_order_is_taken_of_shifted_scores_at_every_node(order):
    values = levels(3, missing=0.15)
    shifted = 1 + 0.99 * values
    expected = (evaluate(STRUCTURE, shifted, order=order).values[:, STRUCTURE.inner[-1]] - 1) / 0.99
    found = uncertainty(Nominal(STRUCTURE, values), rng=generator(), factors=only(order=(order, order)), replications=2)
    assert np.allclose(found.score_median, expected, atol=1e-3 if order == 0 else 1e-9)


def test_the_arithmetic_mean_is_one_of_the_orders():
    values = levels(4)
    found = uncertainty(Nominal(STRUCTURE, values), rng=generator(), factors=only(order=(1, 1)), replications=2)
    assert np.allclose(found.score_median, root_of(STRUCTURE, values))


def test_orders_are_spread_evenly_over_their_range():
    # Two leaves 0 and 100: t = 1 and 100; the quantiles of the score are scores at quantiles of the order.
    values = np.array([[0.0, 100.0], [50.0, 50.0]])
    found = uncertainty(Nominal(flat(2), values), rng=generator(), factors=only(order=(-1.0, 1.0)), replications=4000)
    for quantile, score in ((0.05, found.score_low), (0.5, found.score_median), (0.95, found.score_high)):
        p = -1 + 2 * quantile
        mean = 10.0 if p == 0 else ((1 + 100**p) / 2) ** (1 / p)
        assert score[0] == pytest.approx((mean - 1) / 0.99, abs=1.0)
    assert found.score_high[1] == pytest.approx(50)


def test_weights_of_leaves_follow_their_beta_distribution():
    # Dirichlet, four equal weights, deviation of a quarter: alpha_0 = 3 / 0.0625 - 1 = 47.
    values = np.vstack([100 * np.eye(4), np.full(4, 50.0)])
    found = uncertainty(
        Nominal(flat(4), values), rng=generator(), factors=only(criterion_weights=0.25), replications=4000
    )
    expected = 100 * beta.ppf([0.05, 0.5, 0.95], 47 / 4, 47 * 3 / 4)
    for unit in range(4):
        digits = [found.score_low[unit], found.score_median[unit], found.score_high[unit]]
        assert digits == pytest.approx(expected.tolist(), abs=0.7)
    assert found.score_low[4] == pytest.approx(50)


def test_weights_that_are_not_equal_keep_their_mean_and_vary_by_a_quarter_on_average():
    nominal = np.array([0.5, 0.3, 0.2])
    alpha = 2 / 0.0625 - 1
    deviations = np.sqrt((1 - nominal) / nominal / (alpha + 1))
    assert (nominal * deviations**2).sum() == pytest.approx(0.25**2)
    found = uncertainty(
        Nominal(flat(3, nominal), 100 * np.eye(3)),
        rng=generator(),
        factors=only(criterion_weights=0.25),
        replications=4000,
    )
    assert found.score_median.tolist() == pytest.approx(
        [100 * beta.median(alpha * w, alpha * (1 - w)) for w in nominal], abs=0.7
    )


def test_weights_of_dimensions_leave_the_leaves_within_them_alone():
    # Two dimensions of equal weight: alpha_0 = 1 / 0.0625 - 1 = 15.
    structure = tree([(["index"], [0], [1]), (["A", "B"], [0, 0], [1, 1]), (["a", "b", "c"], [0, 0, 1], [1, 1, 1])])
    values = np.array([[100.0, 100, 0], [100, 0, 0], [0, 100, 0], [0, 0, 100]])
    found = uncertainty(
        Nominal(structure, values), rng=generator(), factors=only(dimension_weights=0.25), replications=4000
    )
    low, high = 100 * beta.ppf([0.05, 0.95], 7.5, 7.5)
    assert found.score_low[0] == pytest.approx(low, abs=1)
    assert found.score_high[3] == pytest.approx(high, abs=1)
    assert found.score_high[1] == pytest.approx(found.score_high[0] / 2)
    assert found.score_high[2] == pytest.approx(found.score_high[1])


def test_a_weight_of_zero_stays_zero():
    values = np.array([[10.0, 90.0, 0.0], [10.0, 90.0, 100.0]])
    found = uncertainty(
        Nominal(flat(3, [1, 1, 0]), values), rng=generator(), factors=only(criterion_weights=0.25), replications=50
    )
    assert np.allclose(found.score_low[0], found.score_low[1])
    assert found.shift.tolist() == [0, 0]


@pytest.mark.parametrize(("name", "target"), [("zscore", (50, 10)), ("percentile_rank", (0, 100))])
def test_another_scale_is_the_normalisation_of_that_name(name, target):
    values = levels(5, units=12, missing=0.1)
    expected = root_of(STRUCTURE, normalise(values, name, to=target))
    found = uncertainty(Nominal(STRUCTURE, values), rng=generator(), factors=only(scalings=(name,)), replications=2)
    assert np.allclose(found.score_median, expected)


def test_an_indicator_on_which_nobody_differs_is_in_the_middle_of_another_scale():
    values = np.c_[np.full(5, 75.0), np.arange(5) * 25.0]
    found = uncertainty(Nominal(flat(2), values), rng=generator(), factors=only(scalings=("zscore",)), replications=2)
    z = (np.arange(5) - 2) / 2.5**0.5
    assert np.allclose(found.score_median, (50 + 50 + 10 * z) / 2)


def test_scores_are_told_on_the_first_scale_only():
    values = levels(6)
    found = uncertainty(
        Nominal(STRUCTURE, values),
        rng=generator(),
        factors=only(scalings=("fixed", "zscore", "percentile_rank")),
        replications=60,
    )
    assert np.allclose(found.score_low, root_of(STRUCTURE, values))
    assert np.allclose(found.score_high, root_of(STRUCTURE, values))
    assert found.shift.max() > 0


def test_each_leaf_is_left_out_as_often_as_none():
    values = levels(7, units=6, missing=0.1)
    scores = [root_of(STRUCTURE, values)]
    for leaf in range(LEAVES):
        keep = np.array([node for node in range(len(STRUCTURE.ids)) if node != STRUCTURE.leaves[leaf]])
        position = {-1: -1} | {int(node): place for place, node in enumerate(keep)}
        smaller = Structure(
            tuple(STRUCTURE.ids[node] for node in keep),
            np.array([position[int(p)] for p in STRUCTURE.parent[keep]]),
            STRUCTURE.weight[keep],
        )
        scores.append(root_of(smaller, np.delete(values, leaf, axis=1)))
    found = uncertainty(
        Nominal(STRUCTURE, values), rng=generator(), factors=only(leave_one_out=True), replications=9 * 400
    )
    table = np.sort(scores, axis=0)
    # With nine equally likely scores, 5 % and 95 % are the first and the last, the median the fifth.
    assert np.allclose(found.score_low, table[0])
    assert np.allclose(found.score_high, table[-1])
    assert np.allclose(found.score_median, table[LEAVES // 2])


def test_a_dimension_whose_only_leaf_is_left_out_is_left_out_too():
    structure = tree([(["index"], [0], [1]), (["A", "B"], [0, 0], [1, 1]), (["a", "b"], [0, 1], [1, 1])])
    values = np.array([[100.0, 0.0], [20.0, 60.0]])
    found = uncertainty(
        Nominal(structure, values, minimum_share=1.0),
        rng=generator(),
        factors=only(leave_one_out=True),
        replications=900,
    )
    assert found.scored.tolist() == [1, 1]
    assert (found.score_low[0], found.score_median[0], found.score_high[0]) == (0, 50, 100)


def test_more_coverage_than_there_is_takes_the_score_but_moves_nobody():
    values = np.array([[90.0] * 10, [80.0] * 7 + [np.nan] * 3, [70.0] * 10, [80.0] * 7 + [np.nan] * 3, [10.0] * 10])
    found = uncertainty(
        Nominal(flat(10), values), rng=generator(), factors=only(coverage=(0.5, 0.9)), replications=4000
    )
    # 70 % are enough in half of the replications.
    assert found.scored[[1, 3]].tolist() == pytest.approx([0.5, 0.5], abs=0.03)
    assert found.shift.tolist() == [0] * 5
    assert found.near.tolist() == pytest.approx([1, 0.5, 1, 0.5, 1], abs=0.03)
    assert found.robust.tolist() == [True, False, True, False, True]
    assert np.array_equal(found.high, found.nominal)


def test_the_coverage_rule_is_that_of_the_index():
    values = levels(8, units=12, missing=0.3)
    for threshold in (0.5, 0.7, 0.9):
        expected = root_of(STRUCTURE, values, minimum_share=threshold)
        found = uncertainty(
            Nominal(STRUCTURE, values),
            rng=generator(),
            factors=only(coverage=(threshold, threshold)),
            replications=2,
        )
        assert np.allclose(found.score_median, expected, equal_nan=True)


def test_draws_of_the_leaves_are_drawn_equally_often():
    values = levels(9)
    draws = np.clip(generator(2).normal(values, 20, (9, *values.shape)), -5, 105)
    scores = np.sort([root_of(STRUCTURE, np.clip(draw, 0, 100)) for draw in draws], axis=0)
    found = uncertainty(
        Nominal(STRUCTURE, values, draws=draws), rng=generator(), factors=only(sampling=True), replications=9 * 400
    )
    assert np.allclose(found.score_low, scores[0])
    assert np.allclose(found.score_median, scores[4])
    assert np.allclose(found.score_high, scores[-1])


def test_draws_may_be_missing_where_the_value_is():
    values = levels(10, missing=0.3)
    draws = np.repeat(values[None], 5, axis=0)
    found = uncertainty(
        Nominal(STRUCTURE, values, draws=draws), rng=generator(), factors=only(sampling=True), replications=20
    )
    assert np.allclose(found.score_high, root_of(STRUCTURE, values), equal_nan=True)


def test_standard_errors_spread_scores_by_the_normal_distribution():
    values = np.full((3, 4), 50.0)
    errors = np.array([[8.0] * 4, [0.0] * 4, [np.nan] * 4])
    values[2] = np.nan
    values[2, 0], errors[2, 0] = 40.0, 3.0
    found = uncertainty(
        Nominal(flat(4), values, standard_errors=errors),
        rng=generator(),
        factors=only(sampling=True),
        replications=4000,
    )
    assert found.score_high[0] == pytest.approx(50 + 4 * norm.ppf(0.95), abs=0.25)
    assert found.score_low[0] == pytest.approx(50 - 4 * norm.ppf(0.95), abs=0.25)
    assert found.score_low[1] == found.score_high[1] == 50
    assert found.score_high[2] == pytest.approx(40 + 3 * norm.ppf(0.95), abs=0.25)


def everything(seed=11, units=9):
    values = levels(seed, units=units, missing=0.1)
    draws = np.clip(generator(seed).normal(np.nan_to_num(values), 10, (64, *values.shape)), 0, 100)
    return values, draws


def test_the_same_generator_gives_the_same_bytes():
    values, draws = everything()
    for sampling in ({"draws": draws}, {"standard_errors": np.full(values.shape, 9.0)}):
        nominal = Nominal(STRUCTURE, values, **sampling)
        one, other = (uncertainty(nominal, rng=generator(3), replications=200) for _ in range(2))
        assert same(one, other)
        assert not same(one, uncertainty(nominal, rng=generator(4), replications=200))
        one, other = (sobol(nominal, rng=generator(3), n=16, resamples=20) for _ in range(2))
        for part in ("shift", "places", "units", "uncertainty"):
            assert same(getattr(one, part), getattr(other, part))


@fewer
@given(st.permutations(range(9)))
def test_permuting_units_permutes_results(order):
    values, draws = everything()
    found = uncertainty(Nominal(STRUCTURE, values, draws=draws), rng=generator(), replications=60)
    moved = uncertainty(Nominal(STRUCTURE, values[order], draws=draws[:, order]), rng=generator(), replications=60)
    for name in ("nominal", "low", "high", "shift", "near", "robust", "scored"):
        assert np.array_equal(getattr(found, name)[order], getattr(moved, name), equal_nan=True)
    assert np.allclose(found.score_high[order], moved.score_high, equal_nan=True)


def test_a_unit_without_any_value_changes_nothing_for_the_others():
    values, draws = everything()
    found = sobol(Nominal(STRUCTURE, values, draws=draws), rng=generator(), n=16)
    wider = np.vstack([np.full(LEAVES, np.nan), values])
    empty = sobol(
        Nominal(STRUCTURE, wider, draws=np.concatenate([np.full((64, 1, LEAVES), np.nan), draws], axis=1)),
        rng=generator(),
        n=16,
    )
    assert np.array_equal(empty.uncertainty.high[1:], found.uncertainty.high, equal_nan=True)
    assert np.array_equal(empty.units.total[1:], found.units.total, equal_nan=True)
    assert same(empty.shift, found.shift)
    assert np.isnan(empty.units.total[0]).all()
    assert not empty.units.affected[0]


@fewer
@given(st.integers(0, 9999), st.sampled_from([0.5, 0.25]))
def test_arithmetic_places_do_not_depend_on_the_unit_of_measurement(seed, factor):
    values = levels(seed, missing=0.1)
    factors = only(criterion_weights=0.25, dimension_weights=0.25, leave_one_out=True, scalings=CHOICES["scalings"])
    found, scaled = (
        uncertainty(Nominal(STRUCTURE, v), rng=generator(), factors=factors, replications=40)
        for v in (values, factor * values)
    )
    for name in ("nominal", "low", "median", "high", "shift"):
        assert np.array_equal(getattr(found, name), getattr(scaled, name), equal_nan=True)


def test_batches_do_not_show(monkeypatch):
    values, draws = everything()
    nominal = Nominal(STRUCTURE, values, draws=draws)
    at_once = sobol(nominal, rng=generator(), n=16, resamples=20)
    monkeypatch.setattr("scoring.sensitivity.replications._VALUES_AT_ONCE", 1)
    piecemeal = sobol(nominal, rng=generator(), n=16, resamples=20)
    for part in ("shift", "places", "units"):
        assert same(getattr(at_once, part), getattr(piecemeal, part))
    assert np.allclose(at_once.uncertainty.score_high, piecemeal.uncertainty.score_high, equal_nan=True)


def test_replications_are_counted_out():
    # Three units of one leaf and three draws; the first is first, first and last.
    draws = np.array([[[90.0], [50.0], [40.0]], [[90.0], [50.0], [40.0]], [[10.0], [50.0], [40.0]]])
    found = uncertainty(
        Nominal(flat(1), draws[0], draws=draws), rng=generator(), factors=only(sampling=True), replications=3000
    )
    assert (found.nominal.tolist(), found.median.tolist()) == ([1, 2, 3], [1, 2, 3])
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 2], [3, 2, 3])
    assert found.shift.tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3], abs=0.06)
    assert found.near.tolist() == pytest.approx([2 / 3] * 3, abs=0.03)


def test_robust_is_nine_of_ten_within_a_twentieth_of_the_places():
    # Forty units, two places are near: the first falls by two, or by three, in one draw of ten, or of five.
    values = np.arange(40.0, 0, -1)[:, None]
    for fall, often, robust in ((2.5, 5, True), (3.5, 5, False), (3.5, 20, True)):
        draws = np.repeat(values[None], often, axis=0)
        draws[0, 0] -= fall
        found = uncertainty(
            Nominal(flat(1), values, draws=draws), rng=generator(), factors=only(sampling=True), replications=2000
        )
        assert found.robust[0] == robust


ISHIGAMI = ([0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437])


def ishigami(x):
    return (np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))[None]


def ishigami_evaluations(n):
    theirs = sobol_indices(func=ishigami, n=n, dists=[uniform(-np.pi, 2 * np.pi)] * 3, rng=generator(1))
    a, b, ab = theirs._A, theirs._B, theirs._AB
    return theirs, ishigami(a), ishigami(b), np.stack([ishigami(part) for part in ab])


def test_the_ishigami_function_has_its_published_indices():
    _, a, b, ab = ishigami_evaluations(4096)
    found = indices(a, b, ab, rng=generator())
    assert found.first[0].tolist() == pytest.approx(ISHIGAMI[0], abs=0.02)
    assert found.total[0].tolist() == pytest.approx(ISHIGAMI[1], abs=0.02)
    assert found.interactions.tolist() == [True]
    assert found.shares[0].sum() == pytest.approx(1)
    for low, high, published in (
        (found.first_low, found.first_high, ISHIGAMI[0]),
        (found.total_low, found.total_high, ISHIGAMI[1]),
    ):
        assert (low[0] - 0.01 <= published).all()
        assert (high[0] + 0.01 >= published).all()


def test_intervals_are_as_wide_as_those_of_another_bootstrap():
    theirs, a, b, ab = ishigami_evaluations(512)
    ours = indices(a, b, ab, rng=generator(), level=0.9, resamples=2000)
    limits = theirs.bootstrap(confidence_level=0.9, n_resamples=2000).total_order.confidence_interval
    width = ours.total_high[0] - ours.total_low[0]
    assert width.tolist() == pytest.approx((limits.high - limits.low).tolist(), rel=0.15)
    assert ours.total[0].tolist() == pytest.approx(np.ravel(theirs.total_order).tolist())
    assert ours.first[0].tolist() == pytest.approx(np.ravel(theirs.first_order).tolist())


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e9])
def test_a_constant_output_is_not_affected(constant):
    found = indices(
        np.full((2, 64), constant), np.full((2, 64), constant), np.full((3, 2, 64), constant), rng=generator()
    )
    assert not found.affected.any()
    assert not found.interactions.any()
    for name in ("first", "first_low", "first_high", "total", "total_low", "total_high", "shares"):
        assert (getattr(found, name) == 0).all()


@pytest.mark.parametrize("name", [name for name in FACTORS if name != "coverage"])
def test_a_factor_alone_explains_everything(name):
    values, draws = everything(13)
    field = "scalings" if name == "scaling" else name
    found = sobol(
        Nominal(STRUCTURE, values, draws=draws), rng=generator(), factors=only(**{field: CHOICES[field]}), n=256
    )
    own = FACTORS.index(name)
    assert [position for position, active in enumerate(found.active) if active] == [own]
    for part in (found.shift, found.places):
        assert part.first[own] == pytest.approx(1, abs=0.2)
        assert part.total[own] == pytest.approx(1, abs=0.2)
        assert not part.interactions
    others = np.delete(np.arange(len(FACTORS)), own)
    assert (found.units.total[:, others] == 0).all()
    assert (found.units.first[:, others] == 0).all()
    assert (found.places.first_high[others] == 0).all()


def test_coverage_alone_moves_no_place_but_the_factor_is_named_as_active():
    found = sobol(Nominal(STRUCTURE, levels(14, missing=0.2)), rng=generator(), factors=only(coverage=(0.5, 0.9)), n=16)
    assert found.active == (False, False, False, False, True, False, False)
    full = sobol(Nominal(STRUCTURE, levels(14)), rng=generator(), factors=only(coverage=(0.5, 0.9)), n=16)
    assert not any(full.active)
    assert not full.units.affected.any()
    assert not full.shift.affected
    assert (full.units.total == 0).all()


def test_indices_of_two_independent_causes_are_their_exact_variances():
    values = np.array([[60.0, 40.0], [50.0, 50.0], [45.0, 45.0], [30.0, 70.0]])
    draws = np.clip(generator(15).normal(values, 12, (8, 4, 2)), 0, 100)
    # Every place there can be, (draws, leaves left out, units), all equally likely.
    variants = [(flat(2), [0, 1]), (flat(1), [1]), (flat(1), [0])]
    ranks = np.array(
        [[4 - root_of(structure, draw[:, kept]).argsort().argsort() for structure, kept in variants] for draw in draws]
    )
    variance, by_draw, by_leaf = ranks.var(axis=(0, 1)), ranks.mean(axis=1).var(axis=0), ranks.mean(axis=0).var(axis=0)
    found = sobol(
        Nominal(flat(2), values, draws=draws),
        rng=generator(),
        factors=only(sampling=True, leave_one_out=True),
        n=4096,
    )
    leaf, draw = FACTORS.index("leave_one_out"), FACTORS.index("sampling")
    for factor, own, other in ((draw, by_draw, by_leaf), (leaf, by_leaf, by_draw)):
        assert found.units.first[:, factor].tolist() == pytest.approx((own / variance).tolist(), abs=0.05)
        assert found.units.total[:, factor].tolist() == pytest.approx((1 - other / variance).tolist(), abs=0.05)
        assert found.places.first[factor] == pytest.approx(own.sum() / variance.sum(), abs=0.05)
        assert found.places.total[factor] == pytest.approx(1 - other.sum() / variance.sum(), abs=0.05)


def test_changed_flags_are_counted_against_those_of_the_published_scores():
    draws = np.array([[[90.0], [10.0], [np.nan]], [[40.0], [10.0], [np.nan]]])
    seen = []

    def above_50(scores):
        seen.append(scores)
        return np.where(np.isnan(scores), "none", np.where(scores > 50, "better", "worse"))

    found = sobol(
        Nominal(flat(1), draws[0], draws=draws), rng=generator(), factors=only(sampling=True), n=64, flags=above_50
    )
    assert all(scores.shape[1] == 3 and np.isnan(scores[:, 2]).all() for scores in seen)
    assert found.flags.affected
    assert found.flags.total[FACTORS.index("sampling")] == pytest.approx(1, abs=0.2)
    # The places never change here.
    assert not found.shift.affected
    assert sobol(Nominal(flat(1), draws[0]), rng=generator(), n=16).flags is None


def test_the_replications_of_an_analysis_are_summarised_with_it():
    values, draws = everything(16)
    nominal = Nominal(STRUCTURE, values, draws=draws)
    found, drawn = sobol(nominal, rng=generator(), n=1024).uncertainty, uncertainty(nominal, rng=generator())
    assert np.array_equal(found.nominal, drawn.nominal, equal_nan=True)
    assert np.nanmax(np.abs(found.shift - drawn.shift)) < 0.25


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"values": np.full((3, 2), 101.0)}, ScoreOutOfRange),
        ({"values": np.full((3, 2), -1.0)}, ScoreOutOfRange),
        ({"values": np.full((3, 2), np.inf)}, ScoreOutOfRange),
        ({"values": np.zeros((3, 3))}, ArraysDiffer),
        ({"values": np.zeros(2)}, ArraysDiffer),
        ({"draws": np.zeros((4, 3, 3))}, ArraysDiffer),
        ({"draws": np.zeros((0, 3, 2))}, ArraysDiffer),
        ({"standard_errors": np.zeros(2)}, ArraysDiffer),
        ({"not_applicable": np.zeros((3, 1), dtype=bool)}, ArraysDiffer),
        ({"draws": np.full((4, 3, 2), np.nan)}, SamplingErrorUnusable),
        ({"standard_errors": np.full((3, 2), -1.0)}, SamplingErrorUnusable),
        ({"standard_errors": np.full((3, 2), np.nan)}, SamplingErrorUnusable),
        ({"standard_errors": np.ones((3, 2)), "draws": np.ones((4, 3, 2))}, SamplingErrorUnusable),
        ({"structure": Structure(("a",), np.array([-1]), np.ones(1)), "values": np.zeros((3, 1))}, NotATree),
    ],
)
def test_what_is_no_index_is_refused(changes, error):
    with pytest.raises(error):
        Nominal(**{"structure": flat(2), "values": np.full((3, 2), 50.0), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"criterion_weights": 1.0},
        {"dimension_weights": -0.1},
        {"criterion_weights": np.nan},
        {"order": (1.0, -1.0)},
        {"coverage": (0.5, 1.5)},
        {"scalings": ()},
        {"scalings": ("ranks",)},
        {"pool": 0},
    ],
)
def test_a_factor_out_of_its_range_is_refused(changes):
    with pytest.raises(FactorOutOfRange):
        Factors(**changes)


def test_what_cannot_be_replicated_is_refused():
    nominal = Nominal(flat(2), np.array([[1.0, 2], [3, 4]]))
    with pytest.raises(ReplicationsNotUsable):
        uncertainty(nominal, rng=generator(), replications=0)
    for n in (0, 1, 1000):
        with pytest.raises(ReplicationsNotUsable):
            sobol(nominal, rng=generator(), n=n)
    with pytest.raises(TooFewUnits):
        uncertainty(Nominal(flat(2), np.array([[1.0, 2], [np.nan, np.nan]])), rng=generator())
    with pytest.raises(WeightNotPositive):
        uncertainty(Nominal(flat(2, [0, 0]), np.array([[1.0, 2], [3, 4]])), rng=generator())
    with pytest.raises(FactorOutOfRange):
        indices(np.zeros((1, 4)), np.zeros((1, 4)), np.zeros((1, 1, 4)), rng=generator())

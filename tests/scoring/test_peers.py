"""Peer groups are never small, and nobody is compared with itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.peers import (
    ContextMissing,
    TooFewPeers,
    estimates_in_classes,
    from_nearest,
    leave_one_out,
    nearest_peers,
    peer_groups,
    size_classes,
)
from scoring.shrinkage import posterior, posterior_in_classes

few = settings(max_examples=30, deadline=None)


@few
@given(st.lists(st.integers(0, 5), min_size=8, max_size=80))
def test_every_group_is_large_enough_and_made_of_neighbours(classes):
    found = peer_groups(classes)
    assert min(np.bincount(found.group)) >= 8
    assert [c for group in found.classes for c in group] == list(range(max(classes) + 1))
    assert all(c in found.classes[g] for c, g in zip(classes, found.group, strict=True))


def test_classes_that_are_large_enough_stay_and_merging_is_said():
    kept = peer_groups(np.repeat([0, 1, 2], 8))
    assert (kept.classes, kept.merged) == (((0,), (1,), (2,)), ())
    assert peer_groups(np.repeat([0, 1, 2, 3], [30, 2, 10, 9])).merged == ((1, 2),)


def test_an_empty_class_joins_its_neighbour():
    assert peer_groups(np.repeat([0, 2], 9)).classes == ((0, 1), (2,))


def test_no_class_is_no_group_and_too_few_are_refused():
    assert peer_groups([-1, *[0] * 8]).group.tolist() == [-1, *[0] * 8]
    with pytest.raises(TooFewPeers, match="there are 7"):
        peer_groups([-1, *[0] * 7])


def test_classes_by_size_begin_at_their_edge():
    assert size_classes([0, 4999, 5000, 19_999, 20_000, np.nan], [5000, 20_000]).tolist() == [0, 0, 1, 1, 2, -1]


@few
@given(st.integers(0, 10_000), st.integers(13, 40))
def test_the_nearest_are_the_nearest_and_not_oneself(seed, units):
    context = np.random.default_rng(seed).normal(0, [1.0, 100.0, 1e-3], (units, 3))
    found = nearest_peers(context)
    z = (context - context.mean(axis=0)) / context.std(axis=0, ddof=1)
    for unit, peers in enumerate(found):
        distance = np.linalg.norm(z - z[unit], axis=1)
        distance[unit] = np.inf
        assert np.allclose(distance[peers], np.sort(distance)[:12])
        assert unit not in peers


def test_of_equally_near_units_the_first_are_taken_and_constants_count_for_nothing():
    found = nearest_peers(np.column_stack([np.ones(20), np.full(20, 7.0)]))
    assert found[0].tolist() == list(range(1, 13))
    assert found[19].tolist() == list(range(12))


def test_context_that_is_missing_is_named_and_few_peers_refused():
    context = np.random.default_rng(1).normal(0, 1, (20, 2))
    with pytest.raises(TooFewPeers):
        nearest_peers(context[:12])
    with pytest.raises(TooFewPeers):
        nearest_peers(context, k=7)
    context[4, 1] = np.nan
    with pytest.raises(ContextMissing, match=r"Unit 5 .* variable 2"):
        nearest_peers(context)


def test_leaving_out_oneself_is_the_raw_computation():
    rng = np.random.default_rng(3)
    y, v, group = rng.normal(50, 10, 40), rng.uniform(1, 20, 40), np.repeat([0, 1, 2], [20, 12, 8])
    y[3], group[30] = np.nan, -1
    difference, variance = leave_one_out(y, v, group)
    for unit in range(40):
        others = np.flatnonzero((group == group[unit]) & (np.arange(40) != unit) & ~np.isnan(y))
        if unit in (3, 30) or others.size < 7:
            assert np.isnan([difference[unit], variance[unit]]).all()
        else:
            assert difference[unit] == pytest.approx(y[unit] - y[others].mean())
            assert variance[unit] == pytest.approx(v[unit] + v[others].sum() / others.size**2)


def test_groups_too_small_to_hide_a_member_have_no_benchmark():
    assert np.isnan(leave_one_out(np.arange(7.0), np.ones(7), np.zeros(7, dtype=int))[0]).all()
    assert leave_one_out(np.array([]), np.array([]), np.array([], dtype=int))[0].size == 0


def test_a_peer_without_estimate_leaves_the_comparison_open():
    neighbours = np.array([[1, 2], [0, 2], [0, 1]])
    difference, _ = from_nearest([1.0, 2.0, np.nan], np.ones(3), neighbours)
    assert np.isnan(difference).all()


def test_large_classes_have_their_own_mean_and_small_ones_that_of_all():
    rng = np.random.default_rng(4)
    y, v = np.append(rng.normal(30, 3, 20), rng.normal(70, 3, 26)), np.full(46, 25.0)
    classes = np.repeat([0, 1, 2, -1], [20, 16, 9, 1])
    found = estimates_in_classes(y, v, classes)
    assert found.within_class.tolist() == [True] * 36 + [False] * 10
    inside = posterior_in_classes(y[:36], v[:36], classes[:36])
    assert np.allclose(found.mean[:36], np.concatenate([fit.mean for fit in inside]))
    assert np.allclose(found.mean[36:], posterior(y, v).mean[36:])
    assert ((found.low < found.mean) & (found.mean < found.high)).all()


def test_without_a_large_class_everybody_is_drawn_to_the_mean_of_all():
    y, v = np.linspace(40, 60, 14), np.full(14, 25.0)
    found = estimates_in_classes(y, v, np.zeros(14, dtype=int))
    assert np.allclose(found.mean, posterior(y, v).mean)
    assert not found.within_class.any()

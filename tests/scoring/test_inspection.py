"""The inspection stops a release from which readers could work out what it withholds, and names where."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.benchmark import Method, score_round
from scoring.inspection import RESPONSES, Exposure, ReleaseExposes, require_nothing_exposed
from scoring.release import Residents
from scoring.subtraction import TotalNotExplained
from tests.scoring.synthetic import synthetic_release, synthetic_round

# Two large ones are hidden because they did not agree, two because they are small.
SIZES = np.array([3, 7, 60, 60, 80, 40, 40, 60, 60, 60, 60, 60])


def a_round(**changes):
    data = synthetic_round(
        units=12,
        sizes=SIZES,
        consented=np.ones(12, dtype=bool),
        handed_in=np.ones(12, dtype=bool),
        groups=("g",) * 12,
    )
    return replace(data, **changes)


@pytest.fixture(scope="module")
def data():
    return a_round()


@pytest.fixture(scope="module")
def outside(data):
    return score_round(data, Method()).outside_view


@pytest.fixture(scope="module")
def release(data):
    return synthetic_release(data)


def with_region(release, **changes):
    return release.model_copy(update={"region": release.region.model_copy(update=changes)})


def with_indicator(release, name, **changes):
    scores = tuple(s.model_copy(update=changes) if s.indicator == name else s for s in release.region.outside_view)
    return with_region(release, outside_view=scores)


def exposures(*arguments, **more):
    with pytest.raises(ReleaseExposes) as raised:
        require_nothing_exposed(*arguments, Method(), **more)
    return raised.value.exposures


def test_a_release_as_it_is_made_passes(release, data, outside):
    require_nothing_exposed(release, data, outside, Method())


@pytest.mark.parametrize("seed", range(3))
def test_so_does_every_other(seed):
    """Whatever is made is inspected; a release with many hidden units is one that was made."""
    synthetic_release(synthetic_round(units=14, seed=seed, sizes=np.random.default_rng(seed).integers(2, 40, 14)))


def test_a_total_that_counts_two_small_municipalities_is_stopped_and_the_cell_named(release, data, outside):
    codes = outside.tally.histograms[:, data.items.index("N06")].sum(axis=0)
    n = int(codes.sum())
    everybody = with_indicator(
        release,
        "N06",
        n=n,
        distribution=tuple((codes / n).round(2)),
        top_two=round(codes[3:].sum() / n, 2),
        pooled=round(codes @ np.arange(0, 101, 25) / n, 1),
    )
    found = exposures(everybody, data, outside)
    assert {e.subject for e in found} == {"N06"}
    assert all(e.kind == "subtraction" and e.high - e.low < 5 for e in found)
    assert "N06" in str(ReleaseExposes(found))


def test_so_is_a_total_of_responses(release, data, outside):
    found = exposures(with_region(release, responses=int(SIZES.sum())), data, outside)
    assert {(e.kind, e.subject) for e in found} == {("subtraction", RESPONSES)}


def test_a_total_of_some_of_the_hidden_is_a_mistake_that_is_noticed(release, data, outside):
    with pytest.raises(TotalNotExplained):
        require_nothing_exposed(with_region(release, responses=int(SIZES.sum()) - 3), data, outside, Method())


def test_the_level_of_the_only_one_that_did_not_agree_is_protected(outside):
    alone = a_round(consented=np.arange(12) != 5)
    release = synthetic_release(alone)
    node = next(n for n in release.region.self_view if n.levels is not None)
    c = alone.criteria.index(node.node)
    counts = np.bincount(
        np.nan_to_num(alone.levels[~alone.not_applicable[:, c] & ~np.isnan(alone.levels[:, c]), c]).astype(int),
        minlength=5,
    )
    nodes = tuple(
        n.model_copy(update={"levels": tuple(counts.tolist()), "not_applicable": int(alone.not_applicable[:, c].sum())})
        if n.node == node.node
        else n
        for n in release.region.self_view
    )
    found = exposures(with_region(release, self_view=nodes), alone, score_round(alone, Method()).outside_view)
    assert found == (Exposure("levels", node.node),)


def answers_of(data, unit, number):
    """A round in which ``number`` responses of a unit came more (or fewer, below zero)."""
    rows = np.flatnonzero(data.response_unit == unit)
    if number < 0:
        kept = np.setdiff1d(np.arange(len(data.response_unit)), rows[:-number])
    else:
        kept = np.sort(np.concatenate([np.arange(len(data.response_unit)), rows[:number]]))
    return replace(data, ratings=data.ratings[kept], response_unit=data.response_unit[kept])


def later(release, **changes):
    return release.model_copy(update={"input_sha256": "1" * 64, **changes})


@pytest.mark.parametrize("number", [1, 4, -1, -4])
def test_fewer_than_five_new_or_withdrawn_answers_keep_the_earlier_version(release, data, number):
    changed = answers_of(data, 4, number)
    found = exposures(
        later(synthetic_release(changed)), changed, score_round(changed, Method()).outside_view, seen=[release]
    )
    told = {e.unit for e in found if e.kind == "refreshed" and e.subject == RESPONSES}
    assert told == {"", data.units[4]}


def test_enough_new_answers_may_be_published(release, data):
    changed = answers_of(data, 4, 30)
    changed = replace(changed, ratings=np.where(changed.ratings == 0, 3, changed.ratings))
    whole = replace(data, ratings=np.where(data.ratings == 0, 3, data.ratings))
    # Every item then has the same new answers, but for those whom it does not concern.
    before = synthetic_release(replace(whole, ratings=np.where(whole.ratings == 255, 2, whole.ratings)))
    changed = replace(changed, ratings=np.where(changed.ratings == 255, 2, changed.ratings))
    after = later(synthetic_release(changed))
    require_nothing_exposed(after, changed, score_round(changed, Method()).outside_view, Method(), [before])


def test_one_answer_in_the_place_of_another_is_noticed(release, data):
    ratings = data.ratings.copy()
    row, item = np.flatnonzero(data.response_unit == 4)[0], data.items.index("N06")
    ratings[row, item] = 1 if ratings[row, item] != 1 else 5
    changed = replace(data, ratings=ratings)
    found = exposures(
        later(synthetic_release(changed)), changed, score_round(changed, Method()).outside_view, seen=[release]
    )
    assert Exposure("exchanged", "N06", data.units[4]) in found


def test_the_same_input_is_no_change(release, data, outside):
    require_nothing_exposed(release, data, outside, Method(), [release, release])


def test_a_release_is_inspected_when_it_is_made(data, release):
    changed = answers_of(data, 4, 2)
    with pytest.raises(ReleaseExposes):
        synthetic_release(changed, seen=[later(release)])


def test_those_who_did_not_move_here_are_refreshed_by_enough_too(release, data, outside):
    before, after = (with_region(release, residents=Residents(persons=n, items=())) for n in (40, 42))
    found = exposures(later(after), data, outside, seen=[before])
    assert found == (Exposure("refreshed", "residents", "", 0, 2, 2),)

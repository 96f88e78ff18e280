"""The release holds what each audience may see, nothing else, and is the same to the byte every time."""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.benchmark import Method, score_round
from scoring.publication import UnknownMunicipality, publish
from scoring.release import Backing, Goal, Release
from scoring.standing import Standing
from tests.scoring.synthetic import synthetic_release, synthetic_round

SIZES = np.array([3, 7, 12, 25, 40, 60, 80, 33, 45, 28, 31, 90])


def a_round(sizes=SIZES, **changes):
    data = synthetic_round(
        units=12, sizes=sizes, consented=np.ones(12, dtype=bool), handed_in=np.ones(12, dtype=bool), groups=("g",) * 12
    )
    return replace(data, **changes) if changes else data


@pytest.fixture(scope="module")
def data():
    return a_round()


@pytest.fixture(scope="module")
def release(data):
    return synthetic_release(data)


def indicator(sheet, name):
    return next(score for score in sheet.outside_view if score.indicator == name)


def test_the_same_round_gives_the_same_bytes(release):
    assert synthetic_release(a_round()).to_json() == release.to_json()


def test_a_release_reads_back_as_it_was_written(release):
    assert Release.from_json(release.to_json()) == release


def test_a_release_keeps_its_name_when_the_format_grows(release):
    earlier = json.loads(release.to_json())
    del earlier["region"]["places"], earlier["region"]["agreement"]
    for sheet in earlier["own"].values():
        for score in sheet["outside_view"]:
            del score["detectable"]
    text = json.dumps(earlier, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert Release.from_json(text).to_json() == text


def test_a_new_release_writes_every_field_out(release):
    document = json.loads(release.to_json())
    assert document["format"] == "willkommenskompass-release/1"
    assert {"places", "agreement"} <= document["region"].keys()


def test_parameters_and_version_of_the_method_stand_in_the_release(release):
    assert release.method.version == Method().version
    assert release.method.parameters == Method().parameters()


def test_a_municipality_without_consent_has_an_own_sheet_and_no_public_one(data):
    consented = np.arange(12) != 5
    found = synthetic_release(replace(data, consented=consented))
    assert set(found.own) == set(data.units)
    assert set(found.public) == set(data.units) - {data.units[5]}


def test_under_five_answers_nothing_is_shown_to_anybody(release, data):
    sheet = release.own[data.units[0]]
    assert sheet.responses is None
    assert {score.status for score in sheet.outside_view} == {"suppressed"}
    for score in sheet.outside_view:
        own = score.model_dump(exclude={"indicator", "kind", "status", "peers", "region", "band", "homogeneous"})
        assert set(own.values()) == {None}
        assert score.band == "none"


def test_five_to_nine_answers_are_shown_to_the_municipality_alone_and_coarsely(release, data):
    own = indicator(release.own[data.units[1]], "overall")
    assert own.status == "coarse"
    assert own.score is not None
    assert own.score % 5 == 0
    assert (own.n, own.low, own.high, own.shrunken, own.distribution) == (None,) * 5
    public = release.public[data.units[1]]
    assert public.responses is None
    assert {score.status for score in public.outside_view} == {"suppressed"}


def test_ten_answers_are_whole_points_and_thirty_one_decimal(release, data):
    small = indicator(release.public[data.units[2]], "overall")
    large = indicator(release.public[data.units[11]], "overall")
    assert (small.n, small.score) == (12, round(small.score))
    assert large.score == round(large.score, 1)


def test_each_item_counts_its_own_answers(data):
    ratings = data.ratings.copy()
    item = data.items.index("N06")
    ratings[np.flatnonzero(data.response_unit == 11)[9:], item] = 0
    found = synthetic_release(replace(data, ratings=ratings))
    sheet = found.public[data.units[11]]
    assert indicator(sheet, "N06").status == "suppressed"
    assert indicator(sheet, "N07").status == "published"


def test_unanimous_answers_are_never_shown_as_such(data):
    ratings = data.ratings.copy()
    item = data.items.index("N06")
    ratings[data.response_unit == 11, item] = 5
    score = indicator(synthetic_release(replace(data, ratings=ratings)).own[data.units[11]], "N06")
    assert score.homogeneous
    assert score.score < 100
    assert score.top_two == 0.9
    assert score.distribution is None


def without_signature(release):
    return release.region.model_dump(), {u: s.model_dump() for u, s in release.public.items()}


def test_answers_of_a_hidden_municipality_change_nothing_that_others_see():
    """Non-interference: the strongest form of "cannot be worked out"."""
    sizes = np.array([3, 7, *[60] * 10])
    data = a_round(sizes=sizes)
    data = replace(data, ratings=np.where(data.ratings == 0, 3, data.ratings))
    turned = data.ratings.copy()
    hidden = (data.response_unit == 1)[:, None] & (turned >= 1) & (turned <= 5)
    turned[hidden] = 6 - turned[hidden]
    before, after = synthetic_release(data), synthetic_release(replace(data, ratings=turned))
    assert without_signature(before) == without_signature(after)
    assert before.own[data.units[0]] == after.own[data.units[0]]
    assert before.own[data.units[1]] != after.own[data.units[1]]


def test_levels_of_a_lone_municipality_without_consent_change_nothing_that_others_see(data):
    alone = replace(data, consented=np.arange(12) != 5)
    levels = alone.levels.copy()
    levels[5] = np.where(np.isnan(levels[5]), np.nan, 4 - levels[5])
    before, after = synthetic_release(alone), synthetic_release(replace(alone, levels=levels))
    assert before.region.self_view == after.region.self_view
    assert [s.self_view for s in before.public.values()] == [s.self_view for s in after.public.values()]


@pytest.mark.parametrize("seed", range(4))
def test_the_regions_totals_less_all_published_leave_nobody_alone(seed):
    data = synthetic_round(units=25, seed=seed, sizes=np.random.default_rng(seed).integers(2, 45, 25))
    found = synthetic_release(data)
    outside = score_round(data, Method()).outside_view
    for j, node in enumerate(found.region.outside_view):
        published = {u: s.outside_view[j] for u, s in found.public.items() if s.outside_view[j].status == "published"}
        rest = (node.n or 0) - sum(score.n for score in published.values())
        hidden = [int(outside.n[u, j]) for u, unit in enumerate(data.units) if unit not in published]
        assert rest == 0 or node.n is None or rest == sum(hidden)
        if rest > 0:
            assert rest - max(hidden) >= 10
            assert sum(n > 0 for n in hidden) >= 3


def test_counts_of_levels_less_all_published_leave_nobody_alone():
    data = synthetic_round(units=25, seed=3)
    found = synthetic_release(data)
    criteria = [node for node in found.region.self_view if node.kind == "criterion"]
    for node in criteria:
        public = [
            score.level
            for sheet in found.public.values()
            for score in sheet.self_view
            if score.node == node.node and score.level is not None
        ]
        if node.levels is None:
            continue
        rest = np.array(node.levels) - np.bincount(public, minlength=5)
        assert (rest >= 0).all()
        assert rest.sum() == 0 or rest.sum() + (node.not_applicable or 0) >= 2


def test_every_reader_of_a_peer_group_sees_the_same_quartiles(release):
    for j in range(len(release.region.outside_view)):
        assert len({sheet.outside_view[j].peers for sheet in release.own.values()}) == 1


def test_a_peer_group_of_four_has_no_quartiles(data):
    found = synthetic_release(replace(data, groups=("small",) * 4 + ("large",) * 8))
    assert {score.peers for score in found.own[data.units[3]].self_view} == {None}
    assert found.own[data.units[4]].self_view[0].peers.n <= 8


def test_a_draft_never_counts(data):
    handed_in = np.arange(12) != 4
    levels = data.levels.copy()
    levels[4] = 0
    found = synthetic_release(replace(data, handed_in=handed_in, levels=levels))
    assert found == synthetic_release(replace(data, handed_in=handed_in))
    assert found.own[data.units[4]].self_view == ()
    assert found.region.handed_in == 11
    assert all(pair.self_score is None for pair in found.own[data.units[4]].pairs)


def test_a_gap_adds_up_from_the_figures_beside_it(release):
    pairs = [pair for sheet in release.own.values() for pair in sheet.pairs if pair.gap is not None]
    assert pairs
    for pair in pairs:
        assert pair.gap == pytest.approx(pair.self_score - pair.outside_score)
        assert pair.low <= pair.gap <= pair.high


def test_a_quadrant_agrees_with_the_interval_beside_it(release):
    for sheet in release.own.values():
        for pair in sheet.pairs:
            if pair.quadrant in {"strength", "hidden_strength"}:
                assert pair.outside_low >= 60
            if pair.quadrant in {"blind_spot", "need_to_act"}:
                assert pair.outside_high < 60


def test_newcomers_are_rounded_and_unknown_ones_are_none(data):
    found = synthetic_release(replace(data, newcomers=np.where(np.arange(12) == 0, np.nan, 203.0)))
    assert found.own[data.units[0]].newcomers is None
    assert found.own[data.units[1]].newcomers == 205


def test_how_many_answers_are_missing_is_told_only_to_who_may_know_their_number(release, data):
    assert release.own[data.units[0]].needed is None
    assert release.public[data.units[1]].needed is None


@pytest.mark.parametrize("sizes", [[], [0], [50], [0, 0], [50, 4]])
def test_the_smallest_rounds_are_written_without_a_nan(sizes):
    data = synthetic_round(units=len(sizes), sizes=np.array(sizes, dtype=int))
    found = synthetic_release(replace(data, handed_in=np.zeros(len(sizes), dtype=bool)))
    assert Release.from_json(found.to_json()) == found
    assert found.region.handed_in == 0


def test_constant_answers_are_written_without_a_nan(data):
    found = synthetic_release(replace(data, ratings=np.full(data.ratings.shape, 4, dtype=np.uint8)))
    assert "NaN" not in found.to_json()


def test_nothing_concerns_anybody_is_written_without_a_nan(data):
    found = synthetic_release(replace(data, ratings=np.full(data.ratings.shape, 255, dtype=np.uint8)))
    assert {score.status for sheet in found.own.values() for score in sheet.outside_view} == {"suppressed"}


def test_a_round_with_a_municipality_that_the_region_does_not_have_is_refused(release, data):
    with pytest.raises(UnknownMunicipality, match=data.units[3]):
        publish(
            catalogue=release.catalogue,
            round=release.round,
            municipalities=tuple(m for m in release.municipalities if m.ags != data.units[3]),
            districts=release.districts,
            peer_groups=release.peer_groups,
            region_name=release.region_name,
            demo=True,
            data=data,
            benchmark=score_round(data, Method()),
            method=Method(),
            input_sha256="0" * 64,
        )


def indicators(sheet, kind):
    return [score for score in sheet.outside_view if score.kind == kind]


def test_scales_carry_their_reliability_and_items_their_importance():
    region = synthetic_release(synthetic_round(units=30, seed=5)).region
    scales = [*indicators(region, "overall"), *indicators(region, "dimension")]
    assert all(score.reliability != "none" and score.alpha_low <= score.alpha <= score.alpha_high for score in scales)
    shares = [score.importance for score in indicators(region, "item") if score.importance is not None]
    assert sum(shares) == pytest.approx(1, abs=0.1)
    assert all(score.importance is None for score in scales)


def test_reliability_is_that_of_the_raw_answers():
    """Alpha of a dimension's two items from complete answers, once through NumPy."""
    data = synthetic_round(units=12, sizes=np.full(12, 80), groups=("g",) * 12, consented=np.ones(12, dtype=bool))
    data = replace(data, ratings=np.where((data.ratings == 0) | (data.ratings == 255), 3, data.ratings))
    score = next(s for s in indicators(synthetic_release(data).region, "dimension") if s.indicator == "B3")
    of_b3 = [c for c, d in enumerate(data.criterion_dimension) if data.dimensions[d] == "B3"]
    columns = np.flatnonzero(np.isin(data.item_criterion, of_b3) & ~data.item_outcome)
    x = data.ratings[:, columns].astype(float)
    for u in range(12):
        x[data.response_unit == u] -= x[data.response_unit == u].mean(axis=0)
    c, k = x.T @ x, len(columns)
    assert score.alpha == pytest.approx(k / (k - 1) * (1 - np.trace(c) / c.sum()), abs=0.005)


def test_the_smallest_detectable_change_falls_with_the_number_of_answers(release, data):
    few, many = (indicator(release.own[data.units[u]], "overall").detectable for u in (3, 11))
    assert 0 < many < few
    assert many == int(many)


def test_places_extend_over_at_least_one_place_and_never_beyond_the_last():
    places = synthetic_release(synthetic_round(units=30, seed=5)).region.places
    assert 1 <= places.by_rules <= places.self_units <= 30
    assert places.by_chance is None or 1 <= places.by_chance <= places.outside_units


def test_levels_of_a_lone_municipality_without_consent_do_not_move_the_places(data):
    alone = replace(data, consented=np.arange(12) != 5)
    levels = alone.levels.copy()
    levels[5] = np.where(np.isnan(levels[5]), np.nan, 4 - levels[5])
    before, after = synthetic_release(alone), synthetic_release(replace(alone, levels=levels))
    assert (before.region.places, before.region.agreement) == (after.region.places, after.region.agreement)


def test_evidence_and_marks_stand_beside_the_level_for_both_audiences_and_goals_on_own_sheets_only(data):
    criterion = data.criteria[0]
    backing = Backing(claimed=3, evidence=0, self_report=True, validation="open")
    goal = Goal(criterion=criterion, target=3, due="2027-06-30", measure="Lotsen gewinnen", set_in="2026")
    unit = data.units[4]
    found = synthetic_release(data, standings={unit: Standing(backings={criterion: backing}, goals=(goal,))})
    for sheet in (found.own[unit], found.public[unit]):
        assert {s.node: s.backing for s in sheet.self_view if s.backing} == {criterion: backing}
    assert found.own[unit].goals == (goal,)
    assert found.public[unit].goals == ()
    assert all(not found.own[other].goals for other in data.units if other != unit)

"""A whole round scored: what is computed, when nothing can be said, and that the order of things does not matter."""

from dataclasses import replace

import numpy as np
import pytest

from scoring import audience, diagnostics, likert, network
from scoring.benchmark import (
    LevelOutOfRange,
    Method,
    ParameterOutOfRange,
    ShapeMismatch,
    UnknownParameter,
    score_round,
)
from scoring.index import INSUFFICIENT, PUBLISHED, UNANSWERED
from scoring.intervals import PopulationBelowResponses
from scoring.likert import RatingOutOfRange, UnitOutOfRange, to_scores
from tests.scoring import synthetic
from tests.scoring.synthetic import synthetic_release, synthetic_round

METHOD = Method()


@pytest.fixture(scope="module")
def data():
    return synthetic_round(units=12, sizes=np.full(12, 40))


@pytest.fixture(scope="module")
def benchmark(data):
    return score_round(data, METHOD)


def column(benchmark, name):
    return benchmark.outside_view.indicators.index(name)


def node(benchmark, name):
    return benchmark.self_view.nodes.index(name)


def test_a_criterion_scores_25_points_a_level(data, benchmark):
    shown = benchmark.self_view.values[:, -len(data.criteria) :]
    counted = ~np.isnan(shown)
    assert np.array_equal(shown[counted], 25 * data.levels[counted])


def test_a_dimension_is_the_mean_of_its_answered_criteria(data, benchmark):
    members = np.flatnonzero(data.criterion_dimension == data.dimensions.index("B3"))
    values = benchmark.self_view.values[:, node(benchmark, "B3")]
    expected = np.nanmean(np.where(data.not_applicable, np.nan, data.levels)[:, members], axis=1) * 25
    published = ~np.isnan(values)
    assert published.any()
    assert np.allclose(values[published], expected[published])


def test_what_was_not_handed_in_is_not_scored(data):
    silent = replace(data, handed_in=np.zeros(12, dtype=bool))
    view = score_round(silent, METHOD).self_view
    assert (view.status == UNANSWERED).all()
    assert np.isnan(view.values).all()


def test_the_total_needs_four_fifths_of_all_criteria(data):
    levels = np.full(data.levels.shape, 2.0)
    nothing_away = np.zeros(levels.shape, dtype=bool)
    for dimension in range(len(data.dimensions)):
        members = np.flatnonzero(data.criterion_dimension == dimension)
        levels[1, members[: len(members) // 4]] = np.nan
        levels[2, members[: len(members) // 3]] = np.nan
    answered = (~np.isnan(levels)).mean(axis=1)
    assert answered[2] < 0.8 <= answered[0]
    full = replace(data, levels=levels, not_applicable=nothing_away, handed_in=np.ones(12, dtype=bool))
    view = score_round(full, METHOD).self_view
    assert view.status[0, 0] == PUBLISHED
    assert view.status[2, 0] == INSUFFICIENT
    assert (view.status[2, 1:3] == PUBLISHED).all()
    assert np.isnan(view.values[2, 0])


def test_everything_not_applicable_is_insufficient_and_never_zero(data):
    away = replace(data, not_applicable=np.ones(data.levels.shape, dtype=bool), handed_in=np.ones(12, dtype=bool))
    view = score_round(away, METHOD).self_view
    assert np.isnan(view.values).all()
    assert (view.status[:, 0] != PUBLISHED).all()


def test_an_item_is_the_mean_of_its_valid_answers(data, benchmark):
    scores = to_scores(data.ratings)
    item = data.items.index("N06")
    for u in range(3):
        expected = np.nanmean(scores[data.response_unit == u, item])
        assert benchmark.outside_view.mean[u, column(benchmark, "N06")] == pytest.approx(expected)


def test_the_overall_score_is_one_vote_per_person_without_the_outcome(data, benchmark):
    outside = benchmark.outside_view
    scores = to_scores(data.ratings)[data.response_unit == 0]
    members = outside.indicator_items[0]
    assert data.items.index("N18") not in members
    enough = (~np.isnan(scores[:, members])).sum(axis=1) >= outside.minimum_answered[0]
    persons = np.nanmean(scores[enough][:, members], axis=1)
    assert outside.n[0, 0] == len(persons)
    assert outside.mean[0, 0] == pytest.approx(persons.mean())


def test_a_person_needs_two_thirds_of_the_items_that_everybody_is_asked(data, benchmark):
    outside = benchmark.outside_view
    asked = (data.item_for_all & ~data.item_outcome).sum()
    assert outside.minimum_answered[0] == np.ceil(2 * asked / 3)


def test_only_dimensions_with_two_direct_pairs_have_an_outside_score(benchmark):
    outside = benchmark.outside_view
    dimensions = [name for name, kind in zip(outside.indicators, outside.kinds, strict=True) if kind == "dimension"]
    assert dimensions == ["A2", "B2", "B3", "B4", "B5"]


def test_a_scale_most_respondents_have_no_score_on_is_not_enough(data):
    ratings = data.ratings.copy()
    ratings[: len(ratings) // 2, data.item_for_all] = 0
    view = score_round(replace(data, ratings=ratings), METHOD).outside_view
    assert not view.enough[:6, 0].any()
    assert view.enough[6:, 0].all()


def test_estimates_lie_between_the_municipality_and_the_rest(data, benchmark):
    outside = benchmark.outside_view
    centre = outside.mean[:, 0].mean()
    assert (np.abs(outside.shrunken[:, 0] - centre) <= np.abs(outside.mean[:, 0] - centre) + 2).all()
    known = ~np.isnan(outside.shrunken)
    assert (outside.shrunken_low < outside.shrunken)[known].all()


def test_fewer_than_eight_municipalities_get_no_comparison():
    view = score_round(synthetic_round(units=7, sizes=np.full(7, 50)), METHOD)
    assert np.isnan(view.outside_view.shrunken).all()
    assert set(view.outside_view.band.ravel()) == {"none"}
    assert set(view.pairs.verdict.ravel()) == {"undecided"}
    assert not np.isnan(view.outside_view.low[:, 0]).any()


def test_municipalities_below_ten_answers_do_not_enter_the_model():
    data = synthetic_round(units=12, sizes=np.array([9] + [40] * 11))
    changed = data.ratings.copy()
    changed[data.response_unit == 0] = 1
    one, two = score_round(data, METHOD), score_round(replace(data, ratings=changed), METHOD)
    assert np.array_equal(one.outside_view.shrunken, two.outside_view.shrunken, equal_nan=True)
    assert np.isnan(one.outside_view.shrunken[0]).all()


def test_without_a_signal_there_are_no_bands():
    data = synthetic_round(units=20, sizes=np.full(20, 150))
    shuffled = np.random.default_rng(1).permutation(data.response_unit)
    outside = score_round(replace(data, response_unit=shuffled, newcomers=np.full(20, np.nan)), METHOD).outside_view
    silent = outside.probability < METHOD.gate_probability
    assert silent.any()
    assert set(outside.band[:, silent].ravel()) == {"none"}


def test_constant_answers_are_no_difference_and_no_division_by_zero():
    data = synthetic_round(units=10, sizes=np.full(10, 20))
    same = replace(data, ratings=np.full(data.ratings.shape, 4, dtype=np.uint8))
    outside = score_round(same, METHOD).outside_view
    assert np.allclose(outside.mean, 75)
    assert np.allclose(outside.shrunken, 75)
    assert set(outside.band.ravel()) == {"none"}


@pytest.mark.parametrize("units", [0, 1, 2])
def test_any_number_of_municipalities_and_no_answers_can_be_scored(units):
    benchmark = score_round(synthetic_round(units=units, sizes=np.zeros(units)), METHOD)
    assert benchmark.outside_view.n.sum() == 0
    assert np.isnan(benchmark.outside_view.mean).all()


def test_permuting_municipalities_permutes_every_number(data, benchmark):
    order = np.random.default_rng(2).permutation(12)
    place = np.argsort(order)
    permuted = replace(
        data,
        units=tuple(data.units[u] for u in order),
        groups=tuple(data.groups[u] for u in order),
        response_unit=place[data.response_unit],
        **{
            name: getattr(data, name)[order]
            for name in ("consented", "handed_in", "levels", "not_applicable", "newcomers")
        },
    )
    other = score_round(permuted, METHOD)
    assert np.allclose(benchmark.outside_view.shrunken[order], other.outside_view.shrunken, equal_nan=True)
    assert np.array_equal(benchmark.outside_view.band[order], other.outside_view.band)
    assert np.allclose(benchmark.self_view.values[order], other.self_view.values, equal_nan=True)
    assert np.array_equal(benchmark.pairs.verdict[order], other.pairs.verdict)


def test_a_gap_is_self_view_minus_newcomers_view(data, benchmark):
    pairs = benchmark.pairs
    p = list(pairs.items).index(data.items.index("N06"))
    assert data.criteria[pairs.criteria[p]] == "B3.1"
    expected = pairs.self_scores[:, p] - benchmark.outside_view.mean[:, column(benchmark, "N06")]
    assert np.allclose(pairs.gap[:, p], expected, equal_nan=True)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"levels": np.full((12, 43), 5.0)}, LevelOutOfRange, "not 5"),
        ({"levels": np.full((12, 43), 1.5)}, LevelOutOfRange, "not 1.5"),
        ({"levels": np.zeros((12, 42))}, ShapeMismatch, r"levels has shape \(12, 42\), expected \(12, 43\)"),
        ({"ratings": np.full((480, 18), 7, dtype=np.uint8)}, RatingOutOfRange, "1 to 5"),
        ({"response_unit": np.full(480, 12)}, UnitOutOfRange, "there are 12"),
        ({"newcomers": np.full(12, 39.0)}, PopulationBelowResponses, "99000000 has more responses"),
    ],
)
def test_a_round_that_cannot_be_is_refused_by_name(data, changes, error, words):
    with pytest.raises(error, match=words):
        replace(data, **changes)


def test_a_misspelt_parameter_is_answered_with_the_nearest():
    with pytest.raises(UnknownParameter, match=r'"minimum_publik".*"minimum_public"'):
        METHOD.with_parameters({"minimum_publik": 3})


@pytest.mark.parametrize("wrong", [{"minimum_own": 1}, {"minimum_public": 4}, {"level": 95}, {"fdr": 0}])
def test_a_parameter_that_would_protect_nobody_or_mean_nothing_is_refused(wrong):
    with pytest.raises(ParameterOutOfRange):
        METHOD.with_parameters(wrong)


def test_places_exist_where_there_is_a_signal_and_hold_for_all_together_within_wider_limits(data, benchmark):
    outside = benchmark.outside_view
    widths = []
    for low, high in ((outside.rank_low, outside.rank_high), (outside.set_low, outside.set_high)):
        known = ~np.isnan(low)
        assert known[:, 0].all()
        assert not known[:, ~(outside.probability >= METHOD.gate_probability)].any()
        assert ((low >= 1) & (low <= high) & (high <= 12))[known].all()
        widths.append((high - low)[known].mean())
    assert widths[0] <= widths[1]


def test_a_single_pass_computes_all_that_a_release_says_of_its_round(data, monkeypatch):
    """Writing the release down computes nothing anew: whatever computes is taken away before."""
    scored = score_round(data, METHOD)
    expected = synthetic_release(data, METHOD)

    def taken_away(*_arguments, **_named):
        raise AssertionError("computed a second time")

    for module, name in (
        (diagnostics, "assess_scales"),
        (diagnostics, "outcome_shares"),
        (diagnostics, "places_by_rules"),
        (diagnostics, "places_by_chance"),
        (diagnostics, "agree"),
        (network, "fit_indicators"),
        (likert, "tally"),
        (audience, "show"),
        (audience, "pool"),
    ):
        monkeypatch.setattr(module, name, taken_away)
    monkeypatch.setattr(synthetic, "score_round", lambda *_: scored)
    assert synthetic_release(data, METHOD) == expected


def test_a_network_too_large_to_be_ranked_has_sets_of_places_and_no_ranking():
    everybody = np.ones(501, dtype=bool)
    data = synthetic_round(units=501, sizes=np.full(501, 12), between=0.8, handed_in=everybody, consented=everybody)
    scored = score_round(data, METHOD)
    assert np.isnan(scored.outside_view.rank_low).all()
    assert np.isfinite(scored.outside_view.set_low[:, 0]).any()
    assert (scored.worth.by_rules.places, scored.worth.by_chance.places) == (None, None)

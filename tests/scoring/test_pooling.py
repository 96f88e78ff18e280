"""Whose answers count for what: by how long people have lived here, and never those who did not move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.loading import builtin
from scoring.benchmark import score_round
from scoring.groups import Question, Traits
from scoring.method import Method, ParameterOutOfRange
from scoring.pooling import longest_residence, pool
from scoring.residents import residents_sheet
from scoring.round_data import RoundData

CATALOGUE = builtin()
QUESTIONS = tuple(
    Question(q.id, tuple(o.id for o in q.options), q.kind == "single") for q in CATALOGUE.profile_questions
)
ARRIVAL = [item.about == "arrival" for item in CATALOGUE.items]
QUICK = Method(draws_small_network=50, grid_points=30)
STAYED = ("up_to_6_months", "6_to_12_months", "1_to_2_years", "2_to_5_years", "not_moved", "")


def traits(stayed: list[str], learners: list[bool] | None = None) -> Traits:
    """What these people said about how long they have lived here, and whether they go to school."""
    known = Traits(QUESTIONS, np.zeros((len(stayed), sum(len(q.options) for q in QUESTIONS)), dtype=bool))
    residence, targets = known.columns[0], known.columns[2]
    for row, answer in enumerate(stayed):
        if answer:
            known.member[row, residence[QUESTIONS[0].options.index(answer)]] = True
        if learners and learners[row]:
            known.member[row, targets[QUESTIONS[2].options.index("pupil")]] = True
    return known


def a_round(people: int, rating: int = 4, units: int = 1) -> RoundData:
    """Everybody gives every item the same rating."""
    return RoundData.from_catalogue(
        CATALOGUE,
        units=[f"u{n}" for n in range(units)],
        groups=["g"] * units,
        consented=[True] * units,
        handed_in=[False] * units,
        levels=np.full((units, len(CATALOGUE.criteria)), np.nan),
        not_applicable=np.zeros((units, len(CATALOGUE.criteria)), dtype=bool),
        ratings=np.full((people, len(CATALOGUE.items)), rating, dtype=np.uint8),
        response_unit=np.arange(people) % units,
    )


def test_arrival_counts_up_to_two_years_living_here_up_to_five_and_silence_counts_for_both():
    pooled = pool(CATALOGUE, a_round(6), traits(list(STAYED)), Method())
    counted = pooled.data.ratings > 0
    assert counted[:, ARRIVAL].all(axis=1).tolist() == [True, True, True, False, True]
    assert counted[:, np.logical_not(ARRIVAL)].all()
    assert not pooled.data.ratings[3, ARRIVAL].any()


@pytest.mark.parametrize(
    ("arrival", "living", "expected"),
    [
        (0.5, 5.0, [True, False, False, False]),
        (1.0, 5.0, [True, True, False, False]),
        (5.0, 5.0, [True, True, True, True]),
    ],
)
def test_both_limits_are_parameters_of_the_method(arrival: float, living: float, expected: list[bool]):
    method = Method(arrival_years=arrival, living_years=living)
    pooled = pool(CATALOGUE, a_round(4), traits(list(STAYED[:4])), method)
    assert (pooled.data.ratings[:, ARRIVAL] > 0).all(axis=1).tolist() == expected


def test_a_shorter_limit_for_living_here_takes_out_whole_people():
    pooled = pool(CATALOGUE, a_round(4), traits(list(STAYED[:4])), Method(living_years=2.0))
    assert (pooled.data.ratings > 0).any(axis=1).tolist() == [True, True, True, False]


@pytest.mark.parametrize(("arrival", "living"), [(0, 5), (-1, 5), (6, 5)])
def test_limits_that_contradict_each_other_are_refused(arrival: float, living: float):
    with pytest.raises(ParameterOutOfRange, match="arrival_years"):
        Method(arrival_years=arrival, living_years=living)


def test_who_did_not_move_is_in_no_newcomers_value():
    stayed = ["1_to_2_years"] * 20 + ["not_moved"] * 20
    data = replace(
        a_round(40), ratings=np.repeat([[4], [1]], 20, axis=0).astype(np.uint8) * np.ones(18, dtype=np.uint8)
    )
    pooled = pool(CATALOGUE, data, traits(stayed), Method())
    assert pooled.data.responses.tolist() == [20]
    assert set(score_round(pooled.data, QUICK).outside_view.mean[0]) == {75.0}
    assert "not_moved" not in pooled.traits.questions[0].options
    assert pooled.traits.member.shape == (20, sum(len(q.options) for q in pooled.traits.questions))


def test_pupils_and_students_who_did_not_move_are_a_group_of_their_own_the_others_a_number():
    stayed = ["not_moved"] * 5 + ["1_to_2_years"] * 3
    learners = [True, True, False, False, False, True, False, False]
    pooled = pool(CATALOGUE, a_round(8), traits(stayed, learners), Method())
    assert len(pooled.learners) == 2
    assert pooled.others == 3
    assert pooled.data.responses.tolist() == [3]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(STAYED), st.booleans()), max_size=30))
def test_everybody_is_counted_once_and_in_one_place(people: list[tuple[str, bool]]):
    stayed, learners = [answer for answer, _ in people], [learner for _, learner in people]
    pooled = pool(CATALOGUE, a_round(len(people)), traits(stayed, learners), Method())
    assert int(pooled.data.responses.sum()) + len(pooled.learners) + pooled.others == len(people)
    assert len(pooled.traits.member) == len(pooled.data.ratings) == len(pooled.data.response_unit)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(STAYED), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_responses_changes_no_count(stayed: list[str], random):
    shuffled = list(stayed)
    random.shuffle(shuffled)
    counts = [
        (pool(CATALOGUE, a_round(len(stayed)), traits(answers), Method()).data.ratings > 0).sum(axis=0).tolist()
        for answers in (stayed, shuffled)
    ]
    assert counts[0] == counts[1]


def test_a_round_that_did_not_ask_is_counted_as_it_is():
    data = a_round(4)
    pooled = pool(CATALOGUE, data, Traits((), np.zeros((4, 0), dtype=bool)), Method())
    assert (pooled.data.ratings == data.ratings).all()
    assert np.isnan(longest_residence(CATALOGUE, Traits((), np.zeros((4, 0), dtype=bool)))).all()


def test_people_beyond_two_years_do_not_stand_for_silence_about_arriving():
    """Half of them may not speak of arriving; the scales about it are judged by the other half."""
    stayed = ["1_to_2_years", "2_to_5_years"] * 30
    pooled = pool(CATALOGUE, a_round(60), traits(stayed), Method())
    view = score_round(pooled.data, QUICK).outside_view
    assert view.enough.all()
    overall, town_hall, meeting = (view.indicators.index(name) for name in ("overall", "B3", "B5"))
    assert view.n[0, [overall, town_hall, meeting]].tolist() == [30, 30, 60]
    silent = replace(pooled.data, lapsed=None, item_lapses=None)
    assert not score_round(silent, QUICK).outside_view.enough[0, town_hall]


# reported apart

ITEMS = tuple(item.id for item in CATALOGUE.items)


def short_forms(people: int, rating: int = 4) -> np.ndarray:
    ratings = np.zeros((people, len(ITEMS)), dtype=np.uint8)
    ratings[:, [ITEMS.index(id) for id in ("N11", "N12", "N18")]] = rating
    ratings[::2, ITEMS.index("N11")] = 2
    return ratings


def test_pupils_and_students_are_reported_from_ten_on_and_only_what_ten_of_them_answered():
    assert residents_sheet(ITEMS, short_forms(9), 0, Method()) is None
    ratings = short_forms(12)
    ratings[:3, ITEMS.index("N12")] = 0
    sheet = residents_sheet(ITEMS, ratings, 9, Method())
    assert sheet is not None
    assert (sheet.persons, sheet.others) == (12, None)
    assert {score.item: score.n for score in sheet.items} == {"N11": 12, "N18": 12}


def test_their_values_are_means_with_intervals_in_the_steps_of_their_number():
    sheet = residents_sheet(ITEMS, short_forms(40), 25, Method())
    assert sheet is not None
    [first, *_rest] = sheet.items
    assert (first.item, first.n, first.score, sheet.others) == ("N11", 40, 50.0, 25)
    assert first.low < first.score < first.high


def test_that_all_of_them_agree_is_not_said():
    sheet = residents_sheet(ITEMS, short_forms(40, rating=5), 0, Method())
    assert sheet is not None
    agreed = {score.item: score for score in sheet.items}["N18"]
    assert agreed.score < 100
    assert agreed.top_two == 0.9

"""Groups of newcomers: shown from ten answers on, and no hidden one can be worked out from what is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.benchmark import Method
from scoring.groups import Question, Traits, showable
from scoring.release import Release
from scoring.round_data import ShapeMismatch
from tests.scoring.synthetic import synthetic_release, synthetic_round

RESIDENCE = Question("D1", ("a", "b", "c", "d"))
TARGETS = Question("D3", ("job", "family", "pupil"), exclusive=False)
LANGUAGE = Question("language", ("de", "en"), scored=False)
SHARES = (0.1, 0.2, 0.3, 0.35)
METHOD = Method()
QUICK = Method(draws_small_network=50, grid_points=30)


def traits_of(data, seed: int = 0) -> Traits:
    rng, n = np.random.default_rng(seed), len(data.ratings)
    residence = np.eye(5, dtype=bool)[rng.choice(5, n, p=(*SHARES, 0.05))][:, :4]
    targets = rng.random((n, 3)) < (0.5, 0.3, 0.04)
    language = np.eye(2, dtype=bool)[(rng.random(n) < 0.2).astype(int)]
    return Traits((RESIDENCE, TARGETS, LANGUAGE), np.concatenate([residence, targets, language], axis=1))


@pytest.fixture(scope="module")
def data():
    return synthetic_round(units=30, seed=5)


@pytest.fixture(scope="module")
def release(data) -> Release:
    return synthetic_release(data, QUICK, traits=traits_of(data))


def test_every_group_and_every_score_of_it_rests_on_ten_answers(release):
    groups = [group for sheet in release.own.values() for group in sheet.groups]
    assert len(groups) > 50
    assert all(group.n >= 10 for group in groups)
    assert all(score.n >= 10 for group in groups for score in group.scores)


def test_a_score_is_the_mean_of_the_group(data, release):
    data = replace(data, ratings=np.clip(data.ratings, 1, 5))
    traits = traits_of(data)
    sheet = synthetic_release(data, QUICK, traits=traits).own[data.units[8]]
    group = next(g for g in sheet.groups if g.option == "d")
    chosen = traits.member[:, 3] & (data.response_unit == 8)
    assert group.n == chosen.sum()
    outcome = int(np.flatnonzero(data.item_outcome)[0])
    score = next(s for s in group.scores if s.indicator == data.items[outcome])
    assert score.score == pytest.approx(((data.ratings[chosen, outcome] - 1.0) * 25).mean(), abs=0.5)
    assert score.low < score.score < score.high


def test_what_is_left_of_a_unit_without_the_groups_shown_is_ten_answers_or_nothing(data, release):
    """For every unit, question and indicator: the whole less what is shown is too large to mean anybody."""
    for sheet in release.own.values():
        whole = {score.indicator: score.n for score in sheet.outside_view if score.n is not None}
        for question in (RESIDENCE, LANGUAGE):
            groups = [g for g in sheet.groups if g.question == question.id]
            rest = (sheet.responses or 0) - sum(g.n for g in groups)
            assert not groups or rest >= 10 or (rest == 0 and len(groups) == len(question.options))
            for indicator in {s.indicator for g in groups for s in g.scores}:
                shown = [s.n for g in groups for s in g.scores if s.indicator == indicator]
                rest = whole[indicator] - sum(shown)
                assert rest >= 10 or (rest == 0 and len(shown) == len(question.options))
        for group in (g for g in sheet.groups if g.question == "D3"):
            assert sheet.responses - group.n >= 10


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.integers(0, 20))
@settings(max_examples=200, deadline=None)
def test_hidden_groups_never_add_up_to_fewer_than_ten(sizes, unsaid):
    counts = np.array(sizes)[None, :, None]
    total = np.array([[sum(sizes) + unsaid]])
    shown = showable(counts, total, [(True, range(len(sizes)))], np.ones((1, len(sizes)), bool), METHOD)[0]
    n = np.array(sizes)
    assert (n[shown] >= 10).all()
    rest = total[0, 0] - n[shown].sum()
    assert not shown.any() or rest >= 10 or (shown.all() and rest == 0)


def test_a_rest_that_agrees_is_not_left_over_either():
    counts = np.array([[[6, 6, 6, 6, 6], [0, 0, 0, 0, 11], [4, 4, 4, 4, 4]]])
    total = counts.sum(axis=1)
    allowed = np.array([[True, False, True]])
    shown = showable(counts, total, [(True, range(3))], allowed, METHOD)[0]
    # the second group is hidden and all of it chose 5; alone it would be what is left
    assert shown.tolist() == [True, False, False]


def test_a_group_within_another_with_few_more_is_withheld(data):
    rng = np.random.default_rng(1)
    wide = rng.random(len(data.ratings)) < 0.5
    narrow = wide & (rng.random(len(data.ratings)) < 0.97)
    question = Question("D3", ("wide", "narrow"), exclusive=False)
    found = synthetic_release(data, QUICK, traits=Traits((question,), np.column_stack([wide, narrow])))
    for unit, sheet in found.own.items():
        inside = data.response_unit == data.units.index(unit)
        more = (wide & inside).sum() - (narrow & inside).sum()
        options = {g.option for g in sheet.groups}
        assert 0 < more < 10 or more == 0 or {"narrow", "wide"} & options or (wide & inside).sum() < 20
        assert not (0 < more < 10 and {"narrow", "wide"} <= options)


def test_near_unanimous_groups_are_cut(data):
    ratings = np.full(data.ratings.shape, 5, dtype=np.uint8)
    ratings[::2] = 3
    member = np.column_stack([np.arange(len(ratings)) % 2 == 1, np.zeros(len(ratings), bool)])
    traits = Traits((Question("D3", ("agree", "none"), exclusive=False),), member)
    found = synthetic_release(replace(data, ratings=ratings), QUICK, traits=traits)
    scores = [s for sheet in found.own.values() for g in sheet.groups for s in g.scores]
    assert not [s for s in scores if s.score > 97.5]


def test_public_and_own_readers_see_the_same_groups(release):
    assert release.public
    assert all(release.own[unit].groups == sheet.groups for unit, sheet in release.public.items())


def test_a_hidden_municipality_cannot_be_told_from_the_groups_of_the_region():
    consented = np.arange(8) != 7
    alone = synthetic_round(units=8, seed=2, sizes=np.full(8, 100), consented=consented, groups=("g",) * 8)
    chosen = np.random.default_rng(3).choice(3, len(alone.ratings), p=(0.4, 0.4, 0.2))
    traits = Traits((Question("D1", ("a", "b")),), np.eye(3, dtype=bool)[chosen][:, :2])
    before = synthetic_release(alone, QUICK, traits=traits)
    changed = np.where((alone.response_unit == 7)[:, None] & (alone.ratings > 0), 1, alone.ratings).astype(np.uint8)
    after = synthetic_release(replace(alone, ratings=changed), QUICK, traits=traits)
    overall = [[(g.option, g.n, g.scores[0]) for g in found.region.groups] for found in (before, after)]
    assert [score.indicator for _, _, score in overall[0]] == ["overall", "overall"]
    assert overall[0] == overall[1]
    assert after.own[alone.units[7]].groups != before.own[alone.units[7]].groups


def test_languages_are_counted_and_have_no_scores(release):
    groups = [g for g in release.region.groups if g.question == "language"]
    assert len(groups) == 2
    assert not any(g.scores for g in groups)


def test_columns_that_do_not_fit_the_questions_are_refused():
    with pytest.raises(ShapeMismatch, match="columns of options"):
        Traits((RESIDENCE,), np.zeros((5, 3), dtype=bool))

"""What others read of all self-assessments of a round: progress, arrays for scoring, the count that guards opening."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from flask import Flask

from app.assessment.completeness import review
from app.assessment.loading import load_levels
from app.assessment.progress import progress_by_municipality
from app.assessment.workspace import Answer
from app.database import db
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.loading import builtin
from scoring.benchmark import score_round
from scoring.method import Method
from scoring.round_data import RoundData
from tests.accounts.login import MESCHEDE, OLPE, Account
from tests.assessment.conftest import answer, answer_all, counted, meschede, new_round, sign

KEYS = (OLPE, MESCHEDE)


def the_round(round_id: int) -> Round:
    return db.session.get_one(Round, round_id)


def test_progress_counts_levels_and_what_does_not_apply(app: Flask, round_id: int, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(0), editor.id)
        answer("A3.3", Answer(None, True, "Keine Hochschule"), editor.id)
        answer("A1.2", Answer(None, False, "Nur eine Notiz"), editor.id)
        progress = progress_by_municipality(the_round(round_id))
    assert len(progress) == 59
    assert (progress[MESCHEDE].answered, progress[MESCHEDE].of, progress[MESCHEDE].state) == (2, 43, "open")
    assert isinstance(progress[MESCHEDE].saved_at, dt.datetime)
    assert (progress[OLPE].answered, progress[OLPE].of, progress[OLPE].state) == (0, 43, "not_started")


def test_progress_knows_the_hand_in(app: Flask, round_id: int, approver: Account) -> None:
    with app.app_context():
        answer_all(approver.id)
        sign(approver.id, consented=True)
        progress = progress_by_municipality(the_round(round_id))[MESCHEDE]
    assert (progress.state, progress.consented, progress.answered) == ("handed_in", True, 43)
    assert progress.handed_in_at is not None


def test_progress_takes_one_statement(app: Flask, round_id: int, editor: Account) -> None:
    with app.app_context():
        answer_all(editor.id)
        round_ = the_round(round_id)
        lifecycle.catalogue_of(round_)
        with counted(app) as statements:
            progress_by_municipality(round_)
    assert len(statements) == 1


def test_a_draft_has_no_progress(app: Flask) -> None:
    with app.app_context():
        assert progress_by_municipality(new_round("2026", dt.date(2026, 11, 1), opened=False)) == {}


def test_levels_come_in_the_order_asked_for(app: Flask, round_id: int, approver: Account) -> None:
    with app.app_context():
        answer("A1.2", Answer(3), approver.id)
        answer("A3.3", Answer(None, True, "Keine Hochschule"), approver.id)
        sign(approver.id, consented=True)
        with counted(app) as statements:
            loaded = load_levels(db.session, the_round(round_id), builtin(), KEYS)
    column = {criterion.id: number for number, criterion in enumerate(builtin().criteria)}
    assert loaded.levels.shape == loaded.not_applicable.shape == (2, 43)
    assert loaded.claimed[1, column["A1.2"]] == 3
    assert np.isnan(loaded.levels).sum() == 85
    assert np.argwhere(loaded.not_applicable).tolist() == [[1, column["A3.3"]]]
    assert loaded.handed_in.tolist() == loaded.consented.tolist() == [False, True]
    assert len(statements) <= 5  # With the round itself.


def test_municipalities_not_asked_for_are_left_out(app: Flask, round_id: int, editor: Account) -> None:
    with app.app_context():
        answer_all(editor.id)
        assert np.isnan(load_levels(db.session, the_round(round_id), builtin(), [OLPE]).levels).all()
        assert load_levels(db.session, the_round(round_id), builtin(), []).levels.shape == (0, 43)


def test_opening_cannot_be_undone_once_somebody_has_answered(app: Flask, round_id: int, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(1), editor.id)
        with pytest.raises(lifecycle.StepRefused, match="1 Selbsteinschätzung"):
            lifecycle.undo_opening(the_round(round_id))


def test_answers_of_an_earlier_round_do_not_stand_in_the_way(app: Flask, round_id: int, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(1), editor.id)
        lifecycle.close_round(the_round(round_id))
        later = new_round("2027", dt.date(2027, 11, 1))
        lifecycle.undo_opening(later)
        assert later.state == "draft"


@pytest.mark.parametrize("seed", range(3))
def test_the_review_foresees_what_scoring_will_say(app: Flask, round_id: int, approver: Account, seed: int) -> None:
    """The same answers through the review page's rules and through scoring itself."""
    random = np.random.default_rng(seed)
    with app.app_context():
        for criterion in builtin().criteria:
            if random.random() < (0.55, 0.7, 0.85)[seed]:
                away = criterion.may_not_apply and random.random() < 0.8
                level = None if away else int(random.integers(5))
                answer(criterion.id, Answer(level, away, "Grund"), approver.id)
        foreseen = review(meschede())
        sign(approver.id)
        loaded = load_levels(db.session, the_round(round_id), builtin(), [MESCHEDE])
    data = RoundData.from_catalogue(
        builtin(),
        units=[MESCHEDE],
        groups=["g"],
        consented=loaded.consented,
        handed_in=loaded.handed_in,
        levels=loaded.levels,
        not_applicable=loaded.not_applicable,
        ratings=np.zeros((0, len(builtin().items)), np.uint8),
        response_unit=np.zeros(0, np.int64),
    )
    view = score_round(data, Method()).self_view
    value = dict(zip(view.nodes, view.values[0], strict=True))
    assert {d.dimension.id: d.gets_score for d in foreseen.dimensions} == {
        d.id: not np.isnan(value[d.id]) for d in builtin().dimensions
    }
    assert foreseen.gets_total == (not np.isnan(view.values[0, 0]))

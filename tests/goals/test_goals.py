"""Development goals: three a round, kept up to date, and told whether they were reached; steps worth thinking of."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.assessment.loading import load_levels
from app.assessment.models import Assessment, CriterionAnswer
from app.database import db, now
from app.goals.models import DevelopmentGoal
from app.goals.next_steps import next_steps
from app.goals.releasing import for_release
from app.releases import reading
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, Account, log_in, token
from tests.assessment.conftest import counted

GOALS, NEW = "/kommune/ziele/", "/kommune/ziele/neu"
GOOD = {"criterion": "A1.1", "target": "2", "due": "2027-06-30", "measures": "Vier Treffen im Jahr"}


def save(client: FlaskClient, path: str = NEW, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client.get(path)), **GOOD, **fields})


def stored(app: Flask) -> list[DevelopmentGoal]:
    with app.app_context():
        return list(db.session.scalars(select(DevelopmentGoal).order_by(DevelopmentGoal.position)))


def following_round(app: Flask, level: int) -> int:
    """A round a year later, closed, in which Meschede states this level for A1.1."""
    with app.app_context():
        round_ = lifecycle.create_round("2027", "Runde 2027", dt.date(2027, 5, 1), dt.date(2027, 6, 30))
        lifecycle.open_round(round_, builtin())
        db.session.flush()
        assessment = Assessment(
            round_id=round_.id, municipality_ags=MESCHEDE, state="handed_in", handed_in_at=now(), consented=False
        )
        assessment.answers = [CriterionAnswer(criterion="A1.1", level=level)]
        db.session.add(assessment)
        lifecycle.close_round(round_)
        db.session.commit()
        return round_.id


def test_a_goal_is_kept_and_stands_on_the_page(app: Flask, working: FlaskClient) -> None:
    assert save(working, responsible="Wirtschaftsförderung").location == GOALS
    page = working.get(GOALS).text
    for words in ("Reifegrad 2", "Vier Treffen im Jahr", "30. Juni 2027", "Wirtschaftsförderung", "läuft"):
        assert words in page


def test_its_progress_can_be_told(app: Flask, working: FlaskClient) -> None:
    save(working)
    (goal,) = stored(app)
    assert save(working, f"{GOALS}{goal.id}", progress="Zwei Treffen waren schon.").status_code == 302
    assert "Zwei Treffen waren schon." in working.get(GOALS).text
    assert len(stored(app)) == 1


def test_three_goals_are_enough(app: Flask, working: FlaskClient) -> None:
    for key in ("A1.1", "A1.2", "A1.3"):
        assert save(working, criterion=key).status_code == 302
    assert "Ziel setzen" not in working.get(GOALS).text.split("Nächste Schritte")[0]
    response = save(working, criterion="A1.4")
    assert response.status_code == 409
    assert "Drei Ziele sind genug" in response.text
    assert [goal.position for goal in stored(app)] == [1, 2, 3]


def test_one_goal_for_a_criterion(app: Flask, working: FlaskClient) -> None:
    save(working)
    response = save(working, target="4")
    assert response.status_code == 409
    assert "gibt es schon ein Ziel" in response.text


def test_a_goal_can_be_taken_back(app: Flask, working: FlaskClient) -> None:
    save(working)
    (goal,) = stored(app)
    asked = working.get(f"{GOALS}{goal.id}/entfernen")
    assert "der eingetragene Fortschritt verschwinden" in asked.text
    assert [kept.id for kept in stored(app)] == [goal.id]
    working.post(f"{GOALS}{goal.id}/entfernen", data={"csrf_token": token(asked)})
    assert stored(app) == []


BAD = [
    ({"criterion": "Z9.9"}, "criterion"),
    ({"target": "0"}, "target"),
    ({"target": "5"}, "target"),
    ({"due": ""}, "Nennen Sie den Tag"),
    ({"due": "31.02.2027"}, "Diesen Tag gibt es nicht"),
    ({"due": "0027-01-01"}, "Das Jahr stimmt nicht"),
    ({"measures": "  "}, "was Sie dafür tun"),
    ({"measures": "x" * 1001}, "höchstens 1000"),
]


@pytest.mark.parametrize(("fields", "words"), BAD)
def test_bad_input_is_named_and_nothing_is_stored(
    app: Flask, working: FlaskClient, fields: dict[str, str], words: str
) -> None:
    response = save(working, **fields)
    assert response.status_code == 422
    assert words in response.text
    assert stored(app) == []


def test_another_municipalitys_goal_does_not_exist(app: Flask, working: FlaskClient, neighbour: Account) -> None:
    save(working)
    (goal,) = stored(app)
    other = app.test_client()
    log_in(other, neighbour.email)
    assert other.get(f"{GOALS}{goal.id}").status_code == 404
    sent = {"csrf_token": token(other.get(NEW))}
    assert other.post(f"{GOALS}{goal.id}/entfernen", data=sent).status_code == 404
    assert len(stored(app)) == 1


def test_without_a_result_there_is_nothing_to_set_a_goal_on(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    assert "Noch gibt es kein Ergebnis" in client.get(GOALS).text
    assert client.get(NEW).status_code == 404


@pytest.mark.parametrize(("level", "words"), [(2, "erreicht"), (1, "noch nicht erreicht")])
def test_the_next_round_tells_whether_a_goal_was_reached(
    app: Flask, working: FlaskClient, level: int, words: str
) -> None:
    save(working)
    following_round(app, level)
    assert f">{words}<" in working.get(GOALS).text


def test_a_level_without_its_evidence_reaches_nothing(app: Flask, working: FlaskClient) -> None:
    save(working, target="3")
    following_round(app, 3)
    assert ">noch nicht erreicht<" in working.get(GOALS).text


def test_the_release_of_the_next_round_knows_the_goals(app: Flask, working: FlaskClient) -> None:
    save(working)
    round_id = following_round(app, 2)
    with app.app_context():
        round_ = db.session.get_one(Round, round_id)
        loaded = load_levels(db.session, round_, builtin(), [MESCHEDE])
        (goal,) = for_release(db.session, round_, builtin(), [MESCHEDE], loaded)[MESCHEDE]
    assert (goal.criterion, goal.target, goal.set_in, goal.reached) == ("A1.1", 2, "2026", True)


def test_next_steps_begin_where_newcomers_are_not_content(app: Flask, released: None) -> None:
    with app.app_context():
        release = reading.release_of(reading.published_record())
    ranks = {"need_to_act": 0, "blind_spot": 1, "easy": 2}
    for ags, sheet in release.own.items():
        steps = next_steps(release, ags)
        order = [ranks[step.why] for step in steps]
        assert order == sorted(order)
        assert len(steps) <= 3
        levels = {score.node: score.level for score in sheet.self_view}
        assert all(levels[step.criterion.id] == step.level < 4 for step in steps)


def test_neighbours_are_named_only_with_their_consent_the_similar_ones_first(app: Flask, released: None) -> None:
    with app.app_context():
        release = reading.release_of(reading.published_record())
    people = {m.ags: m.population for m in release.municipalities}
    named = 0
    for ags in release.own:
        for step in next_steps(release, ags):
            distance = [abs(people[m.ags] - people[ags]) for m in step.neighbours]
            assert distance == sorted(distance)
            assert all(m.consented and step.criterion.id in m.good_examples for m in step.neighbours)
            assert ags not in [m.ags for m in step.neighbours]
            named += len(step.neighbours)
    assert named


def test_a_step_can_be_made_a_goal(working: FlaskClient) -> None:
    page = working.get(f"{NEW}?kriterium=B1.2&reifegrad=3").text
    assert '<option selected value="B1.2">' in page
    assert '<option selected value="3">' in page


def test_the_page_costs_a_fixed_number_of_statements(app: Flask, working: FlaskClient) -> None:
    save(working)
    with counted(app) as few:
        working.get(GOALS)
    save(working, criterion="A1.2")
    with counted(app) as many:
        working.get(GOALS)
    assert len(many) == len(few)

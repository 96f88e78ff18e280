"""The pages of the workspace: what stands on them, for whom, and what they cost the database."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assessment.workspace import Answer
from app.database import db
from app.feedback.models import Response
from tests.accounts.login import MESCHEDE, Account, log_in
from tests.assessment.conftest import PAGE, answer, answer_all, close, counted, new_round, sign

PAGES = ["/kommune/", PAGE, "/kommune/abgabe"]


def give_feedback(round_id: int, number: int) -> None:
    for key in range(number):
        db.session.add(
            Response(
                round_id=round_id,
                municipality_ags=MESCHEDE,
                id=f"00000000-0000-4000-8000-{key:012d}",
                day=dt.date(2026, 11, 20),
                language="de",
                ratings="5" * 18,
                profile="....",
            )
        )
    db.session.commit()


def test_without_a_round_the_pages_say_that_there_is_nothing_to_do(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    assert "zu keiner Erhebungsrunde eingeladen" in client.get("/kommune/").text
    assert "zu keiner Erhebungsrunde eingeladen" in client.get("/kommune/abgabe").text
    assert client.get(PAGE).status_code == 404


def test_a_draft_round_is_not_shown(app: Flask, client: FlaskClient, coordinator: Account) -> None:
    with app.app_context():
        new_round("2026", dt.date(2026, 11, 1), opened=False)
    log_in(client, coordinator.email)
    assert "zu keiner Erhebungsrunde eingeladen" in client.get("/kommune/").text


def test_the_overview_lists_every_criterion_with_its_state(app: Flask, working: FlaskClient, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(3), editor.id)
        answer("A3.3", Answer(None, True, "Keine Hochschule"), editor.id)
    page = working.get("/kommune/").text
    assert page.count('class="as-criterion"') == 43
    assert page.count('class="as-core"') == 20
    assert "Reifegrad 3" in page
    assert "nicht zutreffend" in page
    assert "2 / 43" in page
    assert "Nächstes offenes Kriterium: A1.2" in page


def test_when_everything_is_answered_the_overview_leads_to_the_hand_in(
    app: Flask, working: FlaskClient, editor: Account
) -> None:
    with app.app_context():
        answer_all(editor.id)
    page = working.get("/kommune/").text
    assert "43 / 43" in page
    assert "Nächstes offenes" not in page


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "weniger als 5"), (4, "weniger als 5"), (5, "mindestens 5"), (9, "mindestens 5"), (13, "mindestens 10")],
)
def test_feedback_is_counted_only_roughly(
    app: Flask, working: FlaskClient, round_id: int, number: int, words: str
) -> None:
    with app.app_context():
        give_feedback(round_id, number)
    page = working.get("/kommune/").text
    assert words in page
    assert "/f/meschede" in page


def test_a_criterion_page_has_all_that_is_needed_to_decide(working: FlaskClient) -> None:
    page = working.get(PAGE).text
    for text in (
        "Spricht eine benannte Stelle der Kommune",
        "Austausch über alle Branchen",
        "Terminliste oder Protokolle",
        "Fachkräfte und ihre Familien",
        "Kriterium 1 von 43",
        "A1.2 Willkommensmaterial",
    ):
        assert text in page
    assert "Nicht zutreffend" not in page


def test_not_applicable_is_offered_only_where_the_catalogue_says_so(working: FlaskClient) -> None:
    assert 'value="na"' in working.get("/kommune/kriterium/A3.3").text
    assert 'value="na"' not in working.get(PAGE).text


def test_the_pages_speak_english_too(working: FlaskClient) -> None:
    assert "A direct line to employers" in working.get(PAGE + "?lang=en").text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_the_same_number_of_statements_whatever_is_answered(
    app: Flask, working: FlaskClient, editor: Account, round_id: int, path: str
) -> None:
    with app.app_context():
        answer("A1.1", Answer(1), editor.id)
    working.get(path)
    with counted(app) as few:
        working.get(path)
    with app.app_context():
        answer_all(editor.id, level=3)
        give_feedback(round_id, 30)
    with counted(app) as many:
        working.get(path)
    assert len(few) == len(many) <= 12, many


def test_a_closed_round_that_was_not_handed_in_says_so_and_is_only_read(
    app: Flask, working: FlaskClient, round_id: int, editor: Account
) -> None:
    with app.app_context():
        answer("A1.1", Answer(3, False, "Unser Text"), editor.id)
        close(round_id)
    assert "wurde nicht abgegeben" in working.get("/kommune/").text
    page = working.get(PAGE).text
    assert "Unser Text" in page
    assert 'name="reason"' not in page


def test_of_two_rounds_the_open_one_is_shown(app: Flask, working: FlaskClient, round_id: int) -> None:
    with app.app_context():
        close(round_id)
        new_round("2025", dt.date(2025, 11, 1))
    assert "Runde 2025" in working.get("/kommune/").text


def test_each_municipality_sees_its_own_answers_only(
    app: Flask, client: FlaskClient, round_id: int, editor: Account, approver: Account, neighbour: Account
) -> None:
    with app.app_context():
        answer("A1.1", Answer(3, False, "Nur für Meschede"), editor.id)
        sign(approver.id)
    log_in(client, neighbour.email)
    for path in PAGES:
        page = client.get(path).text
        assert "Nur für Meschede" not in page
        assert "Abgegeben am" not in page


def test_who_works_for_no_municipality_has_no_workspace(
    app: Flask, client: FlaskClient, round_id: int, agency: Account
) -> None:
    log_in(client, agency.email)
    for path in PAGES:
        assert client.get(path).status_code == 403

"""Signing off and giving back: who may, what is asked first, and what is final."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.assessment.hand_in import ReopeningRefused, reopen
from app.assessment.workspace import Answer
from app.database import db
from tests.accounts.login import Account, log_in, token
from tests.assessment.conftest import PAGE, answer, answer_all, close, meschede, send, sign

SUMMARY = "/kommune/abgabe"
REFUSALS = ["", "   ", "x" * 501, "mit \0 darin"]


def hand_in(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.get(SUMMARY)
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page.text)[1]
    form = {"csrf_token": token(page), "seen": seen, "name": "Muster im Test", "function": "Leitung"}
    return client.post(SUMMARY, data={**form, **fields})


def state(app: Flask) -> tuple[str, bool]:
    with app.app_context():
        assessment = meschede().assessment
        return assessment.state, assessment.consented


@pytest.fixture
def complete(app: Flask, round_id: int, editor: Account) -> None:
    with app.app_context():
        answer_all(editor.id)


def test_the_approver_hands_in(app: Flask, approving: FlaskClient, complete: None) -> None:
    assert hand_in(approving, confirmed="y").location == SUMMARY
    assert state(app) == ("handed_in", False)
    page = approving.get(SUMMARY).text
    assert "Vielen Dank" in page
    assert "Freigegeben von: Büro der Leitung." in page
    assert "nicht mit dem Namen" in page


def test_consent_is_kept_when_given(app: Flask, approving: FlaskClient, complete: None) -> None:
    hand_in(approving, confirmed="y", consented="y")
    assert state(app) == ("handed_in", True)


def test_without_the_approvers_word_nothing_is_handed_in(app: Flask, approving: FlaskClient, complete: None) -> None:
    response = hand_in(approving, consented="y")
    assert response.status_code == 422
    assert "Bitte bestätigen Sie das" in response.text
    assert re.search(r'name="consented"[^>]*checked|checked[^>]*name="consented"', response.text)
    assert state(app) == ("open", False)


def test_an_incomplete_one_is_handed_in_only_knowingly(app: Flask, approving: FlaskClient, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(2), editor.id)
    assert hand_in(approving, confirmed="y").status_code == 422
    assert state(app)[0] == "open"
    assert hand_in(approving, confirmed="y", incomplete="y").status_code == 302
    assert state(app)[0] == "handed_in"


def test_nothing_at_all_is_not_handed_in(approving: FlaskClient) -> None:
    page = approving.get(SUMMARY)
    assert "Sobald mindestens ein Kriterium beantwortet ist" in page.text
    signed = {"name": "Muster im Test", "function": "Leitung"}
    form = {"csrf_token": token(page), "confirmed": "y", "incomplete": "y", **signed}
    response = approving.post(SUMMARY, data=form)
    assert response.status_code == 409
    assert "noch kein Kriterium beantwortet" in response.text


def test_the_approver_signs_only_what_they_saw(
    app: Flask, approving: FlaskClient, complete: None, editor: Account
) -> None:
    page = approving.get(SUMMARY)
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page.text)[1]
    with app.app_context():
        answer("A1.1", Answer(4), editor.id)
    form = {"csrf_token": token(page), "seen": seen, "confirmed": "y", "name": "Muster im Test", "function": "Leitung"}
    response = approving.post(SUMMARY, data=form)
    assert response.status_code == 409
    assert "wurden Antworten geändert" in response.text
    assert state(app)[0] == "open"


def test_a_second_hand_in_gets_a_clear_sentence(app: Flask, approving: FlaskClient, complete: None) -> None:
    page = approving.get(SUMMARY)
    hand_in(approving, confirmed="y", consented="y")
    response = approving.post(SUMMARY, data={"csrf_token": token(page), "confirmed": "y"})
    assert response.status_code == 409
    assert "Die Selbsteinschätzung ist abgegeben" in response.text
    assert state(app) == ("handed_in", True)


def test_a_closed_round_takes_no_hand_in(app: Flask, approving: FlaskClient, complete: None, round_id: int) -> None:
    page = approving.get(SUMMARY)
    with app.app_context():
        close(round_id)
    response = approving.post(SUMMARY, data={"csrf_token": token(page), "confirmed": "y"})
    assert response.status_code == 409
    assert "geschlossen" in response.text
    assert state(app)[0] == "open"


def test_who_may_not_hand_in_is_told_who_can_and_refused(
    app: Flask, client: FlaskClient, complete: None, editor: Account
) -> None:
    log_in(client, editor.email)
    page = client.get(SUMMARY)
    assert "Abgeben kann die Person mit der Rolle" in page.text
    assert "Verbindlich abgeben" not in page.text
    response = client.post(SUMMARY, data={"csrf_token": token(page), "confirmed": "y"})
    assert response.status_code == 403
    assert state(app)[0] == "open"


def test_after_the_hand_in_every_page_is_only_read(app: Flask, approving: FlaskClient, complete: None) -> None:
    hand_in(approving, confirmed="y")
    for path in ("/kommune/", PAGE, SUMMARY):
        page = approving.get(path).text
        assert "Abgegeben am" in page
        assert '<button class="kern-btn kern-btn--primary' not in page


def test_the_summary_names_what_is_open_and_what_it_costs(app: Flask, approving: FlaskClient, editor: Account) -> None:
    with app.app_context():
        answer_all(editor.id, number=4)
        answer("A2.1", Answer(4), editor.id)
    page = approving.get(SUMMARY).text
    assert "5 / 43" in page
    assert "A2.2 Beruflicher Einstieg" in page
    assert "1 von 4 beantwortet" in page
    assert "mindestens zwei Drittel" in page
    assert "Reifegrad 3 oder 4 ohne den nötigen Nachweis" in page
    assert "80 Prozent" in page


def test_a_complete_one_has_nothing_to_be_warned_about(approving: FlaskClient, complete: None) -> None:
    page = approving.get(SUMMARY).text
    assert "Alle Kriterien sind beantwortet." in page
    assert "zwei Drittel" not in page
    assert "80 Prozent" not in page


def test_the_agency_can_give_it_back_and_its_reason_is_read(
    app: Flask, approving: FlaskClient, complete: None, approver: Account
) -> None:
    with app.app_context():
        sign(approver.id, consented=True)
        reopen(meschede().assessment, " Bitte prüfen Sie B2.1. ")
        db.session.commit()
    assert state(app) == ("open", False)
    for path in ("/kommune/", PAGE, SUMMARY):
        assert "Bitte prüfen Sie B2.1." in approving.get(path).text
    assert send(approving, level="4", reason="Neu").status_code == 302
    assert hand_in(approving, confirmed="y").status_code == 302
    assert "Bitte prüfen Sie B2.1." not in approving.get("/kommune/").text


@pytest.mark.parametrize("reason", REFUSALS)
def test_giving_back_needs_a_reason_that_fits(app: Flask, complete: None, approver: Account, reason: str) -> None:
    with app.app_context():
        sign(approver.id)
        with pytest.raises(ReopeningRefused, match="Nennen Sie der Kommune den Grund"):
            reopen(meschede().assessment, reason)


def test_what_was_not_handed_in_cannot_be_given_back(app: Flask, complete: None) -> None:
    with app.app_context(), pytest.raises(ReopeningRefused, match="nicht abgegeben"):
        reopen(meschede().assessment, "Grund")


def test_after_the_round_nothing_is_given_back(app: Flask, complete: None, approver: Account, round_id: int) -> None:
    with app.app_context():
        sign(approver.id)
        close(round_id)
        with pytest.raises(ReopeningRefused, match="geschlossen"):
            reopen(meschede().assessment, "Grund")

"""One criterion's answer: what is kept, what is refused, and that nobody overwrites anybody unseen."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.assessment.models import CriterionAnswer
from app.assessment.workspace import Answer
from app.database import db
from tests.accounts.login import Account, log_in, token
from tests.assessment.conftest import PAGE, answer, close, meschede, new_round, send, sign

NOT_APPLICABLE = "/kommune/kriterium/A3.3"


def stored(app: Flask, criterion: str = "A1.1") -> CriterionAnswer | None:
    with app.app_context():
        return meschede().rows.get(criterion)


def test_a_level_and_its_reason_are_kept(app: Flask, working: FlaskClient) -> None:
    response = send(working, level="3", reason="Runde mit allen Betrieben\r\nseit 2023")
    assert response.location == PAGE
    row = stored(app)
    assert (row.level, row.not_applicable, row.reason) == (3, False, "Runde mit allen Betrieben\nseit 2023")


def test_the_page_shows_what_was_saved_by_whom(working: FlaskClient) -> None:
    send(working, level="3", reason="Runde mit allen Betrieben")
    page = working.get(PAGE).text
    assert "ist gespeichert" in page
    assert 'value="3" checked' in " ".join(page.split())
    assert "Runde mit allen Betrieben" in page
    assert "Koordination" in page.split("Zuletzt gespeichert")[1][:120]


def test_saving_can_lead_on_to_the_next_criterion(working: FlaskClient) -> None:
    assert send(working, level="1", step="next").location == "/kommune/kriterium/A1.2"


def test_after_the_last_criterion_comes_the_summary(working: FlaskClient) -> None:
    assert send(working, "/kommune/kriterium/B6.4", level="1", step="next").location == "/kommune/abgabe"


def test_a_level_can_be_withdrawn_and_the_reason_stays(app: Flask, working: FlaskClient) -> None:
    send(working, level="3", reason="Bald mehr")
    send(working, level="open", reason="Bald mehr")
    row = stored(app)
    assert (row.level, row.reason, row.version) == (None, "Bald mehr", 2)
    assert "0 / 43" in working.get("/kommune/").text


def test_saving_the_same_again_changes_nothing(app: Flask, working: FlaskClient) -> None:
    send(working, level="3")
    send(working, level="3", version="0")
    assert stored(app).version == 1


def test_not_applicable_is_kept_with_its_reason(app: Flask, working: FlaskClient) -> None:
    send(working, NOT_APPLICABLE, level="na", reason="Keine Hochschule in der Nähe")
    row = stored(app, "A3.3")
    assert (row.level, row.not_applicable) == (None, True)


BAD = [
    (PAGE, {"level": "7"}, "Diesen Reifegrad gibt es nicht"),
    (PAGE, {"level": "-1"}, "Diesen Reifegrad gibt es nicht"),
    (PAGE, {"level": "2\0"}, "Diesen Reifegrad gibt es nicht"),
    (PAGE, {"level": "na", "reason": "Passt nicht"}, "»Nicht zutreffend« gibt es bei diesem Kriterium nicht"),
    (NOT_APPLICABLE, {"level": "na", "reason": "  \r\n "}, "begründen Sie kurz"),
    (PAGE, {"level": "2", "reason": "x" * 4001}, "um 1 Zeichen zu lang"),
    (PAGE, {"level": "2", "reason": "Text mit \0 darin"}, "unsichtbare Steuerzeichen"),
]


@pytest.mark.parametrize(("path", "fields", "sentence"), BAD)
def test_bad_input_is_named_and_nothing_is_saved(
    app: Flask, working: FlaskClient, path: str, fields: dict[str, str], sentence: str
) -> None:
    response = send(working, path, **fields)
    assert response.status_code == 422
    assert sentence in response.text
    assert stored(app, path.rsplit("/", 1)[1]) is None


def test_a_text_that_is_too_long_stays_in_the_form(working: FlaskClient) -> None:
    text = "Willkommen " * 364 + "Ende"
    response = send(working, level="2", reason=text)
    assert response.status_code == 422
    assert text in response.text
    assert 'href="#reason"' in response.text


def test_4000_characters_fit_however_lines_end(app: Flask, working: FlaskClient) -> None:
    assert send(working, level="2", reason="a" * 1999 + "\r\n" + "ß" * 2000).status_code == 302
    assert len(stored(app).reason) == 4000


def test_a_text_without_a_level_is_kept_but_does_not_count(working: FlaskClient) -> None:
    send(working, reason="Frage an das Ordnungsamt")
    assert "Frage an das Ordnungsamt" in working.get(PAGE).text
    assert "0 / 43" in working.get("/kommune/").text


@pytest.mark.parametrize("key", ["A9.9", "a1.1", "A1", "A1.1 ", "%00", "x" * 500])
def test_an_unknown_criterion_is_404(working: FlaskClient, key: str) -> None:
    assert working.get(f"/kommune/kriterium/{key}").status_code == 404


def test_another_persons_answer_is_not_overwritten_unseen(app: Flask, working: FlaskClient, editor: Account) -> None:
    colleague = app.test_client()
    log_in(colleague, editor.email)
    send(working, level="1", reason="erste Fassung", version="0")
    response = send(colleague, level="4", reason="zweite Fassung", version="0")
    assert response.status_code == 409
    assert stored(app).level == 1
    for text in ("Ihre Fassung", "Gespeicherte Fassung", "Reifegrad 4", "Reifegrad 1", "<mark>zweite</mark>"):
        assert text in response.text
    assert "erste Fassung" in response.text.split("<textarea")[1]
    assert "zweite Fassung" in response.text.split("<textarea")[1]


def test_after_a_conflict_ones_own_version_can_be_taken(app: Flask, working: FlaskClient, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(1, False, "Von der Kollegin"), editor.id)
    assert send(working, level="4", reason="Meine", version="0").status_code == 409
    assert send(working, level="4", reason="Meine", version="1").status_code == 302
    assert (stored(app).level, stored(app).version) == (4, 2)


def test_a_conflict_can_follow_a_conflict(app: Flask, working: FlaskClient, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(1), editor.id)
        answer("A1.1", Answer(2), editor.id)
    assert send(working, level="4", version="1").status_code == 409
    assert stored(app).level == 2


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "9" * 40, "²", "1\0"])
def test_a_version_that_makes_no_sense_overwrites_nothing(
    app: Flask, working: FlaskClient, editor: Account, version: str
) -> None:
    with app.app_context():
        answer("A1.1", Answer(1), editor.id)
    assert send(working, level="4", version=version).status_code == 409
    assert stored(app).level == 1


def test_of_many_first_answers_at_once_exactly_one_wins(app: Flask, round_id: int, editor: Account) -> None:
    clients = [app.test_client() for _ in range(4)]
    pages = []
    for client in clients:
        log_in(client, editor.email)
        pages.append(client.get(PAGE))
    codes = _at_once(clients, pages)
    assert sorted(codes) == [302, 409, 409, 409]
    with app.app_context():
        assert db.session.scalars(select(CriterionAnswer.level)).all() == [codes.index(302)]


def _at_once(clients: list[FlaskClient], pages: list) -> list[int]:
    codes, start = [0] * len(clients), threading.Barrier(len(clients))

    def post(number: int) -> None:
        form = {"csrf_token": token(pages[number]), "version": "0", "round_key": "2026", "level": str(number)}
        start.wait()
        codes[number] = clients[number].post(PAGE, data=form).status_code

    threads = [threading.Thread(target=post, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_after_the_round_is_closed_nothing_is_saved_and_the_text_is_shown(
    app: Flask, working: FlaskClient, round_id: int
) -> None:
    page = working.get(PAGE)
    with app.app_context():
        close(round_id)
    form = {"csrf_token": token(page), "version": "0", "round_key": "2026", "level": "3", "reason": "Mein langer Text"}
    response = working.post(PAGE, data=form)
    assert response.status_code == 409
    assert "geschlossen" in response.text
    assert "Mein langer Text" in response.text
    assert stored(app) is None


def test_after_the_hand_in_nothing_is_saved(app: Flask, working: FlaskClient, approver: Account) -> None:
    page = working.get(PAGE)
    with app.app_context():
        answer("A1.1", Answer(2), approver.id)
        sign(approver.id)
    form = {"csrf_token": token(page), "version": "1", "round_key": "2026", "level": "4"}
    response = working.post(PAGE, data=form)
    assert response.status_code == 409
    assert "abgegeben" in response.text
    assert stored(app).level == 2


def test_an_answer_typed_for_one_round_does_not_land_in_the_next(
    app: Flask, working: FlaskClient, round_id: int
) -> None:
    with app.app_context():
        close(round_id)
        new_round("2027", dt.date(2027, 11, 1))
    assert send(working, level="4", round_key="2026").status_code == 409
    assert stored(app) is None


def test_the_last_rounds_answer_stands_beside(
    app: Flask, working: FlaskClient, round_id: int, approver: Account
) -> None:
    with app.app_context():
        answer("A1.1", Answer(2, False, "Damals ein Flyer"), approver.id)
        sign(approver.id)
        close(round_id)
        new_round("2027", dt.date(2027, 11, 1))
    page = working.get(PAGE).text
    assert "Letzte Runde" in page
    assert "Damals ein Flyer" in page
    assert "Reifegrad 2 – umgesetzt" in page
    assert "Wortlaut" not in page


def test_a_text_is_shown_as_text_and_never_run(working: FlaskClient) -> None:
    send(working, level="2", reason="<script>alert(1)</script>")
    for path in (PAGE, "/kommune/abgabe"):
        assert "<script>alert" not in working.get(path).text

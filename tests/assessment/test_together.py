"""Working together: tasks, notes, who is here, who changed what, and saving while somebody writes."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes, policy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.assessment.models import AnswerRevision
from app.assessment.workspace import Answer
from app.collaboration.colleagues import handles
from app.collaboration.models import Assignment, Mention, Note, Presence
from app.database import db, now
from app.outbox.models import OutgoingMail
from tests.accounts.login import Account, log_in, token
from tests.assessment.conftest import PAGE, SAVE_FORM, answer, answer_all, counted, meschede, send, sign

JSON = {"Accept": "application/json"}
NOTE = "/kommune/notiz/1"


@pytest.fixture
def colleague(app: Flask, editor: Account) -> FlaskClient:
    """The editor of Meschede, logged in."""
    client = app.test_client()
    log_in(client, editor.email)
    return client


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(f"{PAGE}/{path}", data={"csrf_token": token(client.get(PAGE)), **fields})


def autosave(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.get(PAGE)
    form = {"csrf_token": token(page), "version": SAVE_FORM.search(page.text)[1], "round_key": "2026", "level": "open"}
    return client.post(PAGE, data={**form, **fields}, headers=JSON)


def handle(app: Flask, account: Account) -> str:
    with app.app_context():
        return next(iter(handles([db.session.get_one(User, account.id)])))


def test_a_criterion_is_assigned_with_a_day_and_stands_with_the_colleagues_open_points(
    working: FlaskClient, colleague: FlaskClient, editor: Account
) -> None:
    assert post(working, "zustaendig", assignee=str(editor.id), until="2099-12-01").status_code == 302
    page = colleague.get("/kommune/").text
    assert "Meine offenen Punkte" in page
    assert "bis 1. Dezember 2099" in page
    assert "Meine offenen Punkte" not in working.get("/kommune/").text


def test_what_is_late_is_said_to_be_late(
    app: Flask, working: FlaskClient, colleague: FlaskClient, editor: Account
) -> None:
    post(working, "zustaendig", assignee=str(editor.id))
    with app.app_context():
        db.session.execute(update(Assignment).values(due=dt.date(2020, 1, 1)))
        db.session.commit()
    assert "überfällig seit 1. Januar 2020" in colleague.get("/kommune/").text


def test_an_answered_criterion_is_no_open_point_any_more(
    working: FlaskClient, colleague: FlaskClient, editor: Account
) -> None:
    post(working, "zustaendig", assignee=str(editor.id))
    send(colleague, level="2")
    assert "Meine offenen Punkte" not in colleague.get("/kommune/").text


def test_a_task_can_be_taken_back(app: Flask, working: FlaskClient, editor: Account) -> None:
    post(working, "zustaendig", assignee=str(editor.id))
    post(working, "zustaendig", assignee="")
    with app.app_context():
        assert db.session.scalar(select(Assignment)) is None


def test_nobody_of_another_municipality_gets_a_task(app: Flask, working: FlaskClient, neighbour: Account) -> None:
    for forged in (str(neighbour.id), "0", "999999999", "-1", "x", "²"):
        response = post(working, "zustaendig", assignee=forged)
        assert response.status_code == 422
        assert "arbeitet nicht (mehr) für Ihre Kommune" in response.text
    with app.app_context():
        assert db.session.scalar(select(Assignment)) is None


def test_a_day_that_does_not_exist_is_named(working: FlaskClient, editor: Account) -> None:
    response = post(working, "zustaendig", assignee=str(editor.id), until="31.02.2027")
    assert response.status_code == 422
    assert "Diesen Tag gibt es nicht" in response.text


def test_no_task_is_late_before_it_is_given(app: Flask, working: FlaskClient, editor: Account) -> None:
    response = post(working, "zustaendig", assignee=str(editor.id), until="2020-01-01")
    assert response.status_code == 422
    assert "Dieser Tag ist schon vorbei" in response.text
    with app.app_context():
        assert db.session.scalar(select(Assignment)) is None


def test_a_note_speaks_to_a_colleague_until_it_is_done(
    app: Flask, working: FlaskClient, colleague: FlaskClient, editor: Account
) -> None:
    post(working, "notiz", note=f"@{handle(app, editor)} kannst du das ansehen?")
    assert "kannst du das ansehen?" in colleague.get(PAGE).text
    page = colleague.get("/kommune/")
    assert "kannst du das ansehen?" in page.text
    done = re.search(r'action="(/kommune/notiz/\d+/erledigt)"', page.text)[1]
    assert colleague.post(done, data={"csrf_token": token(page)}).status_code == 302
    assert "Meine offenen Punkte" not in colleague.get("/kommune/").text
    assert "kannst du das ansehen?" in colleague.get(PAGE).text


def test_who_is_spoken_to_gets_one_mail_that_leads_there_and_does_not_repeat_the_note(
    app: Flask, working: FlaskClient, coordinator: Account, editor: Account
) -> None:
    name = handle(app, editor)
    post(working, "notiz", note=f"@{name} kannst du das ansehen? @{name} @{handle(app, coordinator)}")
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail)).all()
        note = db.session.scalars(select(Note)).one()
        assert [(mail.key, mail.recipient) for mail in mails] == [(f"mention:{note.id}:{editor.id}", editor.email)]
    sent = next((app.config["KOMPASS"].data_dir / "mail").iterdir())
    body = message_from_bytes(sent.read_bytes(), policy=policy.default).get_content()
    assert f"{app.config['KOMPASS'].address}{PAGE}#notizen" in body
    assert "kannst du das ansehen" not in body


def test_a_note_that_speaks_to_nobody_sends_no_mail(app: Flask, working: FlaskClient) -> None:
    post(working, "notiz", note="Nur für das Protokoll; @niemand liest das.")
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail)).all() == []


def test_a_name_that_nobody_has_is_named(app: Flask, working: FlaskClient) -> None:
    post(working, "notiz", note="@niemand bitte; info@example.org meint niemanden")
    page = working.get(PAGE).text
    assert "@niemand. Benachrichtigt wurde dort niemand" in page
    with app.app_context():
        assert db.session.scalar(select(Mention)) is None


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_note_that_does_not_fit_stays_in_the_form(app: Flask, working: FlaskClient, text: str) -> None:
    response = post(working, "notiz", note=text)
    assert response.status_code == 422
    assert text.strip() in response.text
    with app.app_context():
        assert db.session.scalar(select(Note)) is None


def test_notes_stay_in_the_municipality(app: Flask, working: FlaskClient, neighbour: Account, agency: Account) -> None:
    post(working, "notiz", note="Nur unter uns")
    other, region = app.test_client(), app.test_client()
    log_in(other, neighbour.email)
    log_in(region, agency.email)
    assert "Nur unter uns" not in other.get(PAGE).text
    assert region.get(PAGE).status_code == 403


def test_a_note_of_somebody_else_cannot_be_ticked_off(app: Flask, working: FlaskClient, colleague: FlaskClient) -> None:
    post(working, "notiz", note="Hallo")
    with app.app_context():
        note = db.session.scalar(select(Note.id))
    sent = {"csrf_token": token(colleague.get(PAGE))}
    assert colleague.post(f"/kommune/notiz/{note}/erledigt", data=sent).status_code == 404


def test_who_wrote_a_note_can_take_it_back_and_is_asked_once(app: Flask, working: FlaskClient, editor: Account) -> None:
    post(working, "notiz", note=f"@{handle(app, editor)} bitte prüfen")
    page = working.get(f"{NOTE}/entfernen")
    assert "bitte prüfen" in page.text
    assert f"{NOTE}/entfernen" in working.get(PAGE).text
    answer = working.post(f"{NOTE}/entfernen", data={"csrf_token": token(page)}, follow_redirects=True)
    assert "Ihre Notiz ist entfernt." in answer.text
    with app.app_context():
        assert (db.session.scalars(select(Note)).all(), db.session.scalars(select(Mention)).all()) == ([], [])
    assert working.get(f"{NOTE}/entfernen").status_code == 404


def test_nobody_takes_back_the_note_of_somebody_else(app: Flask, working: FlaskClient, colleague: FlaskClient) -> None:
    post(working, "notiz", note="Bitte prüfen")
    assert f"{NOTE}/entfernen" not in colleague.get(PAGE).text
    form = {"csrf_token": token(colleague.get(PAGE))}
    assert colleague.get(f"{NOTE}/entfernen").status_code == 404
    assert colleague.post(f"{NOTE}/entfernen", data=form).status_code == 404
    with app.app_context():
        assert len(db.session.scalars(select(Note)).all()) == 1


def test_two_people_on_one_criterion_see_each_other(working: FlaskClient, colleague: FlaskClient) -> None:
    assert post(working, "da").json == {"others": []}
    assert post(colleague, "da").json == {"others": ["Koordination"]}
    assert "Auch gerade hier: Koordination" in " ".join(colleague.get(PAGE).text.split())


def test_who_was_seen_more_than_a_minute_ago_is_not_here(
    app: Flask, working: FlaskClient, colleague: FlaskClient
) -> None:
    post(working, "da")
    with app.app_context():
        db.session.scalar(select(Presence)).seen_at = now() - dt.timedelta(seconds=61)
        db.session.commit()
    assert post(colleague, "da").json == {"others": []}


def test_somebody_on_another_criterion_is_not_here(working: FlaskClient, colleague: FlaskClient) -> None:
    page = working.get(PAGE)
    working.post("/kommune/kriterium/A1.2/da", data={"csrf_token": token(page)})
    assert post(colleague, "da").json == {"others": []}


def test_the_history_says_who_changed_what_and_goes_back(
    app: Flask, working: FlaskClient, colleague: FlaskClient
) -> None:
    send(working, level="1", reason="Der Flyer liegt aus")
    send(colleague, level="3", reason="Das Heft liegt aus")
    page = colleague.get(f"{PAGE}/verlauf").text
    for words in ("<del>Der</del>", "<ins>Das</ins>", "<del>Reifegrad 1", "<ins>Reifegrad 3", "Koordination"):
        assert words in page
    sent = {"csrf_token": token(colleague.get(f"{PAGE}/verlauf")), "version": "2"}
    assert colleague.post(f"{PAGE}/verlauf/1", data=sent).location == PAGE
    with app.app_context():
        assert meschede().answer("A1.1") == Answer(1, False, "Der Flyer liegt aus")
        assert meschede().rows["A1.1"].version == 3


def test_going_back_overwrites_nobody_unseen(app: Flask, working: FlaskClient, colleague: FlaskClient) -> None:
    send(working, level="1")
    send(colleague, level="3")
    page = working.get(f"{PAGE}/verlauf")
    send(colleague, level="4")
    response = working.post(f"{PAGE}/verlauf/1", data={"csrf_token": token(page), "version": "2"})
    assert response.status_code == 409
    with app.app_context():
        assert meschede().answer("A1.1").level == 4


def test_a_version_that_never_was_is_404(working: FlaskClient) -> None:
    send(working, level="1")
    for version in ("7", "99999999999", "x"):
        sent = {"csrf_token": token(working.get(PAGE)), "version": "1"}
        assert working.post(f"{PAGE}/verlauf/{version}", data=sent).status_code == 404


def test_what_one_person_saves_in_one_sitting_is_one_version(app: Flask, working: FlaskClient, editor: Account) -> None:
    for text in ("S", "Se", "Seit"):
        send(working, level="2", reason=text)
    with app.app_context():
        assert [row.version for row in db.session.scalars(select(AnswerRevision))] == [3]
        answer("A1.1", Answer(4), editor.id)
        assert db.session.scalars(select(AnswerRevision.version).order_by(AnswerRevision.version)).all() == [3, 4]


def test_saving_while_writing_gives_the_new_version(app: Flask, working: FlaskClient) -> None:
    first = autosave(working, level="1", reason="Beginn")
    assert first.json["version"] == 1
    assert re.fullmatch(r"\d\d:\d\d", first.json["at"])
    assert autosave(working, level="1", reason="Beginn und mehr").json["version"] == 2


def test_an_answer_that_was_lost_on_the_way_back_does_not_make_a_conflict(working: FlaskClient) -> None:
    autosave(working, level="1", reason="Beginn", version="0")
    assert autosave(working, level="1", reason="Beginn", version="0").json["version"] == 1


def test_saving_while_writing_names_what_has_to_be_mended(working: FlaskClient) -> None:
    response = autosave(working, level="2", reason="x" * 4001)
    assert response.status_code == 422
    assert "um 1 Zeichen zu lang" in response.json["problem"]


def test_saving_while_writing_never_overwrites_anybody(app: Flask, working: FlaskClient, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(1), editor.id)
    response = autosave(working, level="4", version="0")
    assert (response.status_code, response.json) == (409, {"conflict": True})
    with app.app_context():
        assert meschede().answer("A1.1").level == 1


def test_saving_while_writing_says_when_nothing_can_be_saved_any_more(
    app: Flask, working: FlaskClient, approver: Account
) -> None:
    page = working.get(PAGE)
    form = {"csrf_token": token(page), "version": "0", "round_key": "2026", "level": "3"}
    with app.app_context():
        answer_all(approver.id)
        sign(approver.id)
    response = working.post(PAGE, data=form, headers=JSON)
    assert response.status_code == 409
    assert "abgegeben" in response.json["problem"]


def test_pages_cost_the_same_however_many_tasks_and_notes_there_are(
    app: Flask, working: FlaskClient, editor: Account
) -> None:
    post(working, "notiz", note=f"@{handle(app, editor)} Eins")
    post(working, "zustaendig", assignee=str(editor.id))
    costs = []
    for _ in range(2):
        with counted(app) as page, counted(app):
            working.get(PAGE)
        with counted(app) as overview:
            working.get("/kommune/")
        costs.append((len(page), len(overview)))
        for number in range(5):
            post(working, "notiz", note=f"@{handle(app, editor)} Notiz {number}")
    assert costs[0] == costs[1]

"""The agency reminds many at once: it sees who gets what before anything leaves, and everybody gets a text once."""

from __future__ import annotations

import re
import smtplib

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import APPROVER, COORDINATOR, EDITOR, User
from app.audit.models import AuditEntry
from app.database import db, now
from app.outbox import bouncing, putting, sending
from app.outbox.mail_folder import EmailBackend
from app.outbox.models import BouncedAddress, OutgoingMail
from app.privacy import subjects
from tests.accounts.login import MESCHEDE, OLPE, make_user

PAGE = "/agentur/erinnern"
TEXT = {
    "subject": "{kommune}: bitte",
    "body": "Guten Tag {kommune}, {beantwortet} von {kriterien} bis {bis}. {adresse}",
}
ARNSBERG = "05958004"


@pytest.fixture(autouse=True)
def asleep(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker wakes up by itself."""
    monkeypatch.setitem(app.extensions, putting.WAKE, None)


@pytest.fixture
def people(app: Flask, make_round) -> dict[str, str]:
    make_round()
    make_user(app, EDITOR, municipality=MESCHEDE, email="bearbeitung@example.org")
    return {
        make_user(app, role, municipality=place, email=email).email: place
        for role, place, email in (
            (COORDINATOR, MESCHEDE, "koordination@meschede.example"),
            (APPROVER, MESCHEDE, "Freigabe@meschede.example"),
            (COORDINATOR, OLPE, "koordination@olpe.example"),
        )
    }


def waiting(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient)).all()
        db.session.expunge_all()
        return list(mails)


def preview(desk, query: str = "", **changes: str) -> str:
    return desk.post(f"{PAGE}{query}", {**TEXT, **changes}).text


def seal(page: str) -> str:
    return re.search(r'name="gezeigt" value="(\w+)"', page)[1]


def send(desk, query: str = "", **changes: str):
    page = preview(desk, query, **changes)
    return desk.post(f"{PAGE}{query}", {**TEXT, **changes, "gezeigt": seal(page)})


def test_the_page_says_whom_the_choice_reaches_and_whom_nobody_reaches(desk, people):
    page = desk.get(PAGE).text
    assert "3 Personen" in page
    assert "in 2 Kommunen" in page
    assert "57 Kommunen haben kein Konto" in page
    assert "bearbeitung@example.org" not in page
    assert "1 Person<" in desk.get(f"{PAGE}?kreis=05966").text


def test_the_draft_fits_the_choice_and_another_can_be_taken(desk, people):
    assert "hat noch niemand mit der Selbsteinschätzung" in desk.get(f"{PAGE}?auswahl=not_started").text
    assert "weniger Rückmeldungen von Neuen" in desk.get(f"{PAGE}?auswahl=few").text
    assert "abgegeben ist sie noch nicht" in desk.get(PAGE).text
    assert "noch kein gültiger Beschluss" in desk.get(f"{PAGE}?vorlage=beschluss").text


def test_before_sending_the_count_the_people_and_the_text_of_one_are_shown(app, desk, people):
    page = preview(desk)
    assert "3 Mails" in page
    assert "an 2 Kommunen" in page
    assert "3 Mails senden" in page
    assert "Guten Tag Meschede, 0 von 43 bis 31. Mai 2026. http" in page
    assert all(address in page for address in people)
    assert waiting(app) == []


def test_each_of_them_gets_their_own_text_and_the_log_keeps_how_many(app, desk, people):
    assert "3 Mails sind unterwegs." in desk.read(send(desk))
    mails = waiting(app)
    assert [mail.recipient for mail in mails] == sorted(people)
    assert {mail.subject for mail in mails} == {"Meschede: bitte", "Olpe: bitte"}
    with app.app_context():
        assert "reminder.sent" in db.session.scalars(select(AuditEntry.action)).all()


def test_the_same_text_goes_to_nobody_twice_in_a_round(app, desk, people):
    page = preview(desk)
    for _click in range(2):
        desk.post(PAGE, {**TEXT, "gezeigt": seal(page)})
    assert len(waiting(app)) == 3
    again = preview(desk)
    assert "Diese Mail bekäme gerade niemand." in again
    assert "hat diese Mail schon bekommen" in again
    send(desk, body="Noch einmal: {kommune}")
    assert len(waiting(app)) == 6


def test_who_came_since_the_preview_is_shown_before_anything_leaves(app, desk, people):
    page = preview(desk)
    make_user(app, COORDINATOR, municipality=ARNSBERG, email="neu@arnsberg.example")
    answer = desk.post(PAGE, {**TEXT, "gezeigt": seal(page)})
    assert "Seit der Vorschau hat sich etwas geändert" in answer.text
    assert "4 Mails senden" in answer.text
    assert waiting(app) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": "  "}, "Schreiben Sie einen Betreff."),
        ({"body": ""}, "Schreiben Sie einen Text."),
        ({"body": "{komune}"}, "Das Feld {komune} gibt es nicht. Meinten Sie {kommune}?"),
        ({"subject": "{xyz}"}, "Das Feld {xyz} gibt es nicht. Möglich sind: kommune, runde"),
        ({"body": "x" * 4001}, "Kürzen Sie den Text auf höchstens 4.000 Zeichen."),
        ({"subject": "x" * 200}, "Kürzen Sie den Betreff auf höchstens 140 Zeichen."),
    ],
)
def test_what_cannot_be_sent_says_why_and_what_was_typed_stays(app, desk, people, changes, sentence):
    answer = desk.post(PAGE, {**TEXT, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert waiting(app) == []


def test_without_a_round_there_is_nothing_to_remind_of(desk):
    assert desk.get(PAGE).status_code == 404


def test_a_mail_server_that_is_down_changes_nothing_but_the_time(app, desk, people, monkeypatch):
    send(desk)
    monkeypatch.setattr(EmailBackend, "send_messages", _down)
    with app.app_context():
        assert sending.send_waiting() == 0
    assert {(mail.state, mail.problem) for mail in waiting(app)} == {("waiting", "unreachable")}
    monkeypatch.undo()
    with app.app_context():
        db.session.query(OutgoingMail).update({"next_try_at": now()})
        db.session.commit()
        assert sending.send_waiting() == 3
    assert {mail.state for mail in waiting(app)} == {"sent"}


def _down(_self: EmailBackend, _messages: list) -> int:
    raise ConnectionRefusedError


def test_an_address_that_refuses_is_marked_and_left_out_from_then_on(app, desk, people, monkeypatch):
    send(desk)
    monkeypatch.setattr(EmailBackend, "send_messages", _refuses_olpe)
    with app.app_context():
        assert sending.send_waiting() == 2
    page = desk.get("/agentur/post").text
    assert "Der Mailserver nimmt diese Adresse nicht an. Bitte prüfen Sie die Schreibweise." in page
    assert "Diese Adresse ist unzustellbar und bekommt keine Erinnerungen." in page
    again = preview(desk, body="Neuer Text für {kommune}")
    assert "bekommt sie nicht: Adresse nimmt keine Mails an" in again
    assert "2 Mails senden" in again


def _refuses_olpe(_self: EmailBackend, messages: list) -> int:
    if messages[0].to[0].endswith("olpe.example"):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"unknown")})
    return 1


def test_a_mail_that_came_back_is_marked_by_hand_and_the_mark_can_be_taken_away(app, desk, people):
    send(desk)
    with app.app_context():
        sending.send_waiting()
    mail = next(mail for mail in waiting(app) if mail.recipient.startswith("Freigabe"))
    page = desk.read(desk.post(f"/agentur/post/{mail.id}/unzustellbar"))
    assert "Freigabe@meschede.example ist als unzustellbar vermerkt" in page
    assert "2 Mails senden" in preview(desk, body="Neu")
    page = desk.read(desk.post(f"/agentur/post/{mail.id}/unzustellbar", {"wieder": "1"}))
    assert "An Freigabe@meschede.example wird wieder erinnert." in page
    assert "3 Mails senden" in preview(desk, body="Neu")
    assert desk.post("/agentur/post/999999/unzustellbar").status_code == 404


def test_a_mark_goes_with_the_account(app, people):
    with app.test_request_context():
        user = db.session.scalars(select(User).where(User.email == "koordination@olpe.example")).one()
        bouncing.mark(user.email, "came_back", user.id)
        db.session.flush()
        subjects.erase(user)
        assert db.session.scalars(select(BouncedAddress)).all() == []


def test_a_guest_is_not_asked_for_newcomers_answers(app, desk, people):
    desk.post("/agentur/runden/2026/gaeste", {"gast": [MESCHEDE]})
    assert "meschede.example" not in desk.get(f"{PAGE}?auswahl=few").text

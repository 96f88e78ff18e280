"""The agency invites people: an account, a mail with a link, and nobody knows the password."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.database import db
from app.outbox.mail_folder import EmailBackend
from app.outbox.models import OutgoingMail
from tests.accounts.login import MESCHEDE, log_in

NEW = {
    "email": "neu@example.org",
    "function": "Stadtmarketing",
    "municipality": MESCHEDE,
    "roles": ["coordinator", "editor"],
}


def mails(settings) -> list[str]:
    return [path.read_text("utf-8") for path in sorted((settings.data_dir / "mail").glob("*.eml"))]


def number_of_accounts(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(User))


def account(app, email: str) -> User:
    with app.app_context():
        return db.session.scalars(select(User).where(User.email == email)).one()


def test_an_account_is_made_and_its_owner_invited_by_mail(app, desk, settings):
    page = desk.read(desk.post("/agentur/konten/neu", NEW))
    assert "unterwegs" in page
    assert "neu@example.org" in page
    found = account(app, "neu@example.org")
    assert {role.name for role in found.roles} == {"coordinator", "editor"}
    (mail,) = mails(settings)
    assert "neu@example.org" in mail


def test_an_account_of_the_agency_needs_no_municipality(app, desk):
    desk.post("/agentur/konten/neu", {"email": "kollegin@example.org", "municipality": ""})
    assert [role.name for role in account(app, "kollegin@example.org").roles] == ["agency"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "keine-adresse"}, "keine E-Mail-Adresse"),
        ({"email": ""}, "Geben Sie die dienstliche Adresse ein"),
        ({"email": "agentur@example.org"}, "gibt es schon"),
        ({"roles": []}, "Wählen Sie mindestens eine Aufgabe"),
        ({"municipality": ""}, "Wählen Sie oben, zu welcher"),
        ({"municipality": "00000000"}, "gibt es nicht"),
        ({"roles": ["mayor"]}, "unbekannt"),
        ({"function": "x" * 121}, "höchstens 120 Zeichen"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(app, desk, settings, changes, sentence):
    before = number_of_accounts(app)
    answer = desk.post("/agentur/konten/neu", NEW | changes)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert number_of_accounts(app) == before
    assert mails(settings) == []


def test_when_the_mail_server_is_down_the_account_stays_the_mail_waits_and_the_page_says_so(app, desk, server_down):
    page = desk.read(desk.post("/agentur/konten/neu", NEW))
    assert "Mail wartet auf den Versand" in page
    assert "Der Mailserver war nicht erreichbar" in page
    assert "mail.internal" not in page
    assert account(app, "neu@example.org").active
    assert "nächster Versuch" in desk.get("/agentur/post").text


def test_a_mail_can_be_tried_again_at_once(app, desk, server_down, settings):
    desk.post("/agentur/konten/neu", NEW)
    server_down.undo()
    with app.app_context():
        number = db.session.scalar(select(OutgoingMail.id))
    assert "gesendet" in desk.read(desk.post(f"/agentur/post/{number}/nochmal"))
    assert len(mails(settings)) == 1
    assert desk.post("/agentur/post/9999/nochmal").status_code == 404


def test_an_invitation_is_withdrawn(app, desk, server_down):
    desk.post("/agentur/konten/neu", NEW)
    path = f"/agentur/konten/{account(app, 'neu@example.org').id}/einladung/zurueckziehen"
    page = desk.read(desk.post(path))
    assert "ihr Link gilt nicht mehr" in page
    assert "Einladung zurückgezogen" in page
    assert "keine offene Einladung" in desk.read(desk.post(path))


@pytest.fixture
def server_down(monkeypatch):
    """No mail server answers, until ``undo``."""

    def refuse(_self, _messages):
        raise OSError("no route to host mail.internal")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        yield patch


def test_an_invitation_can_be_sent_again(app, desk, coordinator, settings):
    assert "unterwegs" in desk.read(desk.post(f"/agentur/konten/{coordinator.id}/einladung"))
    assert len(mails(settings)) == 1


def test_an_account_is_put_out_of_use_after_asking_once_and_taken_back(app, desk, coordinator):
    path = f"/agentur/konten/{coordinator.id}"
    assert "sofort niemand mehr anmelden" in desk.get(f"{path}/stilllegen").text
    assert account(app, coordinator.email).active
    desk.post(f"{path}/stilllegen")
    assert not account(app, coordinator.email).active
    assert log_in(app.test_client(), coordinator.email).status_code == 200
    desk.post(f"{path}/aktivieren")
    assert account(app, coordinator.email).active


def test_nobody_locks_themselves_out(app, desk, agency):
    page = desk.read(desk.post(f"/agentur/konten/{agency.id}/stilllegen"))
    assert "Ihr eigenes Konto" in page
    assert account(app, agency.email).active


@pytest.mark.parametrize("action", ["stilllegen", "aktivieren", "einladung", "einladung/zurueckziehen", "aufgaben"])
def test_an_unknown_account_is_not_found(desk, action):
    assert desk.post(f"/agentur/konten/9999/{action}").status_code == 404


def test_the_list_asks_the_database_the_same_however_many_there_are(desk, coordinator, statements):
    desk.get("/agentur/konten")
    with statements() as before:
        desk.get("/agentur/konten")
    desk.post("/agentur/konten/neu", NEW | {"email": "a@example.org"})
    desk.post("/agentur/konten/neu", NEW | {"email": "b@example.org", "municipality": "05966024"})
    desk.get("/agentur/konten")  # reads the messages of the two steps
    with statements() as after:
        desk.get("/agentur/konten")
    assert len(after) == len(before)


def roles_of(app, email: str) -> set[tuple[str, str | None]]:
    return {(role.name, role.municipality_ags or role.district_ags) for role in account(app, email).roles}


def test_an_account_gets_a_task_in_a_second_municipality(app, desk, coordinator):
    path = f"/agentur/konten/{coordinator.id}/aufgaben"
    page = desk.read(desk.post(path, {"municipality": "05966024", "roles": ["approver"]}))
    assert "Olpe" in page
    assert roles_of(app, coordinator.email) == {("coordinator", MESCHEDE), ("approver", "05966024")}


def test_a_task_is_taken_away(app, desk, coordinator):
    path = f"/agentur/konten/{coordinator.id}/aufgaben"
    with app.app_context():
        held = account(app, coordinator.email).roles[0].id
    assert "Das gilt ab sofort" in desk.read(desk.post(f"{path}/{held}/entziehen"))
    assert roles_of(app, coordinator.email) == set()
    answer = desk.post(f"{path}/{held}/entziehen")
    assert answer.status_code == 404
    assert "hat das Konto nicht mehr" in answer.text


def test_nobody_takes_their_own_tasks(app, desk, agency):
    held = account(app, agency.email).roles[0].id
    page = desk.read(desk.post(f"/agentur/konten/{agency.id}/aufgaben/{held}/entziehen"))
    assert "Ihre eigenen Aufgaben" in page
    assert roles_of(app, agency.email) == {("agency", None)}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"municipality": MESCHEDE, "roles": ["coordinator"]}, "hat das Konto schon"),
        ({"municipality": MESCHEDE, "roles": []}, "Wählen Sie mindestens eine Aufgabe"),
        ({"municipality": "05958"}, "entweder für die Agentur"),
        ({"municipality": ""}, "entweder für die Agentur"),
        ({"municipality": "99999999", "roles": ["editor"]}, "gibt es nicht"),
    ],
)
def test_a_task_that_cannot_be_given_is_explained(app, desk, coordinator, form, sentence):
    answer = desk.post(f"/agentur/konten/{coordinator.id}/aufgaben", form)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert roles_of(app, coordinator.email) == {("coordinator", MESCHEDE)}


def test_an_account_can_be_made_to_read_a_district(app, desk):
    desk.post("/agentur/konten/neu", {"email": "kreis@example.org", "municipality": "05958"})
    assert roles_of(app, "kreis@example.org") == {("reader", "05958")}

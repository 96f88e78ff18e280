"""An invitation opens one account, once, within a week, for the address it was sent to."""

from __future__ import annotations

import datetime as dt
import email
import re
from collections.abc import Callable
from email.policy import default

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import invitations
from app.accounts.models import Invitation, User
from app.audit.models import AuditEntry
from app.database import db, now
from config import Settings
from tests.accounts.login import Account, log_in, token

NEW = "ein eigenes Kennwort mit ä ö ü"


@pytest.fixture
def invite(app: Flask, settings: Settings, coordinator: Account) -> Callable[[], str]:
    """Invites the coordinator and gives the link in the mail."""

    def do() -> str:
        with app.test_request_context():
            invitations.invite(db.session.get_one(User, coordinator.id))
            db.session.commit()
        return link_in_last_mail(settings)

    return do


def link_in_last_mail(settings: Settings) -> str:
    file = sorted((settings.data_dir / "mail").glob("*.eml"))[-1]
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", message.get_content())[1]


def choose(client: FlaskClient, link: str, password: str = NEW, again: str = NEW):
    return client.post(link, data={"password": password, "again": again, "csrf_token": token(client.get(link))})


def change(app: Flask, **values: object) -> None:
    with app.app_context():
        invitation = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
        for name, value in values.items():
            setattr(invitation, name, value)
        db.session.commit()


def test_the_link_lets_its_owner_choose_a_password(client: FlaskClient, invite, coordinator: Account) -> None:
    link = invite()
    assert coordinator.email in client.get(link).text
    assert choose(client, link).location == "/konto/anmelden"
    assert "Ihr Konto ist eingerichtet" in client.get("/konto/anmelden").text
    assert log_in(client, coordinator.email, NEW).status_code == 302


def test_the_link_lasts_a_week(app: Flask, client: FlaskClient, invite) -> None:
    link = invite()
    with app.app_context():
        invitation = db.session.scalars(select(Invitation)).one()
        assert invitation.expires_at - invitation.created_at == dt.timedelta(days=7)
    change(app, expires_at=now() + dt.timedelta(minutes=1))
    assert client.get(link).status_code == 200
    change(app, expires_at=now() - dt.timedelta(minutes=1))
    answer = client.get(link)
    assert answer.status_code == 410
    assert "Bitten Sie die Agentur um einen neuen" in answer.text


def test_a_used_link_leads_to_the_log_in(client: FlaskClient, invite) -> None:
    link = invite()
    choose(client, link)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "wurde schon benutzt" in answer.text
    assert "/konto/anmelden" in answer.text


def test_a_form_sent_after_the_link_was_used_changes_nothing(client: FlaskClient, invite, coordinator: Account) -> None:
    link = invite()
    form = {"password": "ein ganz anderes Kennwort", "again": "ein ganz anderes Kennwort"}
    form["csrf_token"] = token(client.get(link))
    choose(client, link)
    assert client.post(link, data=form).status_code == 410
    assert log_in(client, coordinator.email, NEW).status_code == 302


def test_a_new_link_ends_the_one_before(client: FlaskClient, invite) -> None:
    first, second = invite(), invite()
    assert first != second
    answer = client.get(first)
    assert answer.status_code == 410
    assert "neuere Einladung" in answer.text
    assert client.get(second).status_code == 200


def test_a_forged_link_says_what_may_have_happened(client: FlaskClient) -> None:
    answer = client.get("/konto/einladung/erfunden")
    assert answer.status_code == 410
    assert "Kopieren Sie ihn vollständig" in answer.text


def test_the_link_is_bound_to_its_address(app: Flask, client: FlaskClient, invite, coordinator: Account) -> None:
    link = invite()
    with app.app_context():
        user = db.session.get_one(User, coordinator.id)
        user.email = "neue-adresse@example.org"
        db.session.commit()
    assert client.get(link).status_code == 410


def test_an_account_out_of_use_is_not_opened(app: Flask, client: FlaskClient, invite, coordinator: Account) -> None:
    link = invite()
    with app.app_context():
        user = db.session.get_one(User, coordinator.id)
        user.active = False
        db.session.commit()
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("zu kurz", "zu kurz", "mindestens 12 Zeichen"),
        (NEW, NEW + "x", "sind nicht gleich"),
        ("", "", "Bitte geben Sie das Passwort ein"),
    ],
)
def test_a_password_that_does_not_do_is_explained(
    client: FlaskClient, invite, password: str, again: str, sentence: str
) -> None:
    link = invite()
    answer = choose(client, link, password, again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert client.get(link).status_code == 200


def test_the_secret_of_the_link_is_stored_nowhere(app: Flask, invite) -> None:
    secret = invite().rsplit("/", 1)[1]
    with app.app_context():
        for table in User.metadata.sorted_tables:
            for row in db.session.execute(table.select()):
                assert all(secret not in str(value) for value in row)


def test_inviting_and_accepting_stand_in_the_log(app: Flask, client: FlaskClient, invite) -> None:
    choose(client, invite())
    with app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
        assert actions[-2:] == ["account.invited", "account.opened"]

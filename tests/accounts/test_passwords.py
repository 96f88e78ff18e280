"""Changing a password, and setting a new one with a link by mail."""

from __future__ import annotations

import email
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Sink
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.database import db
from config import Settings
from tests.accounts.login import PASSWORD, Account, log_in, token

NEW = "ein neues Kennwort mit ä ö ü ß"
FORGOT = "/konto/passwort-vergessen"
PROMISE = "ist jetzt eine E-Mail dorthin unterwegs"


def mails(settings: Settings) -> list[Message]:
    files = sorted((settings.data_dir / "mail").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def ask_for_link(client: FlaskClient, address: str) -> str:
    page = client.get(FORGOT)
    return client.post(FORGOT, data={"email": address, "csrf_token": token(page)}).text


def link_in(message: Message) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", message.get_content())[1]


def set_new(client: FlaskClient, link: str, password: str = NEW, again: str = NEW):
    page = client.get(link)
    form = {"password": password, "password_confirm": again, "csrf_token": token(page)}
    return client.post(link, data=form)


def test_a_link_by_mail_sets_a_new_password(settings: Settings, client: FlaskClient, coordinator: Account) -> None:
    assert PROMISE in ask_for_link(client, coordinator.email)
    (message,) = mails(settings)
    assert message["To"] == coordinator.email
    assert message["Subject"] == "Willkommenskompass: Passwort neu setzen"
    assert "Der Link gilt 1 Tag" in message.get_content()
    assert set_new(client, link_in(message)).location == "/konto/anmelden"
    assert "gilt ab sofort" in client.get("/konto/anmelden").text
    assert log_in(client, coordinator.email, NEW).status_code == 302
    assert [m["Subject"] for m in mails(settings)][1:] == ["Willkommenskompass: Ihr Passwort wurde neu gesetzt"]


def test_the_old_password_is_gone(settings: Settings, client: FlaskClient, coordinator: Account) -> None:
    ask_for_link(client, coordinator.email)
    set_new(client, link_in(mails(settings)[0]))
    assert log_in(client, coordinator.email, PASSWORD).status_code == 200


@pytest.mark.parametrize("address", ["niemand@example.org", "keine Adresse", ""])
def test_nobody_learns_which_addresses_have_an_account(
    settings: Settings, client: FlaskClient, coordinator: Account, address: str
) -> None:
    assert PROMISE in ask_for_link(client, address)
    assert mails(settings) == []


def test_a_link_works_once(settings: Settings, client: FlaskClient, coordinator: Account) -> None:
    ask_for_link(client, coordinator.email)
    link = link_in(mails(settings)[0])
    set_new(client, link)
    assert client.get(link).location == FORGOT
    assert "Dieser Link gilt nicht mehr" in client.get(FORGOT).text


def test_a_forged_link_does_nothing(client: FlaskClient, coordinator: Account) -> None:
    assert client.get(f"{FORGOT}/erfunden").location == FORGOT


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("zu kurz", "zu kurz", "mindestens 12 Zeichen"),
        (NEW, NEW + "x", "sind nicht gleich"),
        ("", "", "Bitte geben Sie das Passwort ein"),
    ],
)
def test_a_password_that_does_not_do_is_explained(
    settings: Settings, client: FlaskClient, coordinator: Account, password: str, again: str, sentence: str
) -> None:
    ask_for_link(client, coordinator.email)
    response = set_new(client, link_in(mails(settings)[0]), password, again)
    assert response.status_code == 200
    assert sentence in response.text
    assert log_in(client, coordinator.email, PASSWORD).status_code == 302


def test_the_link_in_the_mail_names_our_address_whoever_asked(
    settings: Settings, client: FlaskClient, coordinator: Account
) -> None:
    page = client.get(FORGOT, headers={"Host": "angreifer.example"})
    data = {"email": coordinator.email, "csrf_token": token(page)}
    client.post(FORGOT, data=data, headers={"Host": "angreifer.example"})
    assert all("angreifer" not in message.as_string() for message in mails(settings))


def change(client: FlaskClient, old: str, new: str, again: str):
    form = {"password": old, "new_password": new, "new_password_confirm": again}
    return client.post("/konto/passwort", data={**form, "csrf_token": token(client.get("/konto/passwort"))})


def test_who_knows_the_password_can_change_it(settings: Settings, client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    assert change(client, PASSWORD, NEW, NEW).location == "/konto/"
    assert "Ihr Passwort ist geändert" in client.get("/konto/").text
    assert [m["Subject"] for m in mails(settings)] == ["Willkommenskompass: Ihr Passwort wurde geändert"]


def test_changing_the_password_ends_every_other_session(app: Flask, client: FlaskClient, coordinator: Account) -> None:
    other = app.test_client()
    log_in(other, coordinator.email)
    log_in(client, coordinator.email)
    change(client, PASSWORD, NEW, NEW)
    assert other.get("/konto/").status_code == 302
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("falsch falsch falsch", NEW, NEW, "Das Passwort stimmt nicht."),
        (PASSWORD, "zu kurz", "zu kurz", "mindestens 12 Zeichen"),
        (PASSWORD, NEW, "etwas ganz anderes", "sind nicht gleich"),
        (PASSWORD, PASSWORD, PASSWORD, "Das ist Ihr bisheriges Passwort"),
    ],
)
def test_a_change_that_does_not_do_is_explained(
    client: FlaskClient, coordinator: Account, old: str, new: str, again: str, sentence: str
) -> None:
    log_in(client, coordinator.email)
    response = change(client, old, new, again)
    assert response.status_code == 200
    assert sentence in response.text


def free_port() -> int:
    """A port nobody listens on; the mail server knocks at the port it was given, so it cannot choose one itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def sink() -> Iterator[Controller]:
    """A mail server on this machine that keeps what it gets."""

    class Keep(Sink):
        kept: list[Message]

        def handle_message(self, message: Message) -> None:
            self.kept.append(message)

    handler = Keep()
    handler.kept = []
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def test_mail_goes_out_by_smtp_where_a_server_is_named(
    app: Flask, settings: Settings, sink: Controller, coordinator: Account
) -> None:
    smtp = create_app(replace(settings, mail_server="127.0.0.1", mail_port=sink.port, mail_tls=False))
    assert PROMISE in ask_for_link(smtp.test_client(), coordinator.email)
    (message,) = sink.handler.kept
    assert message["To"] == coordinator.email
    assert mails(settings) == []
    with smtp.app_context():
        db.engine.dispose()

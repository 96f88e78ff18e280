"""Logging in and out, and one's own account."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.database import db
from tests.accounts.login import PASSWORD, Account, log_in, log_out, token

REFUSAL = "E-Mail-Adresse oder Passwort stimmen nicht"


def test_the_right_password_opens_the_account(client: FlaskClient, coordinator: Account) -> None:
    assert log_in(client, coordinator.email).location == "/konto/start"
    page = client.get("/konto/").text
    for text in (coordinator.email, "Koordination", "Meschede"):
        assert text in page


def test_capital_letters_in_the_address_do_not_matter(client: FlaskClient, coordinator: Account) -> None:
    assert log_in(client, coordinator.email.upper()).status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("koordination@example.org", "ein ganz anderes Kennwort"),
        ("niemand@example.org", PASSWORD),
        ("koordination@example.org", ""),
        ("keine Adresse", PASSWORD),
        ("", ""),
        ("koordination@example.org", PASSWORD + "\0"),
        ("koordination\0@example.org", PASSWORD),
    ],
)
def test_whatever_is_wrong_the_sentence_is_the_same(
    client: FlaskClient, coordinator: Account, email: str, password: str
) -> None:
    response = log_in(client, email, password)
    assert response.status_code == 200
    assert response.text.count(REFUSAL) == 1
    assert client.get("/konto/").status_code == 302


def test_the_address_that_was_typed_stays_and_the_password_does_not(client: FlaskClient) -> None:
    page = log_in(client, "niemand@example.org", "mein geheimes Kennwort").text
    assert 'value="niemand@example.org"' in page
    assert "mein geheimes Kennwort" not in page


def test_a_disabled_account_stays_outside(app: Flask, client: FlaskClient, coordinator: Account) -> None:
    with app.app_context():
        db.session.get_one(User, coordinator.id).active = False
        db.session.commit()
    log_in(client, coordinator.email)
    assert client.get("/konto/").status_code == 302


def test_after_logging_in_one_is_where_one_wanted_to_be(client: FlaskClient, coordinator: Account) -> None:
    asked = client.get("/konto/passwort")
    page = client.get(asked.location)
    form = {"email": coordinator.email, "password": PASSWORD, "csrf_token": token(page), "next": "/konto/passwort"}
    assert client.post("/konto/anmelden", data=form).location == "/konto/passwort"


def test_nobody_is_sent_to_another_host(client: FlaskClient, coordinator: Account) -> None:
    page = client.get("/konto/anmelden?next=https://example.com/")
    form = {"email": coordinator.email, "password": PASSWORD, "csrf_token": token(page), "next": "https://example.com/"}
    response = client.post("/konto/anmelden?next=https://example.com/", data=form)
    assert "example.com" not in (response.location or "")


def test_logging_out_needs_a_post(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    assert client.get("/konto/abmelden").status_code == 405
    assert client.get("/konto/").status_code == 200
    assert log_out(client).location == "/konto/abgemeldet"
    assert "Sie sind abgemeldet" in client.get("/konto/abgemeldet").text
    assert client.get("/konto/").status_code == 302


def test_a_forged_log_out_does_nothing(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    client.post("/konto/abmelden", data={})
    assert client.get("/konto/").status_code == 200


def test_a_log_in_without_the_forms_token_is_refused(client: FlaskClient, coordinator: Account) -> None:
    response = client.post("/konto/anmelden", data={"email": coordinator.email, "password": PASSWORD})
    assert response.status_code == 400
    assert client.get("/konto/").status_code == 302


def test_nobody_is_remembered_by_a_lasting_cookie(client: FlaskClient, coordinator: Account) -> None:
    page = client.get("/konto/anmelden")
    form = {"email": coordinator.email, "password": PASSWORD, "csrf_token": token(page), "remember": "y"}
    cookies = client.post("/konto/anmelden", data=form).headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["kompass"]
    assert "Expires" not in cookies[0]


def test_public_pages_set_no_cookie_even_when_logged_in(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    assert "Set-Cookie" not in client.get("/methode").headers


def test_who_has_no_task_yet_is_told_whom_to_ask(client: FlaskClient, without_role: Account) -> None:
    log_in(client, without_role.email)
    assert "wenden Sie sich an die Agentur" in client.get("/konto/").text


def test_the_start_page_fits_the_role(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    assert client.get("/konto/start").location == "/kommune/"

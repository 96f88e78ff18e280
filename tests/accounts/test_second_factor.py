"""A second factor: required of the agency and of those who hand in, offered to all, never a dead end."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import second_factor
from app.accounts.models import APPROVER, User
from app.database import db
from config import SettingNotValid, Settings
from tests.accounts.authenticator import code
from tests.accounts.login import MESCHEDE, Account, log_in, make_user, token

PAGE = "/konto/zweiter-faktor"
SETUP, CODES = f"{PAGE}/app", f"{PAGE}/notfallcodes"


@pytest.fixture
def required(app: Flask, settings: Settings) -> None:
    """As in production: who weighs much needs a second factor."""
    app.config["KOMPASS"] = replace(app.config["KOMPASS"], second_factor="required")


def set_up_app(client: FlaskClient) -> str:
    """Set up the app through the pages; gives its key."""
    page = client.post(SETUP, data={"setup": "authenticator", "csrf_token": token(client.get(SETUP))})
    key = re.search(r"<code>([A-Z2-7 -]+)</code>", page.text)[1]
    action = re.search(r'action="(/konto/zweiter-faktor/app/[^"]+)"', page.text)[1]
    answer = client.post(action, data={"code": code(key), "csrf_token": token(page)})
    assert answer.location == PAGE
    return key


def recovery_codes(client: FlaskClient) -> list[str]:
    page = client.post(CODES, data={"generate_new_codes": "1", "csrf_token": token(client.get(CODES))})
    return re.findall(r"<li><code>([^<]+)</code></li>", page.text)


@pytest.mark.parametrize("role", ["agency", "approver"])
def test_who_weighs_much_reaches_only_their_account_until_it_is_set_up(
    app: Flask, client: FlaskClient, required: None, role: str
) -> None:
    municipality = MESCHEDE if role == APPROVER else None
    log_in(client, make_user(app, role, municipality=municipality).email)
    start = "/kommune/" if role == APPROVER else "/agentur/"
    assert client.get(start).location == PAGE
    page = client.get(PAGE).text
    assert "Ihre Aufgabe verlangt ihn" in page
    set_up_app(client)
    assert client.get(start).status_code == 200


def test_forms_do_not_pass_either_before_it_is_set_up(client: FlaskClient, required: None, agency: Account) -> None:
    log_in(client, agency.email)
    csrf = token(client.get("/konto/passwort"))
    assert client.post("/agentur/runden/neu", data={"csrf_token": csrf}).location == PAGE


def test_a_deputy_of_the_approver_needs_one_too(app: Flask, editor: Account, approver: Account, required: None) -> None:
    from app.accounts.deputies import name_deputy
    from app.database import today
    from app.region.models import Municipality

    with app.test_request_context():
        person, deputy = db.session.get_one(User, approver.id), db.session.get_one(User, editor.id)
        assert not second_factor.needs_one(deputy)
        name_deputy(person, db.session.get_one(Municipality, MESCHEDE), deputy, APPROVER, today(), today())
        assert second_factor.needs_one(deputy)


def test_others_are_offered_one_and_pass_without(client: FlaskClient, required: None, editor: Account) -> None:
    log_in(client, editor.email)
    assert client.get("/kommune/").status_code == 200
    assert "freiwillig" in client.get(PAGE).text


def test_logging_in_asks_for_the_code(app: Flask, client: FlaskClient, editor: Account) -> None:
    log_in(client, editor.email)
    key = set_up_app(client)
    other = app.test_client()
    answer = log_in(other, editor.email)
    assert answer.location.startswith("/konto/anmelden/code")
    assert other.get("/kommune/").status_code == 302
    page = other.get("/konto/anmelden/code")
    wrong = other.post("/konto/anmelden/code", data={"code": "000000", "csrf_token": token(page)})
    assert "Dieser Code stimmt nicht" in wrong.text
    # A code counts once: the one that set the app up is used, the next half minute's is not.
    other.post("/konto/anmelden/code", data={"code": code(key, fast=30), "csrf_token": token(page)})
    assert other.get("/kommune/").status_code == 200


def test_a_recovery_code_opens_once(app: Flask, client: FlaskClient, editor: Account) -> None:
    log_in(client, editor.email)
    set_up_app(client)
    codes = recovery_codes(client)
    assert len(codes) == 8
    for attempt, opened in ((codes[0], True), (codes[0], False), (codes[1], True)):
        other = app.test_client()
        log_in(other, editor.email)
        page = other.get("/konto/anmelden/notfallcode")
        answer = other.post("/konto/anmelden/notfallcode", data={"code": attempt, "csrf_token": token(page)})
        assert (other.get("/kommune/").status_code == 200) is opened
        assert ("stimmt nicht oder wurde schon benutzt" in answer.text) is not opened


def test_secrets_of_the_second_factor_are_stored_encrypted(app: Flask, client: FlaskClient, editor: Account) -> None:
    log_in(client, editor.email)
    key = set_up_app(client).replace("-", "")
    codes = recovery_codes(client)
    with app.app_context():
        user = db.session.get_one(User, editor.id)
        assert key not in user.tf_totp_secret
        assert not set(codes) & set(user.mf_recovery_codes)


def test_the_app_can_be_removed_by_those_who_need_none(client: FlaskClient, editor: Account) -> None:
    log_in(client, editor.email)
    set_up_app(client)
    client.post(SETUP, data={"setup": "disable", "csrf_token": token(client.get(SETUP))})
    assert "Eingerichtet." not in client.get(PAGE).text


def test_the_agency_resets_what_was_lost(app: Flask, client: FlaskClient, editor: Account, agency: Account) -> None:
    log_in(client, editor.email)
    set_up_app(client)
    desk = app.test_client()
    log_in(desk, agency.email)
    path = f"/agentur/konten/{editor.id}"
    page = desk.get(f"{path}/aufgaben")
    assert "am Telefon" in page.text
    desk.post(f"{path}/zweiter-faktor", data={"csrf_token": token(page)})
    assert log_in(app.test_client(), editor.email).location == "/konto/start"


def test_demonstration_accounts_are_excused_and_the_page_says_so(
    app: Flask, client: FlaskClient, required: None
) -> None:
    app.config["DEMO"] = True
    log_in(client, make_user(app, "agency", email="agentur@demo.example").email)
    assert client.get("/agentur/").status_code == 200
    assert "Demonstrationskonten dürfen ohne" in client.get(PAGE).text


def test_nobody_is_excused_outside_a_demonstration(app: Flask, client: FlaskClient, required: None) -> None:
    log_in(client, make_user(app, "agency", email="agentur@demo.example").email)
    assert client.get("/agentur/").location == PAGE


def test_nobody_is_excused_in_production(app: Flask) -> None:
    app.config["DEMO"] = True
    app.config["KOMPASS"] = replace(app.config["KOMPASS"], environment="production", second_factor="required")
    make_user(app, "agency", email="agentur@demo.example")
    with app.test_request_context():
        assert second_factor.must_set_up(db.session.query(User).one())


def test_production_refuses_to_do_without() -> None:
    with pytest.raises(SettingNotValid, match="Pflicht"):
        Settings(
            environment="production", secret_key="s" * 40, base_url="https://x.example", second_factor="offered"
        ).check()


@pytest.mark.parametrize(
    "password", ["willkommen12345", "passwortpasswort", "aaaaaaaaaaaaaaaa", "qwertzuiop12345", "Stadtmarketing2026"]
)
def test_a_password_that_is_easy_to_guess_is_refused(client: FlaskClient, editor: Account, password: str) -> None:
    from tests.accounts.test_passwords import PASSWORD, change

    log_in(client, editor.email)
    answer = change(client, PASSWORD, password, password)
    assert answer.status_code == 200
    assert "zu leicht zu erraten" in answer.text

"""Logging in at an OpenID Connect provider: whose account it is, what a second factor is, and every way it can fail."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import AGENCY, EDITOR, User
from app.audit.models import AuditEntry
from app.database import db
from app.sign_on.models import Identity
from app.sign_on.provider import EXTENSION
from app.sign_on.refusals import WHY_NOT
from config import SettingNotValid, Settings
from tests.accounts.login import MESCHEDE, PASSWORD, Account, log_in, log_out, make_user, token
from tests.accounts.test_freshness import stale
from tests.accounts.test_second_factor import set_up_app
from tests.conftest import disconnect, new_application
from tests.sign_on.provider import Provider

START, BACK = "/konto/anmelden/dienst/", "/konto/anmelden/dienst/antwort"


def vouch(provider: Provider, account: Account, subject: str = "person-1") -> None:
    """Let the provider know somebody with the account's address."""
    provider.person = {"sub": subject, "email": account.email, "email_verified": True}


def to_the_provider(client: FlaskClient, start: str = START) -> str:
    """Where the provider sends the browser back to."""
    there = client.get(start)
    assert there.status_code == 302, there.text
    sent = requests.get(there.location, allow_redirects=False, timeout=30)
    assert sent.status_code == 302, sent.text
    return sent.headers["Location"]


def sign_on(client: FlaskClient, start: str = START) -> TestResponse:
    """There and back, as a browser goes."""
    return client.get(to_the_provider(client, start))


def logged_in(client: FlaskClient) -> bool:
    return client.get("/konto/").status_code == 200


def told(client: FlaskClient, answer: TestResponse, reason: str) -> bool:
    """Whether the page that an answer leads to says why it did not work."""
    assert answer.status_code == 302
    return str(WHY_NOT[reason]) in client.get(answer.location).text


def test_who_has_an_account_logs_in_without_a_password(
    client: FlaskClient, provider: Provider, editor: Account
) -> None:
    vouch(provider, editor)
    assert "Anmelden mit Verwaltungskonto" in client.get("/konto/anmelden").text
    assert sign_on(client).location == "/konto/start"
    assert logged_in(client)


def test_the_request_carries_pkce_a_nonce_and_a_state(client: FlaskClient, provider: Provider, editor: Account) -> None:
    vouch(provider, editor)
    sign_on(client)
    [asked] = provider.seen
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"] and asked["state"] and asked["scope"] == "openid email"  # noqa: PT018


def test_afterwards_comes_the_page_that_was_wanted_and_never_a_strange_one(
    client: FlaskClient, provider: Provider, editor: Account
) -> None:
    vouch(provider, editor)
    assert sign_on(client, f"{START}?next=/kommune/abgabe").location == "/kommune/abgabe"
    log_out(client)
    assert sign_on(client, f"{START}?next=https://fremd.example/").location == "/konto/start"


def test_the_account_stays_that_persons_when_the_address_changes(
    client: FlaskClient, provider: Provider, editor: Account
) -> None:
    vouch(provider, editor)
    sign_on(client)
    log_out(client)
    provider.person = {"sub": "person-1", "email": "neu@example.org", "email_verified": False}
    sign_on(client)
    assert editor.email in client.get("/konto/").text


def test_binding_and_releasing_stand_in_the_log(
    app: Flask, client: FlaskClient, provider: Provider, editor: Account
) -> None:
    vouch(provider, editor)
    sign_on(client)
    page = client.get("/konto/")
    assert "mit »Verwaltungskonto« verknüpft" in page.text
    client.post("/konto/anmelden/dienst/loesen", data={"csrf_token": token(page)})
    assert "verknüpft." not in client.get("/konto/").text.replace("gelöst", "")
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.action)).all() == ["account.bound", "account.unbound"]
        assert db.session.scalars(select(Identity)).all() == []


def test_a_second_factor_is_asked_for_all_the_same(
    app: Flask, client: FlaskClient, provider: Provider, editor: Account
) -> None:
    vouch(provider, editor)
    log_in(client, editor.email)
    set_up_app(client)
    other = app.test_client()
    assert sign_on(other).location.startswith("/konto/anmelden/code")
    assert not logged_in(other)


def test_who_needs_a_second_factor_reaches_nothing_without(
    app: Flask, client: FlaskClient, provider: Provider, agency: Account
) -> None:
    app.config["KOMPASS"] = replace(app.config["KOMPASS"], second_factor="required")
    vouch(provider, agency)
    sign_on(client)
    assert client.get("/agentur/").location == "/konto/zweiter-faktor"


def test_nobody_gets_an_account_by_it(app: Flask, client: FlaskClient, provider: Provider) -> None:
    provider.person = {"sub": "person-1", "email": "fremd@example.org", "email_verified": True}
    assert told(client, sign_on(client), "unknown")
    with app.app_context():
        assert db.session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"email_verified": False}, "not-verified"),
        ({"email_verified": None}, "not-verified"),
        ({"email_verified": "true"}, "not-verified"),
        ({"email": None}, "no-address"),
        ({"iss": "https://fremd.example"}, "not-checked"),
        ({"aud": "jemand-anderes"}, "not-checked"),
        ({"aud": "jemand-anderes", "azp": "willkommenskompass"}, "not-checked"),
        ({"nonce": "erfunden"}, "not-checked"),
        ({"exp": 1}, "not-checked"),
        ({"sub": None}, "not-checked"),
        ({"sub": "x" * 256}, "not-checked"),
    ],
)
def test_what_the_provider_says_is_taken_only_as_far_as_it_is_sure(
    client: FlaskClient, provider: Provider, editor: Account, said: dict[str, object], reason: str
) -> None:
    vouch(provider, editor)
    provider.said = said
    assert told(client, sign_on(client), reason)
    assert not logged_in(client)


def test_what_another_key_signed_is_not_believed(client: FlaskClient, provider: Provider, editor: Account) -> None:
    vouch(provider, editor)
    provider.signs_with_another_key = True
    assert told(client, sign_on(client), "not-checked")
    assert not logged_in(client)


@pytest.mark.parametrize(("refuses", "reason"), [("access_denied", "cancelled"), ("server_error", "refused")])
def test_what_the_provider_refuses_is_told(
    client: FlaskClient, provider: Provider, editor: Account, refuses: str, reason: str
) -> None:
    provider.refuses = refuses
    assert told(client, sign_on(client), reason)


def test_an_answer_that_was_asked_for_in_another_browser_logs_nobody_in(
    app: Flask, client: FlaskClient, provider: Provider, editor: Account
) -> None:
    vouch(provider, editor)
    address, other = to_the_provider(client), app.test_client()
    assert told(other, other.get(address), "stale")
    assert not logged_in(other)


def test_an_answer_counts_once(client: FlaskClient, provider: Provider, editor: Account) -> None:
    vouch(provider, editor)
    address = to_the_provider(client)
    client.get(address)
    log_out(client)
    assert told(client, client.get(address), "stale")


@pytest.mark.parametrize("answer", [BACK, f"{BACK}?code=x", f"{BACK}?state=x&code=y", f"{BACK}?state=&code="])
def test_an_answer_that_nobody_asked_for_logs_nobody_in(client: FlaskClient, answer: str) -> None:
    assert told(client, client.get(answer), "stale")


NOBODY = "http://127.0.0.1:9/"
"""Nobody listens there."""


def test_a_provider_that_does_not_answer_is_told_and_the_password_still_works(
    app: Flask, client: FlaskClient, editor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions[EXTENSION], "server_metadata", {})
    monkeypatch.setattr(app.extensions[EXTENSION], "_server_metadata_url", NOBODY)
    assert told(client, client.get(START), "unreachable")
    assert log_in(client, editor.email, PASSWORD).location == "/konto/start"


def test_a_provider_that_falls_silent_on_the_way_is_told(
    app: Flask, client: FlaskClient, provider: Provider, editor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    vouch(provider, editor)
    address = to_the_provider(client)
    monkeypatch.setitem(app.extensions[EXTENSION].server_metadata, "token_endpoint", NOBODY)
    assert told(client, client.get(address), "unreachable")
    assert not logged_in(client)


def test_a_disabled_account_stays_shut(app: Flask, client: FlaskClient, provider: Provider, editor: Account) -> None:
    vouch(provider, editor)
    sign_on(client)
    log_out(client)
    with app.app_context():
        db.session.get_one(User, editor.id).active = False
        db.session.commit()
    assert told(client, sign_on(client), "disabled")


def test_an_account_belongs_to_one_person_there(client: FlaskClient, provider: Provider, editor: Account) -> None:
    vouch(provider, editor)
    sign_on(client)
    log_out(client)
    vouch(provider, editor, subject="jemand-anderes")
    assert told(client, sign_on(client), "somebody-else")
    assert not logged_in(client)


def test_who_is_logged_in_confirms_there_that_it_is_still_them(
    client: FlaskClient, provider: Provider, agency: Account
) -> None:
    vouch(provider, agency)
    sign_on(client)
    stale(client)
    page = client.get(client.get("/agentur/konten/neu").location)
    assert "Bestätigen mit Verwaltungskonto" in page.text
    assert sign_on(client, f"{START}?next=/agentur/konten/neu").location == "/agentur/konten/neu"
    assert provider.seen[-1]["prompt"] == "login"
    assert client.get("/agentur/konten/neu").status_code == 200


def test_a_provider_that_did_not_ask_again_confirms_nothing(
    client: FlaskClient, provider: Provider, agency: Account
) -> None:
    vouch(provider, agency)
    sign_on(client)
    stale(client)
    provider.asked_at = time.time() - 3600
    assert told(client, sign_on(client), "not-fresh")
    assert client.get("/agentur/konten/neu").status_code == 302


def test_nobody_confirms_for_somebody_else(
    app: Flask, client: FlaskClient, provider: Provider, agency: Account, editor: Account
) -> None:
    vouch(provider, agency)
    sign_on(client)
    stale(client)
    vouch(provider, editor, subject="person-2")
    assert told(client, sign_on(client), "not-you")
    assert client.get("/agentur/konten/neu").status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Identity.user_id)).all() == [agency.id]


def test_erasing_an_account_erases_whom_it_belonged_to(
    app: Flask, client: FlaskClient, provider: Provider, editor: Account
) -> None:
    vouch(provider, editor)
    sign_on(client)
    with app.app_context():
        db.session.delete(db.session.get_one(User, editor.id))
        db.session.commit()
        assert db.session.scalars(select(Identity)).all() == []


@pytest.mark.parametrize("role", [AGENCY, EDITOR])
def test_two_accounts_do_not_share_a_person(app: Flask, client: FlaskClient, provider: Provider, role: str) -> None:
    first = make_user(app, role, municipality=None if role == AGENCY else MESCHEDE)
    second = make_user(app, EDITOR, municipality=MESCHEDE)
    vouch(provider, first)
    sign_on(client)
    log_out(client)
    vouch(provider, second)
    sign_on(client)
    assert first.email in client.get("/konto/").text


def test_without_a_provider_in_the_settings_there_is_none(settings: Settings) -> None:
    app = new_application(replace(settings, oidc_issuer=""))
    client = app.test_client()
    assert "Anmelden mit" not in client.get("/konto/anmelden").text.replace("Mit Passkey anmelden", "")
    assert client.get(START).status_code == 404
    assert client.get(BACK).status_code == 404
    disconnect(app)


def test_a_provider_in_production_is_asked_over_tls_only() -> None:
    production = {"environment": "production", "secret_key": "s" * 40, "base_url": "https://x.example"}
    with pytest.raises(SettingNotValid, match="KOMPASS_OIDC_ISSUER"):
        Settings(**production, oidc_issuer="http://login.example.org").check()
    Settings(**production, oidc_issuer="https://login.example.org").check()

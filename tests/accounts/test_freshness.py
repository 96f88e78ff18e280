"""What hands data out, changes who may do what, or hands in asks again who is there. Reading does not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import AGENCY, APPROVER, Role, User
from app.accounts.permissions import PERMISSIONS
from app.assessment.models import HandIn
from app.audit.models import AuditEntry
from app.database import db
from app.web.permission import needs_fresh
from tests.accounts.login import MESCHEDE, PASSWORD, Account, log_in, make_user, token
from tests.accounts.test_permissions import rules

ASK_AGAIN = {
    "accounts.deputy",
    "accounts.end_deputy",
    "agency.account_roles",
    "agency.activate",
    "agency.deactivate",
    "agency.new_account",
    "agency.reset_factor",
    "agency.revoke_role",
    "assessment.sign_off",
    "exports.delete",
    "exports.download",
    "exports.order",
    "privacy.account_data",
    "privacy.confirm_erasure",
    "privacy.erase",
    "privacy.own_data",
}
"""Every view of ours that does; the library's own (password, second factor, passkeys) do so by themselves."""


def stale(client: FlaskClient) -> None:
    """Let the log-in be an hour old."""
    with client.session_transaction("/konto/") as session:
        session["fs_paa"] -= 3600
        session.pop("fs_gexp", None)


def stored(app: Flask) -> tuple[int, ...]:
    """How much of what such steps leave behind there is."""
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(m)) for m in (User, Role, HandIn, AuditEntry)]
        return tuple(counts)


def test_the_views_that_ask_again_are_these(app: Flask) -> None:
    assert {name for name, view in app.view_functions.items() if needs_fresh(view)} == ASK_AGAIN


@pytest.mark.parametrize("role", [AGENCY, APPROVER])
def test_each_of_them_sends_who_logged_in_long_ago_to_confirm_and_does_nothing(
    app: Flask, client: FlaskClient, role: str
) -> None:
    place = MESCHEDE if role == APPROVER else None
    account = make_user(app, role, municipality=place)
    log_in(client, account.email)
    app.config["WTF_CSRF_ENABLED"] = False
    stale(client)
    before, asked = stored(app), set()
    for rule, method, address in rules(app):
        view = app.view_functions[rule.endpoint]
        if not needs_fresh(view) or not allowed(app, account, rule.endpoint):
            continue
        answer = client.open(address, method=method)
        assert (answer.location or "").startswith("/konto/bestaetigen"), (method, address, answer.status_code)
        asked.add(rule.endpoint)
    assert asked
    assert stored(app) == before


def allowed(app: Flask, account: Account, endpoint: str) -> bool:
    from app.accounts.permissions import permission_of

    with app.app_context():
        permission = permission_of(endpoint)
        return bool(permission and PERMISSIONS[permission](db.session.get_one(User, account.id), None))


def test_after_confirming_the_page_comes(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    stale(client)
    answer = client.get("/agentur/konten/neu")
    assert answer.location == "/konto/bestaetigen?next=/agentur/konten/neu"
    page = client.get(answer.location)
    form = {"password": PASSWORD, "csrf_token": token(page)}
    assert client.post(answer.location, data=form).location == "/agentur/konten/neu"
    assert client.get("/agentur/konten/neu").status_code == 200


def test_a_form_sent_too_late_saves_nothing_and_says_so(client: FlaskClient, approver: Account) -> None:
    log_in(client, approver.email)
    csrf = token(client.get("/konto/passwort"))
    stale(client)
    answer = client.post("/kommune/abgabe", data={"csrf_token": csrf})
    assert answer.location == "/konto/bestaetigen?next=/kommune/abgabe"
    assert "Es wurde noch nichts gespeichert" in client.get(answer.location).text


def test_reading_does_not_ask_again(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    stale(client)
    assert client.get("/agentur/konten").status_code == 200

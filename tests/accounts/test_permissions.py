"""Who may do what: every route is walked as every role, and the outcome is compared with the table below."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts.models import ROLES, User
from app.accounts.permissions import ENDPOINTS, PERMISSIONS, PUBLIC, may, own_municipality_or_404, permission_of
from app.database import db
from app.region.models import Municipality
from app.releases.jobs import QUEUE
from app.web.permission import requires
from tests.accounts.login import HOCHSAUERLAND, MESCHEDE, OLPE, Account, log_in, make_user

EVERYBODY = {PUBLIC}
WITH_ACCOUNT = EVERYBODY | {"account"}
MUNICIPAL = WITH_ACCOUNT | {
    "assessment.view",
    "assessment.edit",
    "results.own",
    "outreach.view",
    "outreach.enter",
    "practices.read",
    "practices.write",
    "tables.read",
    "tables.join",
}
GRANTED: dict[str, set[str]] = {
    "anonymous": EVERYBODY,
    "without role": WITH_ACCOUNT,
    "editor": MUNICIPAL,
    "coordinator": MUNICIPAL | {"assessment.invite", "outreach.change", "outreach.texts", "deputies.name", "audit.own"},
    "approver": MUNICIPAL
    | {"assessment.invite", "outreach.change", "outreach.texts", "assessment.hand_in", "deputies.name", "audit.own"},
    "reader": WITH_ACCOUNT | {"results.district", "practices.read", "tables.read"},
    "agency": WITH_ACCOUNT
    | {
        "audit.all",
        "agency.view",
        "agency.rounds",
        "agency.reopen",
        "agency.releases",
        "agency.comments",
        "agency.accounts",
        "agency.commitment",
        "agency.practices",
        "agency.tables",
        "agency.projects",
        "tables.read",
        "tables.join",
        "practices.read",
        "practices.write",
        "exports.microdata",
    },
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LAST = "security.logout"
STEPS_OF_LOGGING_IN = {
    "security.tf_select",
    "security.two_factor_token_validation",
    "security.two_factor_rescue",
    "security.mf_recovery",
    "security.wan_signin_response",
}
"""Public, and out of turn they lead back to the first step."""
ENDS_THE_SESSION = "security.two_factor_token_validation"
"""The library logs out whoever asks for this step out of turn while logged in."""
SAMPLES = {"int": 1, "float": 1.0, "uuid": "00000000-0000-4000-8000-000000000000", "path": "x", "default": "x"}


def rules(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with its methods and an address that fits it; logging out comes last."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint == LAST, rule.rule)):
        address = adapter.build(rule.endpoint, {name: sample(rule, name) for name in rule.arguments})
        for method in METHODS:
            if method in rule.methods:
                yield rule, method, address


def sample(rule: Rule, argument: str) -> object:
    name = type(rule._converters[argument]).__name__.removesuffix("Converter").lower()
    return SAMPLES.get({"integer": "int"}.get(name, name), SAMPLES["default"])


def declared(app: Flask, rule: Rule) -> str | None:
    with app.app_context():
        return permission_of(rule.endpoint)


def refused(response: TestResponse, endpoint: str) -> bool:
    to_log_in = response.status_code == 302 and response.location.startswith("/konto/anmelden")
    return (to_log_in and endpoint not in STEPS_OF_LOGGING_IN) or response.status_code == 403


def enter(app: Flask, role: str) -> FlaskClient:
    """A client logged in with the role alone. Forms need no token here: who may is the question, not what they send."""
    client = FlaskClient(app)
    if role != "anonymous":
        roles = [role] if role in ROLES else []
        municipality = MESCHEDE if role in ("editor", "coordinator", "approver") else None
        district = HOCHSAUERLAND if role == "reader" else None
        log_in(client, make_user(app, *roles, municipality=municipality, district=district).email)
    app.config["WTF_CSRF_ENABLED"] = False
    return client


@pytest.mark.parametrize("role", GRANTED)
def test_every_route_is_open_to_exactly_those_whom_the_table_names(
    app: Flask, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions[QUEUE], "send", lambda _job: None)  # Fifty-nine papers are typeset elsewhere.
    client = enter(app, role)
    wrong = []
    for rule, method, address in rules(app):
        if rule.endpoint == ENDS_THE_SESSION and role != "anonymous":
            continue
        response = client.open(address, method=method)
        allowed = declared(app, rule) in GRANTED[role]
        if refused(response, rule.endpoint) == allowed:
            wrong.append(f"{method} {address} ({rule.endpoint}): {response.status_code}, allowed={allowed}")
    assert wrong == []


def test_the_table_here_and_the_table_there_name_the_same_permissions() -> None:
    assert set().union(*GRANTED.values()) == {PUBLIC, *PERMISSIONS}


def test_every_route_declares_a_permission_that_exists(app: Flask) -> None:
    known = {PUBLIC, *PERMISSIONS}
    assert [r.endpoint for r in app.url_map.iter_rules() if declared(app, r) not in known] == []


def test_only_pages_of_libraries_stand_in_the_list_of_endpoints(app: Flask) -> None:
    ours = [name for name in ENDPOINTS if not name.startswith("security.") and "static" not in name]
    assert ours == []


@pytest.mark.parametrize("role", ["anonymous", "agency", "approver"])
def test_a_view_that_declares_nothing_is_refused(own_app: Flask, role: str) -> None:
    own_app.add_url_rule("/vergessen", "vergessen", lambda: "offen")
    assert enter(own_app, role).get("/vergessen").status_code == 403


def test_a_permission_with_a_typing_mistake_opens_no_door(own_app: Flask) -> None:
    @requires("agency.veiw")
    def page() -> str:
        return "offen"

    own_app.add_url_rule("/konto/tippfehler", "tippfehler", page)
    client = own_app.test_client()
    log_in(client, make_user(own_app, "agency").email)
    with pytest.raises(KeyError):
        client.get("/konto/tippfehler")


def test_a_disabled_account_may_nothing(app: Flask, approver: Account) -> None:
    with app.test_request_context():
        user = db.session.get_one(User, approver.id)
        assert may("assessment.hand_in", user=user)
        user.active = False
        assert not may("assessment.hand_in", user=user)


@pytest.mark.parametrize("permission", [name for name in PERMISSIONS if name.startswith("assessment.")])
def test_no_permission_reaches_into_another_municipality(app: Flask, neighbour: Account, permission: str) -> None:
    with app.test_request_context():
        user = db.session.get_one(User, neighbour.id)
        assert may(permission, db.session.get_one(Municipality, OLPE), user)
        assert not may(permission, db.session.get_one(Municipality, MESCHEDE), user)


def test_a_user_without_a_municipality_has_none_to_open(app: Flask, without_role: Account) -> None:
    with app.test_request_context():
        user = db.session.get_one(User, without_role.id)
        assert not may("assessment.view", user=user)
        with pytest.raises(NotFound):
            own_municipality_or_404(user)


def test_who_is_not_logged_in_comes_back_after_logging_in(client: FlaskClient) -> None:
    response = client.get("/kommune/abgabe?lang=de")
    assert response.status_code == 302
    assert response.location.startswith("/konto/anmelden?")
    assert "next=/kommune/abgabe" in response.location


def test_after_a_form_was_sent_too_late_one_does_not_come_back_to_an_address_that_cannot_be_opened(app: Flask) -> None:
    response = enter(app, "anonymous").post("/konto/abmelden")
    assert response.status_code == 302
    assert "next=" not in response.location

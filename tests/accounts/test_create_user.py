"""``flask user create``: a working account, or a sentence that says what to change."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.database import db
from tests.accounts.login import MESCHEDE, cheap_passwords, log_in

GOOD = "ein gutes Kennwort für Grüße"


def create(app: Flask, *arguments: str, password: str = GOOD):
    cheap_passwords(app)
    return app.test_cli_runner().invoke(args=["user", "create", *arguments, "--password", password])


def accounts(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(User.id)))


def test_an_account_for_a_municipality_can_log_in(app: Flask, client: FlaskClient) -> None:
    result = create(app, "Neu@Example.org", "--role", "coordinator", "--role", "approver", "--municipality", MESCHEDE)
    assert result.output == "Konto neu@example.org angelegt: coordinator, approver.\n"
    assert log_in(client, "neu@example.org", GOOD).status_code == 302


def test_an_account_for_the_agency_needs_no_municipality(app: Flask) -> None:
    assert create(app, "neu@example.org", "--role", "agency", "--function", "Regionalmarketing").exit_code == 0
    with app.app_context():
        user = db.session.scalar(select(User))
        assert (user.function, user.municipality_ags, user.has_any("agency")) == ("Regionalmarketing", None, True)


MISTAKES = [
    (["keine Adresse", "--role", "agency"], GOOD, "»keine Adresse« ist keine E-Mail-Adresse."),
    (["neu@example.org", "--role", "king"], GOOD, "king"),
    (["neu@example.org"], GOOD, "--role"),
    (["neu@example.org", "--role", "editor"], GOOD, "Diese Rolle gehört zu einer Kommune"),
    (["neu@example.org", "--role", "agency", "--municipality", MESCHEDE], GOOD, "Die Agentur gehört zu keiner Kommune"),
    (
        ["neu@example.org", "--role", "agency", "--role", "editor", "--municipality", MESCHEDE],
        GOOD,
        "entweder für die Agentur, für Kommunen oder zum Lesen",
    ),
    (["neu@example.org", "--role", "editor", "--municipality", "05958999"], GOOD, "»05958999« gibt es nicht"),
    (["neu@example.org", "--role", "agency"], "kurz", "mindestens 12 Zeichen"),
]


@pytest.mark.parametrize(("arguments", "password", "sentence"), MISTAKES)
def test_a_mistake_is_named_and_no_account_is_made(
    app: Flask, arguments: list[str], password: str, sentence: str
) -> None:
    result = create(app, *arguments, password=password)
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert accounts(app) == 0


def test_an_address_has_one_account(app: Flask) -> None:
    create(app, "neu@example.org", "--role", "agency")
    result = create(app, "NEU@example.org", "--role", "agency")
    assert "gibt es schon" in result.output
    assert accounts(app) == 1

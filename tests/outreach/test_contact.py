"""Whom newcomers may ask: entered by the municipality, read on the thank-you page, by function and never by name."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.database import db
from app.region.models import WelcomeContact
from tests.accounts.login import MESCHEDE, Account, log_in
from tests.outreach.conftest import PAGE, Desk, soup

ADDRESS = PAGE + "kontakt"
OFFICE = {
    "name": "Willkommensbüro",
    "phone": "0291 205-0",
    "email": "willkommen@meschede.example",
    "website": "https://www.meschede.example/neu",
}


def entered(app: Flask) -> WelcomeContact | None:
    with app.app_context():
        return db.session.get(WelcomeContact, MESCHEDE)


def test_what_the_coordinator_enters_is_what_newcomers_read(
    desk: Desk, client: FlaskClient, app: Flask, open_round: int
):
    assert desk.post(ADDRESS, **OFFICE).status_code == 302
    for path in ("/f/meschede/danke?lang=ar", "/f/meschede/danke?lang=de"):
        contact = soup(client.get(path)).select_one(".fb-contact")
        assert contact.strong.get_text() == "Willkommensbüro"
        assert [link["href"] for link in contact.select("a")] == [
            "tel:0291205-0",
            "mailto:willkommen@meschede.example",
            "https://www.meschede.example/neu",
        ]
        assert all(way["dir"] == "ltr" for way in contact.select("dd"))
    with app.app_context():
        assert db.session.scalars(sa.select(AuditEntry.action)).all()[-1] == "contact.set"


def test_without_a_contact_the_town_hall_stands_in(client: FlaskClient, open_round: int):
    page = soup(client.get("/f/meschede/danke?lang=de"))
    assert not page.select(".fb-contact")
    assert "Im Rathaus von Meschede" in page.get_text()


def test_an_empty_form_takes_the_contact_away(desk: Desk, app: Flask, open_round: int):
    desk.post(ADDRESS, **OFFICE)
    desk.post(ADDRESS, name="", phone="", email="", website="")
    assert entered(app) is None


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "Nennen Sie die Stelle"),
        ({"name": "x" * 121}, "name", "höchstens 120 Zeichen"),
        ({"phone": "", "email": "", "website": ""}, "name", "mindestens Telefon"),
        ({"phone": "ruf mich an"}, "phone", "mit Vorwahl"),
        ({"email": "willkommen@"}, "email", "nicht vollständig"),
        ({"website": "javascript:alert(1)"}, "website", "Schreiben Sie die Adresse ganz"),
        ({"website": "www.meschede.example"}, "website", "Schreiben Sie die Adresse ganz"),
        ({"website": "https://a:b@c.example/"}, "website", "Schreiben Sie die Adresse ganz"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_what_was_typed_stays(
    desk: Desk, app: Flask, open_round: int, changes: dict[str, str], field: str, sentence: str
):
    page = desk.post(ADDRESS, **(OFFICE | changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert [link["href"] for link in soup(page).select("#fehler a")] == [f"#{field}"]
    assert soup(page).select_one("#phone")["value"] == (OFFICE | changes)["phone"]
    assert entered(app) is None


def test_an_editor_may_not_change_it(client: FlaskClient, editor: Account, open_round: int):
    log_in(client, editor.email)
    assert Desk(client).get(ADDRESS).status_code == 403

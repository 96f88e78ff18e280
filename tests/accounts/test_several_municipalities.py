"""One person serves several municipalities: chosen at entry, one at a time, the others out of reach."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.accounts.models import APPROVER, Role, User
from app.accounts.permissions import may
from app.database import db
from app.region.models import Municipality
from tests.accounts.login import MESCHEDE, OLPE, Account, give_role, log_in, token

CHOICE = "/konto/kommune"


@pytest.fixture
def both(app: Flask, client: FlaskClient, editor: Account) -> Account:
    """Edits in Meschede, approves in Olpe; logged in."""
    give_role(app, editor, APPROVER, OLPE)
    log_in(client, editor.email)
    return editor


def choose(client: FlaskClient, ags: str, onward: str = ""):
    form = {"kommune": ags, "next": onward, "csrf_token": token(client.get(CHOICE))}
    return client.post(CHOICE, data=form)


def test_who_works_for_one_municipality_is_never_asked(client: FlaskClient, editor: Account) -> None:
    log_in(client, editor.email)
    assert client.get("/konto/start").location == "/kommune/"
    assert client.get("/kommune/").status_code == 200


def test_who_works_for_several_chooses_at_entry_and_comes_back_where_they_wanted(
    client: FlaskClient, both: Account
) -> None:
    assert client.get("/konto/start").location == CHOICE
    assert client.get("/kommune/abgabe").location == f"{CHOICE}?next=/kommune/abgabe"
    page = client.get(f"{CHOICE}?next=/kommune/abgabe").text
    assert "Meschede" in page
    assert "Olpe" in page
    assert choose(client, OLPE, "/kommune/abgabe").location == "/kommune/abgabe"
    assert "Olpe" in client.get("/kommune/").text


def test_the_role_is_that_of_the_municipality_chosen(app: Flask, client: FlaskClient, both: Account) -> None:
    choose(client, MESCHEDE)
    assert client.get("/konto/vertretung").status_code == 403
    choose(client, OLPE)
    assert client.get("/konto/vertretung").status_code == 200


def test_a_municipality_of_others_cannot_be_chosen(client: FlaskClient, both: Account) -> None:
    answer = choose(client, "05958004")
    assert answer.status_code == 404
    assert "keine Aufgabe" in answer.text


@pytest.mark.parametrize("address", ["https://angreifer.example/", "//angreifer.example", "/\\angreifer.example"])
def test_the_way_on_never_leads_elsewhere(client: FlaskClient, both: Account, address: str) -> None:
    way = choose(client, OLPE, address).location
    assert urlsplit(way).netloc == ""
    assert way.startswith("/")


def test_a_form_left_open_for_the_other_municipality_changes_nothing(client: FlaskClient, both: Account) -> None:
    choose(client, MESCHEDE)
    left_open = token(client.get("/konto/passwort"))
    choose(client, OLPE)
    answer = client.post("/kommune/abgabe", data={"csrf_token": left_open})
    assert answer.status_code == 400
    assert "Es wurde nichts gespeichert" in answer.text


def test_no_permission_reaches_into_the_municipality_not_chosen(app: Flask, both: Account) -> None:
    with app.test_request_context():
        user = db.session.get_one(User, both.id)
        meschede, olpe = (db.session.get_one(Municipality, ags) for ags in (MESCHEDE, OLPE))
        assert not may("assessment.edit", meschede, user)
        user.chosen = OLPE
        assert may("assessment.edit", olpe, user)
        assert not may("assessment.edit", meschede, user)


def test_a_role_taken_away_while_somebody_works_ends_at_once_with_a_sentence(
    app: Flask, client: FlaskClient, both: Account
) -> None:
    choose(client, OLPE)
    csrf = token(client.get("/konto/vertretung"))
    with app.app_context():
        db.session.execute(delete(Role).where(Role.user_id == both.id, Role.municipality_ags == OLPE))
        db.session.commit()
    answer = client.post("/konto/vertretung", data={"csrf_token": csrf})
    assert answer.status_code == 403
    assert "während Sie gearbeitet haben" in answer.text
    assert "Meschede" in client.get("/kommune/").text


def test_the_list_of_municipalities_costs_the_same_however_many_there_are(
    app: Flask, client: FlaskClient, both: Account, statements
) -> None:
    client.get(CHOICE)
    with statements() as few:
        client.get(CHOICE)
    for ags in ("05958004", "05958012"):
        give_role(app, both, APPROVER, ags)
    with statements() as many:
        client.get(CHOICE)
    assert len(many) == len(few)

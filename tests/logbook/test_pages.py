"""The agency reads the whole log, a municipality its own part; filtered, a page at a time, at a fixed price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.audit.erasing import erase_account
from app.database import db, today
from app.logbook import reading
from tests.accounts.login import MESCHEDE, OLPE, Account, log_in

ALL, OWN = "/agentur/protokoll", "/kommune/protokoll"


@pytest.fixture
def desk(client: FlaskClient, agency: Account) -> FlaskClient:
    log_in(client, agency.email)
    return client


@pytest.fixture
def town(client: FlaskClient, coordinator: Account) -> FlaskClient:
    log_in(client, coordinator.email)
    return client


def test_a_line_says_who_what_when_before_and_after(desk: FlaskClient, boil: Callable[..., None]) -> None:
    boil(municipality=MESCHEDE)
    page = " ".join(desk.get(ALL).text.split())
    assert "<strong>Wasser gekocht</strong> · Kessel A1 · Meschede" in page
    assert "Koordination (koordination@example.org)" in page
    assert "<dt>Grad</dt>" in page
    assert "100" in page


def test_a_municipality_reads_nothing_of_another(
    town: FlaskClient, boil: Callable[..., None], app: Flask, neighbour: Account
) -> None:
    boil(1, municipality=MESCHEDE)
    boil(1, municipality=OLPE)
    boil(1, municipality=None)
    assert town.get(OWN).text.count("Wasser gekocht</strong>") == 1
    assert town.get(f"{OWN}?kommune={OLPE}").text.count("Nr. 1 ") == 1
    assert "Nr. 2 " not in town.get(f"{OWN}?kommune={OLPE}").text


def test_only_who_coordinates_or_approves_reads_the_municipalitys_part(
    client: FlaskClient, editor: Account, boil: Callable[..., None]
) -> None:
    log_in(client, editor.email)
    assert client.get(OWN).status_code == 403


def test_the_agency_narrows_by_act_place_and_day(desk: FlaskClient, boil: Callable[..., None]) -> None:
    boil(1, municipality=MESCHEDE)
    boil(1, municipality=OLPE)
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()

    def shown(query: str) -> int:
        return desk.get(f"{ALL}?{query}").text.count("Wasser gekocht</strong>")

    assert shown("was=kettle.boiled") == 2
    assert shown("was=account.created") == 0
    assert shown(f"kommune={OLPE}") == 1
    assert shown(f"von={today()}&bis={today()}") == 2
    assert shown(f"von={tomorrow}") == 0
    assert "Dazu steht nichts im Protokoll" in desk.get(f"{ALL}?von={tomorrow}").text


@pytest.mark.parametrize(
    "query", ["was=erfunden", "vor=abc", "vor=-1", f"vor={2**70}", "von=gestern", "bis=9999-12-31", "von=0001-01-01"]
)
def test_what_makes_no_sense_narrows_nothing(desk: FlaskClient, boil: Callable[..., None], query: str) -> None:
    boil(1)
    answer = desk.get(f"{ALL}?{query}")
    assert answer.status_code == 200
    assert "Wasser gekocht</strong>" in answer.text


def test_older_entries_stand_on_the_next_page_under_the_same_filter(
    desk: FlaskClient, boil: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ON_A_PAGE", 2)
    boil(5)
    first = desk.get(f"{ALL}?was=kettle.boiled").text
    assert ["Nr. 5 " in first, "Nr. 4 " in first, "Nr. 3 " in first] == [True, True, False]
    assert f'href="{ALL}?vor=4&amp;was=kettle.boiled"' in first
    last = desk.get(f"{ALL}?vor=2&was=kettle.boiled").text
    assert "Nr. 1 " in last
    assert "Ältere Einträge" not in last


def test_what_was_erased_is_said_to_be(
    app: Flask, desk: FlaskClient, boil: Callable[..., None], coordinator: Account
) -> None:
    boil(1)
    with app.app_context():
        erase_account(coordinator.id)
        db.session.commit()
    page = desk.get(ALL).text
    assert coordinator.email not in page
    assert "Angaben nach Ablauf der Frist gelöscht" in page
    assert "Koordination" in page


def test_the_page_costs_the_same_however_long_the_log_is(
    desk: FlaskClient, boil: Callable[..., None], statements
) -> None:
    boil(1)
    desk.get(ALL)
    with statements() as few:
        desk.get(ALL)
    boil(20, municipality=OLPE)
    with statements() as many:
        desk.get(ALL)
    assert len(many) == len(few)

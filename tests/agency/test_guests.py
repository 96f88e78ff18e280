"""A municipality without a resolution may check itself as a guest: in no comparison, and it asks no newcomers."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.database import db
from app.feedback.places import districts_collecting
from app.rounds.guests import Guest
from app.rounds.lifecycle import round_by_key
from tests.accounts.login import COORDINATOR, MESCHEDE, OLPE, log_in, make_user
from tests.commitment.conftest import decide

__all__ = ["decide"]

PAGE = "/agentur/runden/2026/gaeste"


def guests(app: Flask) -> list[str]:
    with app.app_context():
        found = select(Guest.municipality_ags)
        return list(db.session.scalars(found.order_by(Guest.municipality_ags)))


def collecting(app: Flask) -> int:
    with app.app_context():
        return sum(len(places) for _district, places in districts_collecting())


def ticked(page: str) -> int:
    return page.count(" checked>")


def test_the_agency_says_who_is_a_guest_and_the_log_keeps_it(app, desk, make_round):
    make_round()
    page = desk.read(desk.post(PAGE, {"gast": [MESCHEDE, OLPE]}))
    assert "Die Gäste der Runde sind gespeichert." in page
    assert guests(app) == [MESCHEDE, OLPE]
    desk.post(PAGE, {"gast": [OLPE]})
    assert guests(app) == [OLPE]
    with app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions.count("round.guests") == 2


def test_who_has_no_resolution_is_proposed(desk, make_round, decide, fill):
    make_round()
    decide()
    fill(responses=1)
    assert ticked(desk.get(PAGE).text) == 0
    assert ticked(desk.get(f"{PAGE}?vorschlag=1").text) == 57  # not Meschede, which decided, nor Olpe, which answered


def test_where_newcomers_have_answered_nobody_becomes_a_guest(app, desk, make_round, fill):
    make_round()
    fill(responses=2)
    answer = desk.post(PAGE, {"gast": [OLPE, MESCHEDE]})
    assert answer.status_code == 409
    assert "ihre Antworten würden nirgends zählen: Olpe" in answer.text
    assert ticked(answer.text) == 2
    assert guests(app) == []


@pytest.mark.parametrize("state", ["closed"])
def test_after_the_closing_guests_stay_what_they_are(app, desk, make_round, state):
    make_round(state=state)
    answer = desk.post(PAGE, {"gast": [OLPE]})
    assert answer.status_code == 409
    assert "Die Runde ist geschlossen." in answer.text
    assert guests(app) == []


def test_the_cockpit_calls_a_guest_a_guest(app, desk, make_round):
    make_round()
    desk.post(PAGE, {"gast": [MESCHEDE]})
    page = desk.get("/agentur/?auswahl=guest").text
    assert "1 von 59 Kommunen" in page
    assert "Gast" in page


def test_newcomers_of_a_guest_are_not_asked(app, client, desk, make_round):
    make_round()
    with app.app_context():
        round_ = round_by_key("2026")
        round_.closes = round_.closes.replace(year=2099)
        db.session.commit()
    assert client.get("/f/meschede").status_code == 200
    assert collecting(app) == 59
    desk.post(PAGE, {"gast": [MESCHEDE]})
    assert collecting(app) == 58
    assert "<form" not in client.get("/f/meschede").text.split("<main")[1].split("</main")[0]


def test_a_guest_reads_that_it_is_one(app, client, desk, make_round):
    make_round()
    desk.post(PAGE, {"gast": [MESCHEDE]})
    other = app.test_client()
    log_in(other, make_user(app, COORDINATOR, municipality=MESCHEDE).email)
    assert "Ihre Kommune ist Gast" in other.get("/kommune/").text
    assert "Ihre Kommune ist Gast" in other.get("/kommune/befragung/").text
    assert other.get("/kommune/kriterium/A1.1").status_code == 200

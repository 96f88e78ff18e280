"""The agency records mayors' conferences, and what they led to moves the municipalities."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.commitment.models import Conference, Outcome
from app.database import db
from tests.accounts.login import MESCHEDE

LIST = "/agentur/konferenzen"
FIELD = f"ergebnis-{MESCHEDE}"
NEW = {"district_ags": "05958", "held_on": "2023-09-01", "agenda": "TOP 1", "presented": "Die Initiative"}


def outcomes(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(one.municipality_ags, one.outcome, one.note) for one in db.session.scalars(select(Outcome))]


def test_without_a_conference_the_page_says_what_they_are_for(desk):
    assert "Noch ist keine Konferenz eingetragen." in desk.get(LIST).text


def test_a_conference_is_recorded_and_asks_what_it_led_to(desk):
    page = desk.read(desk.post(f"{LIST}/neu", NEW))
    assert "Was sie in den Kommunen ergeben hat" in page
    assert page.count('aria-label="Ergebnis in ') == 12
    assert "Hochsauerlandkreis" in desk.get(LIST).text


def test_outcomes_move_the_municipalities(app: Flask, desk, confer):
    key = confer()
    sent = {FIELD: "draft", f"{FIELD}-bemerkung": "Beratung im Mai"}
    assert "Die Ergebnisse sind gespeichert." in desk.read(desk.post(f"{LIST}/{key}/ergebnisse", sent))
    assert outcomes(app) == [(MESCHEDE, "draft", "Beratung im Mai")]
    assert "Vorlage im Rat: 1" in desk.get("/agentur/beschluesse").text


def test_an_outcome_that_is_taken_back_is_gone(app: Flask, desk, confer):
    key = confer("draft")
    desk.read(desk.post(f"{LIST}/{key}/ergebnisse", {}))
    assert outcomes(app) == []


@pytest.mark.parametrize(
    ("outcome", "note", "sentence"),
    [
        ("erfunden", "", "Dieses Ergebnis gibt es nicht"),
        ("", "nur so", "Wählen Sie zur Bemerkung ein Ergebnis"),
        ("draft", "x" * 501, "höchstens 500 Zeichen"),
    ],
)
def test_wrong_outcomes_are_named_and_nothing_is_stored(app: Flask, desk, confer, outcome, note, sentence):
    key = confer()
    answer = desk.post(f"{LIST}/{key}/ergebnisse", {FIELD: outcome, f"{FIELD}-bemerkung": note})
    assert answer.status_code == 422
    assert f"Meschede: {'Kürzen Sie' if note.startswith('x') else sentence}" in answer.text
    assert sentence in answer.text
    assert note in answer.text
    assert outcomes(app) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"district_ags": ""}, "Wählen Sie den Kreis"),
        ({"held_on": "31.02.2023"}, "Diesen Tag gibt es nicht"),
        ({"held_on": "2999-01-01"}, "liegt in der Zukunft"),
        ({"agenda": "x" * 4001}, "höchstens 4000 Zeichen"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Flask, desk, changes, sentence):
    answer = desk.post(f"{LIST}/neu", NEW | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Die Initiative" in answer.text
    with app.app_context():
        assert db.session.scalar(select(Conference)) is None


def test_one_conference_a_day_and_district(desk, confer):
    confer()
    answer = desk.post(f"{LIST}/neu", NEW)
    assert answer.status_code == 409
    assert "schon eine Konferenz eingetragen" in answer.text


def test_the_district_of_a_conference_stays(desk, confer):
    answer = desk.post(f"{LIST}/{confer()}", NEW | {"district_ags": "05966"})
    assert answer.status_code == 422
    assert "Der Kreis einer Konferenz bleibt" in answer.text


def test_removing_asks_once_and_takes_the_outcomes_along(app: Flask, desk, confer):
    key = confer("draft")
    assert "verschwinden" in desk.get(f"{LIST}/{key}/loeschen").text
    assert len(outcomes(app)) == 1
    desk.read(desk.post(f"{LIST}/{key}/loeschen"))
    assert outcomes(app) == []

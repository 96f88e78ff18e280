"""The agency plans a round, opens it, closes it, and is told what will happen before each step."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.database import db
from app.rounds.models import Participation, Round
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin

NEW = {"key": "2026", "title": "Erhebung 2026", "opens": "2026-03-01", "closes": "2026-05-31"}


def test_without_a_round_the_overview_says_what_to_do_first(desk):
    assert "Es gibt noch keine Erhebungsrunde." in desk.get("/agentur/").text
    assert "Es gibt noch keine Erhebungsrunde." in desk.get("/agentur/runden").text


def test_a_round_is_planned_with_everybody_invited(desk, state_of):
    page = desk.read(desk.post("/agentur/runden/neu", NEW))
    assert "Erhebung 2026" in page
    assert "59 Kommunen" in page
    assert state_of("2026") == "draft"


def test_the_catalogue_of_a_round_is_called_a_draft_until_it_is_approved(desk, make_round):
    make_round(state="open")
    page = desk.get("/agentur/runden/2026").text
    assert "Entwurf" in page
    assert "SHA-256" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"opens": "2026-06-01"}, "Der letzte Tag liegt vor dem ersten"),
        ({"opens": "2026-02-30"}, "Diesen Tag gibt es nicht"),
        ({"opens": "gestern"}, "Diesen Tag gibt es nicht"),
        ({"opens": ""}, "Nennen Sie den ersten Tag"),
        ({"opens": "0026-03-01"}, "Das Jahr stimmt nicht"),
        ({"key": "Runde 1"}, "nur Kleinbuchstaben"),
        ({"key": "neu"}, "vergeben"),
        ({"key": ""}, "Geben Sie ein Kürzel ein"),
        ({"title": " "}, "Geben Sie der Runde einen Titel"),
        ({"title": "x" * 161}, "höchstens 160 Zeichen"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, desk, changes, sentence):
    answer = desk.post("/agentur/runden/neu", NEW | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    for typed in {**NEW, **changes}.values():
        assert not typed.strip() or f'value="{typed}"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(Round)) is None


def test_a_date_may_be_typed_as_germans_write_it(desk, state_of):
    assert desk.post("/agentur/runden/neu", NEW | {"opens": "01.03.2026"}).status_code == 302


def test_a_nul_character_in_a_title_is_left_out(app, desk):
    desk.post("/agentur/runden/neu", NEW | {"title": "Erhebung\x00 2026"})
    with app.app_context():
        assert db.session.scalars(select(Round.title)).one() == "Erhebung 2026"


def test_a_key_that_is_taken_is_refused_and_what_was_typed_stays(desk, make_round):
    make_round("2026", "draft")
    answer = desk.post("/agentur/runden/neu", NEW)
    assert answer.status_code == 409
    assert "gibt es schon" in answer.text
    assert 'value="Erhebung 2026"' in answer.text


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [
        ("draft", "oeffnen", "open"),
        ("open", "oeffnung-zuruecknehmen", "draft"),
        ("open", "schliessen", "closed"),
        ("closed", "wieder-oeffnen", "open"),
    ],
)
def test_a_step_says_what_will_happen_asks_once_and_happens(desk, make_round, state_of, state, step, after):
    make_round("2026", state)
    path = f"/agentur/runden/2026/schritt/{step}"
    assert path in desk.get("/agentur/runden/2026").text
    assert "<form" in desk.get(path).text
    assert state_of("2026") == state
    assert desk.post(path).status_code == 302
    assert state_of("2026") == after


def test_a_planned_round_can_be_deleted(desk, make_round):
    make_round("2026", "draft")
    assert "ist gelöscht" in desk.read(desk.post("/agentur/runden/2026/schritt/loeschen"))
    assert desk.get("/agentur/runden/2026").status_code == 404


def test_closing_twice_is_refused_with_a_sentence(desk, make_round, state_of):
    make_round("2026", "closed")
    answer = desk.post("/agentur/runden/2026/schritt/schliessen")
    assert answer.status_code == 409
    assert "Nur eine offene Runde kann geschlossen werden" in answer.text
    assert state_of("2026") == "closed"


def test_a_second_open_round_is_refused_with_a_sentence(desk, make_round, state_of):
    make_round("2026", "open")
    make_round("2027", "draft")
    answer = desk.post("/agentur/runden/2027/schritt/oeffnen")
    assert answer.status_code == 409
    assert "noch offen. Schließen Sie sie zuerst" in answer.text
    assert state_of("2027") == "draft"


def test_opening_cannot_be_taken_back_once_something_came_in(desk, make_round, fill, state_of):
    make_round()
    fill(responses=2)
    answer = desk.post("/agentur/runden/2026/schritt/oeffnung-zuruecknehmen")
    assert answer.status_code == 409
    assert "2 Rückmeldungen" in answer.text
    assert state_of("2026") == "open"


@pytest.mark.parametrize("path", ["", "/zeitraum", "/kommunen", "/schritt/oeffnen"])
def test_an_unknown_round_is_not_found(desk, path):
    assert desk.get(f"/agentur/runden/2099{path}").status_code == 404


def test_an_unknown_step_is_not_found(desk, make_round):
    make_round()
    assert desk.get("/agentur/runden/2026/schritt/sprengen").status_code == 404
    assert desk.post("/agentur/runden/2026/schritt/sprengen").status_code == 404


def test_title_and_window_change_until_the_round_closes(desk, make_round):
    make_round()
    changed = {"title": "Neuer Titel", "opens": "2026-03-02", "closes": "2026-06-30"}
    assert "Neuer Titel" in desk.read(desk.post("/agentur/runden/2026/zeitraum", changed))
    desk.post("/agentur/runden/2026/schritt/schliessen")
    answer = desk.post("/agentur/runden/2026/zeitraum", changed | {"title": "Zu spät"})
    assert answer.status_code == 409
    assert "Die Runde ist geschlossen" in answer.text
    assert 'value="Zu spät"' in answer.text


def test_participation_of_a_draft_is_what_was_ticked(app, desk, make_round):
    make_round("2026", "draft")
    sent = {"eingeladen": ["05958004", "05966024"], "neue-05958004": "700", "neue-05966024": ""}
    assert "2 Kommunen" in desk.read(desk.post("/agentur/runden/2026/kommunen", sent))
    with app.app_context():
        rows = db.session.execute(select(Participation.municipality_ags, Participation.newcomers)).all()
        assert dict(rows) == {"05958004": 700, "05966024": None}


@pytest.mark.parametrize("typed", ["viele", "0", "-5", "1.000", "99999999", "１２"])
def test_a_number_that_is_none_is_named_and_stays(desk, make_round, typed):
    make_round("2026", "draft")
    answer = desk.post("/agentur/runden/2026/kommunen", {"eingeladen": ["05958004"], "neue-05958004": typed})
    assert answer.status_code == 422
    assert "keine Zahl ab 1" in answer.text
    assert f'value="{typed}"' in answer.text


def test_in_an_open_round_numbers_change_and_nobody_goes(app, desk, make_round):
    make_round()
    assert "seit dem Öffnen fest" in desk.get("/agentur/runden/2026/kommunen").text
    assert desk.post("/agentur/runden/2026/kommunen", {"neue-05958004": "12"}).status_code == 302
    with app.app_context():
        rows = dict(db.session.execute(select(Participation.municipality_ags, Participation.newcomers)).all())
        assert len(rows) == 59
        assert rows["05958004"] == 12


def test_opening_names_missing_translations_and_waits_for_a_yes(desk, make_round, state_of, monkeypatch):
    content = json.loads(builtin().to_json())
    [item] = [item for item in content["items"] if item["id"] == "N03"]
    del item["text"]["uk"]
    gappy = Catalogue.from_json(json.dumps(content))
    monkeypatch.setattr("app.agency.steps.builtin", lambda: gappy)
    make_round(state="draft")
    page = desk.get("/agentur/runden/2026/schritt/oeffnen").text
    assert "Українська" in page
    assert gappy.item("N03").text["de"] in page
    assert "Polski" not in page

    refused = desk.post("/agentur/runden/2026/schritt/oeffnen")
    assert refused.status_code == 409
    assert "fehlen 1 Übersetzungen" in refused.text
    assert state_of("2026") == "draft"

    desk.post("/agentur/runden/2026/schritt/oeffnen", {"luecken": "ja"})
    assert state_of("2026") == "open"


def test_opening_without_gaps_asks_nothing_more(desk, make_round):
    make_round(state="draft")
    assert 'name="luecken"' not in desk.get("/agentur/runden/2026/schritt/oeffnen").text

"""The agency records resolutions, sees where everybody stands, and mends what it mistyped."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.commitment.models import Resolution
from app.database import db
from tests.accounts.login import MESCHEDE, OLPE, log_in

LIST = "/agentur/beschluesse"
NEW = {
    "municipality_ags": MESCHEDE,
    "body": "committee",
    "body_name": "Haupt- und Finanzausschuss",
    "decided_on": "2024-05-02",
    "paper_number": "VO/2024/17",
    "link": "https://rat.example.org/17",
    "wording": "Die Stadt nimmt teil.\r\nDie Verwaltung wird beauftragt.",
    "votes_for": "12",
    "votes_against": "0",
    "abstentions": "1",
    "named": "y",
    "renew_by": "2029-05-02",
}


def stored(app: Flask) -> list[Resolution]:
    with app.app_context():
        return list(db.session.scalars(select(Resolution)))


def test_before_anything_is_recorded_the_page_shows_the_published_history(desk):
    page = desk.get(LIST).text
    assert "Frühjahr 2018 (erschlossen)" in page
    assert "noch nicht erreicht: 59" in page


def test_a_resolution_is_recorded_with_everything_that_was_typed(app: Flask, desk):
    page = desk.read(desk.post(f"{LIST}/neu", NEW))
    assert "beschlossen: 1" in page
    assert "Haupt- und Finanzausschuss, VO/2024/17" in page
    [kept] = stored(app)
    assert (kept.municipality_ags, kept.votes_for, kept.votes_against, kept.abstentions) == (MESCHEDE, 12, 0, 1)
    assert kept.wording == "Die Stadt nimmt teil.\nDie Verwaltung wird beauftragt."
    assert kept.named


def test_the_form_knows_for_which_municipality_it_was_opened(desk):
    assert f'<option selected value="{OLPE}">' in desk.get(f"{LIST}/neu?kommune={OLPE}").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"municipality_ags": ""}, "Wählen Sie die Kommune"),
        ({"municipality_ags": "05999999"}, "Wählen Sie eine Kommune aus der Liste"),
        ({"body_name": ""}, "Nennen Sie den Ausschuss"),
        ({"body": "council"}, "bleibt dieses Feld leer"),
        ({"decided_on": ""}, "Nennen Sie den Tag"),
        ({"decided_on": "2024-02-30"}, "Diesen Tag gibt es nicht"),
        ({"decided_on": "1024-02-03"}, "Das Jahr stimmt nicht"),
        ({"decided_on": "2999-02-03"}, "liegt in der Zukunft"),
        ({"link": "rat.example.org"}, "beginnt mit https://"),
        ({"link": "javascript:alert(1)"}, "beginnt mit https://"),
        ({"votes_for": "viele"}, "»viele« ist keine Zahl"),
        ({"votes_for": "-3"}, "»-3« ist keine Zahl"),
        ({"votes_against": ""}, "alle drei Zahlen"),
        ({"renew_by": "2024-05-02"}, "Erneuert wird nach dem Beschluss"),
        ({"paper_number": "x" * 61}, "höchstens 60 Zeichen"),
        ({"wording": "x" * 4001}, "höchstens 4000 Zeichen"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Flask, desk, changes, sentence):
    answer = desk.post(f"{LIST}/neu", NEW | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    typed = (NEW | changes)["wording"].replace("\r\n", "\n")
    assert typed in answer.text.replace("\r\n", "\n")
    assert stored(app) == []


def test_the_same_resolution_twice_is_refused_with_a_sentence(app: Flask, desk):
    desk.post(f"{LIST}/neu", NEW)
    answer = desk.post(f"{LIST}/neu", NEW)
    assert answer.status_code == 409
    assert "schon eingetragen" in answer.text
    assert len(stored(app)) == 1


def test_a_resolution_is_changed_and_the_log_says_so(app: Flask, desk, decide):
    key = decide()
    desk.read(desk.post(f"{LIST}/{key}", NEW | {"body": "council", "body_name": ""}))
    [kept] = stored(app)
    assert kept.paper_number == "VO/2024/17"
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "resolution")).one()
        assert (entry.action, entry.municipality_ags) == ("resolution.changed", MESCHEDE)


def test_removing_asks_once(app: Flask, desk, decide):
    key = decide()
    assert "Löschen Sie nur, was versehentlich" in desk.get(f"{LIST}/{key}/loeschen").text
    assert len(stored(app)) == 1
    desk.read(desk.post(f"{LIST}/{key}/loeschen"))
    assert stored(app) == []


def test_the_list_is_narrowed_by_district_and_state(desk, decide):
    decide()
    page = desk.get(f"{LIST}?kreis=05958&stand=decided").text
    assert f"neu?kommune={MESCHEDE}" in page
    assert "neu?kommune=05958004" not in page
    assert "So steht gerade keine Kommune da." in desk.get(f"{LIST}?stand=declined").text


def test_the_table_for_spreadsheets_runs_no_formula(desk, decide):
    decide(paper_number="=HYPERLINK(1)", named=True)
    rows = list(csv.reader(io.StringIO(desk.get(f"{LIST}.csv").get_data(as_text=True))))
    assert len(rows) == 60
    [row] = [row for row in rows if row[0] == MESCHEDE]
    assert row[3:] == ["beschlossen", "2024-05-02", "Rat", "'=HYPERLINK(1)", "", "", "ja"]


def test_the_page_takes_as_many_statements_however_much_is_recorded(desk, decide, confer, statements):
    desk.get(LIST)
    with statements() as before:
        desk.get(LIST)
    decide()
    decide(ags=OLPE)
    confer("draft")
    with statements() as after:
        desk.get(LIST)
    assert len(after) == len(before)


@pytest.mark.parametrize("path", ["beschluesse/4711", "beschluesse/4711/loeschen", "konferenzen/4711"])
def test_what_does_not_exist_is_not_found(desk, path):
    assert desk.get(f"/agentur/{path}").status_code == 404


def test_a_municipality_has_no_business_here(client, coordinator):
    log_in(client, coordinator.email)
    assert client.get(LIST).status_code == 403

"""One page shows how far every municipality is on its way from the invitation to published results."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest

from app.agency.standing import STAGES, Place
from app.assessment.models import Assessment, Plausibility
from app.assessment.progress import Progress
from app.commitment.standing import Standing
from app.database import db
from app.region.models import Municipality
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, OLPE
from tests.commitment.conftest import confer, decide

__all__ = ["confer", "decide"]


def rows(desk, query: str = "") -> dict[str, dict[str, str]]:
    text = desk.get(f"/agentur/kommunen.csv{query}").text
    return {row["AGS"]: row for row in csv.DictReader(io.StringIO(text))}


def order(desk, query: str) -> list[str]:
    return re.findall(r'href="/agentur/kommunen/(\d{8})"', desk.get(f"/agentur/?{query}").text)


def place(state: str = "none", **more) -> Place:
    return Place(Standing(Municipality(ags=MESCHEDE, name="Meschede"), state), **more)


def done(state: str, answered: int = 43) -> Progress:
    return Progress(answered, 43, state)


@pytest.mark.parametrize(
    ("found", "stage"),
    [
        (place(), "away"),
        (place(invited=True), "invited"),
        (place("absent", invited=True), "invited"),
        (place("interested", invited=True), "presented"),
        (place("draft", invited=True), "draft"),
        (place("decided", invited=True), "decided"),
        (place("renewal"), "decided"),
        (place("decided", invited=True, progress=done("open", 1)), "started"),
        (place("decided", invited=True, progress=done("open", 0)), "decided"),
        (place("decided", invited=True, progress=done("handed_in"), checked=42), "handed_in"),
        (place("decided", invited=True, progress=done("handed_in"), checked=43), "checked"),
        (place("decided", invited=True, progress=done("handed_in"), published=True), "published"),
    ],
)
def test_a_municipality_stands_at_the_last_step_that_it_has_reached(found, stage):
    assert found.stage == stage
    assert stage in STAGES


def test_a_guest_needs_no_answers_and_no_resolution():
    guest = place(invited=True, guest=True, needed=10)
    assert (guest.missing, guest.undecided, guest.takes_part) == (0, False, False)
    full = place(invited=True, needed=10)
    assert (full.missing, full.undecided, full.takes_part) == (10, True, True)


def test_before_the_first_round_the_way_to_the_resolution_is_shown(desk, decide):
    decide()
    page = desk.get("/agentur/").text
    assert "Es gibt noch keine Erhebungsrunde." in page
    assert "59 von 59 Kommunen" in page
    assert rows(desk)[MESCHEDE]["Schritt"] == "beschlossen"
    assert rows(desk)[OLPE]["Schritt"] == "nicht eingeladen"


def test_the_whole_chain_stands_in_one_row(app, desk, make_round, fill, decide):
    make_round()
    fill(responses=12)
    decide(decided_on=dt.date(2024, 5, 2))
    with app.app_context():
        assessment = db.session.query(Assessment).one()
        for criterion in builtin().criteria[:5]:
            db.session.add(Plausibility(assessment_id=assessment.id, criterion=criterion.id, state="accepted"))
        db.session.commit()
    row = rows(desk)[MESCHEDE]
    assert (row["Schritt"], row["Beschluss"], row["seit"]) == ("abgegeben", "beschlossen", "2024-05-02")
    assert (row["Teilnahme"], row["Selbsteinschätzung in Prozent"], row["geprüft"]) == ("nimmt teil", "100", "5")
    assert row["abgegeben am"]
    assert (rows(desk)[OLPE]["Rückmeldungen"], rows(desk)[OLPE]["Rückmeldungen nötig"]) == ("12", "10")
    assert "5 / 43" in desk.get("/agentur/").text


def test_the_file_is_narrowed_like_the_page(desk, make_round, fill):
    make_round()
    fill()
    assert list(rows(desk, "?auswahl=unchecked")) == [MESCHEDE]
    assert len(rows(desk, "?kreis=05966")) == 7


def test_the_selections_find_who_is_behind(desk, make_round, fill, decide, confer):
    make_round()
    fill(responses=10)
    decide()
    decide(OLPE, dt.date(2020, 1, 1), renew_by=dt.date(2024, 1, 1))
    assert len(order(desk, "auswahl=undecided")) == 58
    assert order(desk, "auswahl=renewal") == [OLPE]
    assert len(order(desk, "auswahl=few")) == 58
    assert OLPE not in order(desk, "auswahl=few")
    assert order(desk, "stand=decided") == [OLPE]


def test_the_order_can_be_chosen(desk, make_round, fill):
    make_round()
    fill(responses=3)
    assert order(desk, "sortierung=selbst")[-1] == MESCHEDE
    assert order(desk, "sortierung=rueckmeldungen")[-1] == OLPE
    assert order(desk, "sortierung=schritt")[-1] == MESCHEDE
    names = order(desk, "sortierung=name")
    assert len(names) == 59
    assert order(desk, "sortierung=odd") == order(desk, "")


def test_the_map_and_the_table_of_districts_say_how_many_stand_where(desk, make_round, fill):
    make_round()
    fill()
    page = desk.get("/agentur/").text
    assert "Karte mit gleich großen Feldern" in page
    assert "eingeladen: 58; abgegeben: 1" in page
    assert "Je Kreis" in page


def test_the_page_is_for_the_agency(client):
    assert client.get("/agentur/kommunen.csv").status_code in (302, 403)

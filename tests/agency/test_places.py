"""Who stands where, on one page, and one municipality of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.assessment.models import Assessment
from app.database import db
from tests.accounts.login import MESCHEDE, log_in


def places(page: str) -> set[str]:
    return set(re.findall(r'href="/agentur/kommunen/(\d{8})"', page))


def test_every_municipality_of_the_open_round_is_on_one_page(desk, make_round):
    make_round()
    page = desk.get("/agentur/").text
    assert len(places(page)) == 59
    assert "0 % (0 / 43)" in page


def test_progress_and_responses_stand_beside_the_name(desk, make_round, fill):
    make_round()
    fill(responses=12)
    page = desk.get("/agentur/").text
    assert "100 % (43 / 43)" in page
    assert "12 / 10 genug" in page
    assert "12 Rückmeldungen insgesamt" in page


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("kreis=05966", 7),
        ("stand=handed_in", 1),
        ("auswahl=not_started", 58),
        ("auswahl=unfinished", 58),
        ("auswahl=unchecked", 1),
        ("auswahl=few", 59),
        ("auswahl=odd&stand=", 59),
        ("kreis=05966&stand=handed_in", 0),
    ],
)
def test_the_table_can_be_narrowed(desk, make_round, fill, query, number):
    make_round()
    fill()
    assert len(places(desk.get(f"/agentur/?{query}").text)) == number


def test_a_filter_that_does_not_exist_leaves_an_explanation(desk, make_round):
    make_round()
    assert "So steht gerade keine Kommune da." in desk.get("/agentur/?kreis=99999").text


def test_an_earlier_round_can_be_looked_at(desk, make_round):
    make_round("2025", "closed")
    make_round("2026", "open")
    assert "Runde 2025" in desk.get("/agentur/?runde=2025").text
    assert desk.get("/agentur/?runde=2024").status_code == 404


def test_the_overview_asks_the_database_the_same_however_much_there_is(desk, make_round, fill, statements):
    make_round()
    desk.get("/agentur/")
    with statements() as before:
        desk.get("/agentur/")
    fill(responses=40)
    with statements() as after:
        desk.get("/agentur/")
    assert len(after) == len(before) <= 13


def test_a_municipality_shows_its_answers_to_the_agency(desk, make_round, fill):
    make_round()
    fill()
    page = desk.get(f"/agentur/kommunen/{MESCHEDE}").text
    assert "Läuft." in page
    assert "43 / 43" in page


def test_a_municipality_that_has_not_begun_says_so(desk, make_round):
    make_round()
    assert "Die Kommune hat noch nicht begonnen." in desk.get(f"/agentur/kommunen/{MESCHEDE}").text


def test_a_municipality_without_any_round_or_account_says_so(desk):
    page = desk.get(f"/agentur/kommunen/{MESCHEDE}").text
    assert "noch an keiner Runde teilgenommen" in page
    assert "noch niemand anmelden" in page


def test_an_unknown_municipality_is_not_found(desk):
    assert desk.get("/agentur/kommunen/12345678").status_code == 404


def test_a_self_assessment_is_given_back_with_a_reason(app, desk, make_round, fill):
    make_round()
    fill()
    answer = desk.post(f"/agentur/kommunen/{MESCHEDE}/zurueckgeben", {"reason": "Bitte B2 ergänzen."})
    assert "wieder bearbeiten" in desk.read(answer)
    with app.app_context():
        found = db.session.scalars(select(Assessment)).one()
        assert (found.state, found.consented, found.reopened_reason) == ("open", False, "Bitte B2 ergänzen.")


@pytest.mark.parametrize(("reason", "status"), [("", 422), ("  ", 422), ("x" * 501, 422)])
def test_giving_back_needs_a_reason_and_what_was_typed_stays(app, desk, make_round, fill, reason, status):
    make_round()
    fill()
    answer = desk.post(f"/agentur/kommunen/{MESCHEDE}/zurueckgeben", {"reason": reason})
    assert answer.status_code == status
    assert reason.strip() in answer.text
    with app.app_context():
        assert db.session.scalars(select(Assessment.state)).one() == "handed_in"


def test_what_is_not_handed_in_cannot_be_given_back(desk, make_round, fill):
    make_round()
    fill(handed_in=False)
    answer = desk.post(f"/agentur/kommunen/{MESCHEDE}/zurueckgeben", {"reason": "Bitte ergänzen."})
    assert answer.status_code == 409


def test_a_municipality_that_never_began_has_nothing_to_give_back(desk, make_round):
    make_round()
    assert desk.post(f"/agentur/kommunen/{MESCHEDE}/zurueckgeben", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("path", ["", "runden", "kommentare", "konten", f"kommunen/{MESCHEDE}"])
def test_nobody_else_gets_in(client, coordinator, path):
    log_in(client, coordinator.email)
    assert client.get(f"/agentur/{path}").status_code == 403


def test_the_agency_may_set_the_doors_of_a_municipality(desk, app, make_round):
    from app.feedback.places import doors_of
    from app.outreach.doors import open_participation
    from app.region.models import Municipality

    make_round()
    desk.post(f"/agentur/kommunen/{MESCHEDE}/wege", {"weg": ["paper", "codes"]})
    desk.post(f"/agentur/kommunen/{MESCHEDE}/wege", {})
    assert "mindestens einen Weg" in desk.get(f"/agentur/kommunen/{MESCHEDE}").text
    with app.app_context():
        place = open_participation(db.session.get_one(Municipality, MESCHEDE))
        assert doors_of(place) == ("codes", "paper")

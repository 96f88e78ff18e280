"""Where a municipality stands follows from what was recorded, and from nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.commitment.curve import curve
from app.commitment.models import Conference, Outcome
from app.commitment.standing import standings
from app.database import db
from tests.accounts.login import MESCHEDE, OLPE

TODAY = dt.date(2026, 6, 1)


def state(app: Flask, ags: str = MESCHEDE, day: dt.date = TODAY) -> str:
    with app.test_request_context("/agentur/beschluesse"):
        return next(one.state for one in standings(day) if one.municipality.ags == ags)


def test_nobody_was_reached_before_anything_was_recorded(app: Flask):
    with app.test_request_context("/agentur/beschluesse"):
        assert [one.state for one in standings(TODAY)] == ["none"] * 59


def test_the_latest_conference_counts(app: Flask, confer):
    confer("declined", held_on=dt.date(2023, 9, 1))
    confer("draft", held_on=dt.date(2024, 9, 1))
    assert state(app) == "draft"
    assert state(app, day=dt.date(2024, 1, 1)) == "declined"


def test_a_resolution_beats_every_conference(app: Flask, confer, decide):
    decide(decided_on=dt.date(2023, 1, 1))
    confer("declined", held_on=dt.date(2024, 9, 1))
    assert state(app) == "decided"


def test_a_resolution_that_ran_out_has_to_be_renewed(app: Flask, decide):
    decide(renew_by=dt.date(2025, 12, 31))
    assert state(app) == "renewal"
    assert state(app, day=dt.date(2025, 12, 31)) == "decided"


def test_the_resolution_that_holds_longest_counts(app: Flask, decide):
    decide(decided_on=dt.date(2022, 1, 1), renew_by=dt.date(2028, 1, 1))
    decide(decided_on=dt.date(2024, 1, 1), renew_by=dt.date(2025, 1, 1))
    assert state(app) == "decided"


def test_what_lies_in_the_future_does_not_count_yet(app: Flask, decide):
    decide(decided_on=dt.date(2026, 7, 1))
    assert state(app) == "none"


def test_the_curve_begins_with_the_published_numbers_and_their_sources(app: Flask):
    with app.test_request_context("/agentur/beschluesse"):
        counts = curve(TODAY)
    assert [count.municipalities for count in counts] == [30, 37, 38, 38]
    assert all(count.source and count.link.startswith("https://") for count in counts)
    assert counts[0].shown == "Frühjahr 2018 (erschlossen)"


def test_the_curve_goes_on_with_the_resolutions_recorded_here(app: Flask, decide):
    decide(ags=MESCHEDE, decided_on=dt.date(2024, 5, 2), renew_by=dt.date(2025, 5, 2))
    decide(ags=OLPE, decided_on=dt.date(2024, 6, 3))
    decide(ags=OLPE, decided_on=dt.date(2024, 8, 3))  # The same municipality again is no second one.
    with app.test_request_context("/agentur/beschluesse"):
        own = [(count.day, count.municipalities) for count in curve(TODAY)[4:]]
    assert own == [(dt.date(2024, 5, 2), 1), (dt.date(2024, 6, 3), 2), (dt.date(2025, 5, 3), 1)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "mayor"},
        {"body": "committee", "body_name": " "},
        {"renew_by": dt.date(2024, 5, 2)},
        {"link": "javascript:alert(1)"},
        {"votes_for": 3},
        {"votes_for": 3, "votes_against": -1, "abstentions": 0},
    ],
)
def test_the_database_refuses_a_resolution_that_makes_no_sense(decide, wrong):
    with pytest.raises(IntegrityError):
        decide(**wrong)


def test_the_database_refuses_the_same_resolution_twice(decide):
    decide()
    with pytest.raises(IntegrityError):
        decide()


def test_the_database_refuses_an_outcome_that_nobody_knows(confer):
    with pytest.raises(IntegrityError):
        confer("nix")


def test_a_conference_takes_its_outcomes_with_it(app: Flask, confer):
    key = confer("draft")
    with app.app_context():
        db.session.execute(delete(Conference).where(Conference.id == key))
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Outcome)) == 0

"""The decision that a release names: the one in force, with what was recorded of it."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from app.commitment.releasing import for_release
from app.database import db
from app.releases import stated
from app.rounds.lifecycle import today
from scoring.release import Decision
from tests.commitment.conftest import MESCHEDE, OLPE


def test_a_release_asks_for_decisions(app: Flask):
    assert for_release in stated.decision_sources


def test_a_decision_in_force_is_told_as_it_was_recorded(app: Flask, decide):
    decide(
        paper_number="45/2024", votes_for=30, votes_against=2, abstentions=1, named=True, renew_by=dt.date(2999, 1, 1)
    )
    with app.app_context():
        found = for_release(db.session)
    assert found[MESCHEDE].named
    assert found[MESCHEDE].decision == Decision(
        body="council", decided_on="2024-05-02", paper_number="45/2024", votes=(30, 2, 1), renew_by="2999-01-01"
    )


def test_one_whose_time_is_over_and_one_to_come_are_none(app: Flask, decide):
    decide(OLPE, renew_by=dt.date(2024, 6, 1))
    decide(MESCHEDE, today() + dt.timedelta(days=30))
    with app.app_context():
        assert for_release(db.session) == {}

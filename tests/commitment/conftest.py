"""Somebody of the agency at the pages of commitment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.commitment.models import Conference, Outcome, Resolution
from app.database import db
from tests.accounts.login import MESCHEDE, OLPE, agency, coordinator
from tests.agency.conftest import desk, statements

__all__ = ["MESCHEDE", "OLPE", "agency", "coordinator", "desk", "statements"]


@pytest.fixture
def decide(app: Flask) -> Callable[..., int]:
    """Puts a resolution into the database, past the pages; gives its key."""

    def put(ags: str = MESCHEDE, decided_on: dt.date = dt.date(2024, 5, 2), **more: Any) -> int:
        values = {"body": "council", **more}
        with app.app_context():
            resolution = Resolution(municipality_ags=ags, decided_on=decided_on, **values)
            db.session.add(resolution)
            db.session.commit()
            return resolution.id

    return put


@pytest.fixture
def confer(app: Flask) -> Callable[..., int]:
    """Puts a conference into the database, past the pages, with the outcome in Meschede; gives its key."""

    def put(outcome: str = "", held_on: dt.date = dt.date(2023, 9, 1), district: str = "05958") -> int:
        with app.app_context():
            conference = Conference(district_ags=district, held_on=held_on)
            conference.outcomes = [Outcome(municipality_ags=MESCHEDE, outcome=outcome)] if outcome else []
            db.session.add(conference)
            db.session.commit()
            return conference.id

    return put

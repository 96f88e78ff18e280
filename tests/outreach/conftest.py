"""An open round, a coordinator and an editor of Meschede, and their hands on the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import db
from app.feedback.models import Comment, Response
from app.rounds import lifecycle
from app.rounds.models import Participation
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, Account, agency, coordinator, editor, log_in, token
from tests.feedback.conftest import soup, stored

__all__ = ["Comment", "Response", "agency", "coordinator", "editor", "soup", "stored"]

PAGE = "/kommune/befragung/"


@pytest.fixture
def open_round(app: Flask) -> int:
    """The id of a round that collects today, in its fourth week."""
    today = lifecycle.today()
    with app.app_context():
        round_ = lifecycle.create_round("test", "Runde", today - dt.timedelta(days=24), today + dt.timedelta(days=30))
        lifecycle.open_round(round_, builtin())
        db.session.commit()
        return round_.id


@pytest.fixture
def change(app: Flask, open_round: int) -> Callable[..., None]:
    """Change Meschede's part in the round."""

    def apply(**values: object) -> None:
        with app.app_context():
            place = db.session.get_one(Participation, (open_round, MESCHEDE))
            for name, value in values.items():
                setattr(place, name, value)
            db.session.commit()

    return apply


class Desk:
    """Somebody at work on the pages, with every form token they need."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str = PAGE) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, **fields: object) -> TestResponse:
        return self.client.post(address, data={"csrf_token": token(self.client.get("/kommune/befragung/")), **fields})


@pytest.fixture
def desk(client: FlaskClient, coordinator: Account, open_round: int) -> Desk:
    log_in(client, coordinator.email)
    return Desk(client)

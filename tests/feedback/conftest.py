"""A round that is open today, and a newcomer who fills in its form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import db
from app.feedback.models import Comment, Response
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.loading import builtin
from tests.web.critic import criticise, policy_of

PLACE = "arnsberg"
AGS = "05958004"


@pytest.fixture
def open_round(app: Flask) -> int:
    """The id of a round that collects today, from a month before to a month after."""
    today = lifecycle.today()
    with app.app_context():
        round_ = lifecycle.create_round("test", "Runde", today - dt.timedelta(days=30), today + dt.timedelta(days=30))
        lifecycle.open_round(round_, builtin())
        db.session.commit()
        return round_.id


def change_round(app: Flask, change) -> None:
    """Do something with the round, as the agency would, and commit it."""
    with app.app_context():
        change(db.session.scalars(sa.select(Round)).one())
        db.session.commit()


@dataclass
class Newcomer:
    """Somebody with a browser, at one municipality's form."""

    client: FlaskClient
    place: str = PLACE
    language: str = "de"

    @property
    def address(self) -> str:
        return f"/f/{self.place}?lang={self.language}"

    def token(self) -> str:
        """Open the form, and read the token from it."""
        return token_in(self.client.get(self.address))

    def send(self, answers: dict[str, object] | None = None, token: str | None = None, **request) -> TestResponse:
        """Send answers, with the token of a newly opened form unless another is given; criticise what comes back."""
        fields = {"token": self.token() if token is None else token, **(answers or {})}
        response = self.client.post(self.address, data=fields, **request)
        if response.mimetype == "text/html" and response.status_code != 303:
            assert list(criticise(response.text, policy=policy_of(response))) == []
        return response


@pytest.fixture
def newcomer(client: FlaskClient, open_round: int) -> Newcomer:
    return Newcomer(client)


def token_in(page: TestResponse) -> str:
    return str(soup(page).select_one("input[name=token]")["value"])


def soup(page: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(page.get_data(as_text=True), "html.parser")


def stored(app: Flask) -> tuple[list[Response], list[Comment]]:
    """Every response and every comment in the database."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Response))), list(db.session.scalars(sa.select(Comment)))


def nothing_stored(app: Flask) -> bool:
    return stored(app) == ([], [])


def checked(page: TestResponse) -> set[tuple[str, str]]:
    """Name and value of every option that is ticked on a page."""
    return {(str(box["name"]), str(box["value"])) for box in soup(page).select("input[checked]")}


def summary_targets(page: TestResponse) -> list[str]:
    """The ids that the error summary leads to."""
    return [urlsplit(str(link["href"])).fragment for link in soup(page).select("#fehler a")]

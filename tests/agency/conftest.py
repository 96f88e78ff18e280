"""Somebody of the agency, logged in, and rounds to look at."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.assessment.models import Assessment, CriterionAnswer
from app.database import db, now
from app.feedback.models import Comment, Response
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, OLPE, Account, agency, coordinator, log_in, token

__all__ = ["agency", "coordinator"]

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 5, 31)


class Desk:
    """The agency's browser: every form is sent with the token of the page it stands on."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, path: str) -> TestResponse:
        return self._client.get(path)

    def post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        sent = {"csrf_token": self.token(), **(data or {})}
        return self._client.post(path, data=sent)

    def token(self) -> str:
        return token(self._client.get("/konto/passwort"))

    def send(self, path: str, body: bytes, content_type: str) -> TestResponse:
        """A form with a file, as bytes; its token is in it."""
        return self._client.post(path, data=body, content_type=content_type)

    def read(self, answer: TestResponse) -> str:
        """The page that a redirect leads to."""
        assert answer.status_code == 302, answer.text
        return self._client.get(answer.location).text


@pytest.fixture
def desk(client: FlaskClient, agency: Account) -> Desk:
    assert log_in(client, agency.email).status_code == 302
    return Desk(client)


@pytest.fixture
def make_round(app: Flask) -> Callable[..., None]:
    """Plans a round and takes it to a state."""

    def make(key: str = "2026", state: str = "open") -> None:
        with app.app_context():
            round_ = lifecycle.create_round(key, f"Runde {key}", FIRST, LAST)
            if state != "draft":
                lifecycle.open_round(round_, builtin())
            if state in ("closed", "released"):
                lifecycle.close_round(round_)
            db.session.commit()

    return make


@pytest.fixture
def fill(app: Flask) -> Callable[..., None]:
    """Puts a self-assessment, responses and free texts into the round, past the pages."""

    def put(key: str = "2026", responses: int = 3, handed_in: bool = True, comments: tuple[str, ...] = ()) -> None:
        with app.app_context():
            round_ = lifecycle.round_by_key(key)
            assessment = Assessment(round_id=round_.id, municipality_ags=MESCHEDE)
            assessment.answers = [CriterionAnswer(criterion=c.id, level=2, reason="Läuft.") for c in builtin().criteria]
            if handed_in:
                assessment.state, assessment.handed_in_at, assessment.consented = "handed_in", now(), True
            place = {"round_id": round_.id, "municipality_ags": OLPE}
            texts = {"ratings": "4" * 18, "profile": "....", "language": "de", "day": FIRST}
            db.session.add(assessment)
            db.session.add_all(Response(**place, **texts, id=str(uuid.uuid4())) for _ in range(responses))
            db.session.add_all(Comment(**place, id=str(uuid.uuid4()), question="O1", text=text) for text in comments)
            db.session.commit()

    return put


@pytest.fixture
def state_of(app: Flask) -> Callable[[str], str]:
    def look(key: str) -> str:
        with app.app_context():
            found: Round = lifecycle.round_by_key(key)
            return found.state

    return look


@pytest.fixture
def statements(app: Flask) -> Callable:
    """Counts what the database is asked."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        asked: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            asked.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield asked
        event.remove(engine, "before_cursor_execute", note)

    return count

"""An open round, people who work in it, and ways to answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.assessment import answering
from app.assessment.hand_in import Signature, fingerprint, hand_in
from app.assessment.workspace import Answer, Workspace, workspace_of
from app.database import db
from app.region.models import Municipality
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.loading import builtin
from tests.accounts.login import (
    MESCHEDE,
    Account,
    agency,
    approver,
    coordinator,
    editor,
    log_in,
    neighbour,
    token,
    without_role,
)

__all__ = ["agency", "approver", "coordinator", "editor", "neighbour", "without_role"]

SIGNED = Signature("Muster im Test", "Leitung")
PAGE = "/kommune/kriterium/A1.1"
SAVE_FORM = re.compile(r'name="version"[^>]*value="([^"]*)"')


def new_round(key: str, opens: dt.date, opened: bool = True) -> Round:
    round_ = lifecycle.create_round(key, f"Runde {key}", opens, opens + dt.timedelta(days=60))
    if opened:
        lifecycle.open_round(round_, builtin())
    db.session.commit()
    return round_


def meschede() -> Workspace:
    workspace = workspace_of(db.session.get_one(Municipality, MESCHEDE))
    assert workspace is not None
    return workspace


def answer(criterion: str, given: Answer, user_id: int) -> None:
    """Store one answer of Meschede, past the pages, as somebody who has seen what stands there."""
    put(meschede(), criterion, given, db.session.get_one(User, user_id))
    db.session.commit()


def put(workspace: Workspace, criterion: str, given: Answer, user: User) -> None:
    seen = workspace.rows[criterion].version if criterion in workspace.rows else 0
    answering.save(workspace, workspace.catalogue.criterion(criterion), given, seen, user)


def answer_all(user_id: int, level: int = 2, number: int = 43) -> None:
    """Store the first answers in the catalogue's order; the very first one begins the self-assessment."""
    first, *others = [criterion.id for criterion in builtin().criteria[:number]]
    answer(first, Answer(level, False, "Läuft."), user_id)
    workspace, user = meschede(), db.session.get_one(User, user_id)
    for criterion in others:
        put(workspace, criterion, Answer(level, False, "Läuft."), user)
    db.session.commit()


def sign(user_id: int, consented: bool = False) -> None:
    workspace = meschede()
    hand_in(workspace, db.session.get_one(User, user_id), SIGNED, consented, fingerprint(workspace))
    db.session.commit()


def close(round_id: int) -> None:
    lifecycle.close_round(db.session.get_one(Round, round_id))
    db.session.commit()


@pytest.fixture
def round_id(app: Flask) -> int:
    """An open round of this autumn to which everybody is invited."""
    with app.app_context():
        return new_round("2026", dt.date(2026, 11, 1)).id


@pytest.fixture
def working(client: FlaskClient, round_id: int, coordinator: Account) -> FlaskClient:
    """The coordinator of Meschede, logged in."""
    log_in(client, coordinator.email)
    return client


@pytest.fixture
def approving(app: Flask, round_id: int, approver: Account) -> FlaskClient:
    """The approver of Meschede, logged in."""
    client = app.test_client()
    log_in(client, approver.email)
    return client


Send = Callable[..., TestResponse]


def send(client: FlaskClient, path: str = PAGE, **fields: str) -> TestResponse:
    """Open the criterion's page and send its form with these fields; what is not given stays as the page has it."""
    page = client.get(path)
    form = {"csrf_token": token(page), "version": SAVE_FORM.search(page.text)[1], "round_key": "2026", "level": "open"}
    return client.post(path, data={**form, **fields})


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that are run meanwhile."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement != "BEGIN":
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)

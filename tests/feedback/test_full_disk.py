"""A disk without room: whoever sends something learns that nothing was stored, and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.accounts.permissions import PUBLIC
from app.database import db
from app.web.permission import requires
from tests.feedback.conftest import Newcomer, stored

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEXT = "Lang. " * 300
FULL = {
    "a file": OSError(errno.ENOSPC, "No space left on device"),
    "PostgreSQL": OperationalError("INSERT", {}, psycopg.errors.DiskFull("could not extend file")),
}


@pytest.fixture
def full(app: Flask) -> Iterator[None]:
    """A database that must not grow by a page, as if the disk were full."""
    with app.app_context():
        engine = db.engine

    def limit(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite takes its present size for the least.

    sa.event.listen(engine, "begin", limit)
    yield
    sa.event.remove(engine, "begin", limit)


@SQLITE
@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Es wurde nichts gespeichert"), ("uk", "Нічого не збережено"), ("fa", "چیزی ذخیره نشد")],
)
def test_a_newcomer_reads_that_nothing_was_stored(
    newcomer: Newcomer, app: Flask, full: None, language: str, words: str
):
    newcomer.language = language
    answers = [newcomer.send({"N01": "5", "O1": TEXT, "O2": TEXT}) for _ in range(12)]
    refused = [answer for answer in answers if answer.status_code == 507]
    assert refused
    assert len(stored(app)[0]) == len(answers) - len(refused)
    assert all(words in answer.text for answer in refused)


@SQLITE
@pytest.mark.parametrize("name", FULL)
def test_other_signs_of_a_full_disk_are_known_too(own_app: Flask, name: str):
    assert answer_to(own_app, FULL[name]).status_code == 507


@SQLITE
@pytest.mark.parametrize(
    "error", [OSError(errno.EACCES, "no"), OperationalError("SELECT", {}, psycopg.OperationalError())]
)
def test_other_errors_are_not_taken_for_it(own_app: Flask, error: Exception):
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    assert answer_to(own_app, error).status_code == 500


def answer_to(app: Flask, error: Exception):
    @requires(PUBLIC)
    def page() -> str:
        raise error

    app.add_url_rule("/seite", view_func=page)
    return FlaskClient(app).get("/seite")

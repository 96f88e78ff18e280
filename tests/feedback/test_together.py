"""Many who send at once: stored together, each answered for themselves."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from app import database
from app.database import db, driver_cursor
from app.feedback.models import Comment, Response
from app.feedback.storing import NoLongerCollecting, store
from app.feedback.together import EXTENSION, store_in_line
from app.feedback.tokens import FormToken
from questionnaires.answers import Submission
from questionnaires.comments import Comment as FreeText
from questionnaires.loading import builtin
from tests.feedback.conftest import AGS

MANY = 12


def submission() -> Submission:
    catalogue = builtin()
    profile = "." * (len(catalogue.profile_questions) - 1 + 6)
    return Submission("5" * len(catalogue.items), profile, (FreeText("O1", "Die Nachbarn"),))


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each transaction that was committed."""
    found: list[int] = []

    def note(driver: Any) -> None:
        found.append(1)
        driver.commit()

    monkeypatch.setattr(database, "commit", note)
    return found


def at_once(app: Flask, tasks: list) -> list:
    """What each task gives or raises, all of them waiting while somebody else is writing."""
    outcomes: list = [None] * len(tasks)

    def run(number: int) -> None:
        with app.app_context():
            try:
                outcomes[number] = tasks[number]()
            except Exception as error:
                outcomes[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    line = app.extensions[EXTENSION]
    with line._writing:
        for thread in threads:
            thread.start()
        while len(line._waiting) < len(tasks):
            threading.Event().wait(0.01)
    for thread in threads:
        thread.join()
    return outcomes


def sending(round_id: int, response_id: str | None = None):
    token = FormToken(response_id or str(uuid.uuid4()), AGS, round_id)
    return lambda: store(token, submission(), "de")


def rows(app: Flask) -> tuple[int, int]:
    with app.app_context():
        return tuple(db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Response, Comment))


def test_a_line_is_stored_in_one_transaction(app: Flask, open_round: int, commits: list[int]):
    assert at_once(app, [sending(open_round) for _ in range(MANY)]) == [True] * MANY
    assert len(commits) == 1
    assert rows(app) == (MANY, MANY)


def test_the_same_form_twice_in_a_line_is_stored_once(app: Flask, open_round: int):
    key = str(uuid.uuid4())
    assert sorted(at_once(app, [sending(open_round, key), sending(open_round, key)])) == [False, True]
    assert rows(app) == (1, 1)


def test_one_that_cannot_be_stored_harms_nobody_else_and_leaves_nothing(app: Flask, open_round: int):
    elsewhere = sending(open_round + 1000)
    outcomes = at_once(app, [sending(open_round), elsewhere, sending(open_round)])
    assert [outcomes[0], outcomes[2]] == [True, True]
    assert isinstance(outcomes[1], NoLongerCollecting)
    assert rows(app) == (2, 2)


def test_a_row_that_the_database_refuses_harms_nobody_else(app: Flask, open_round: int):
    def broken() -> None:
        store_in_line(
            lambda cursor: cursor.execute(
                "INSERT INTO comment (round_id, municipality_ags, id, question, text, state) "
                f"VALUES ({open_round}, '{AGS}', 'short', 'O1', 'x', 'unread')"
            )
        )

    outcomes = at_once(app, [sending(open_round), broken, sending(open_round)])
    assert [outcomes[0], outcomes[2]] == [True, True]
    assert isinstance(outcomes[1], IntegrityError)
    assert rows(app) == (2, 2)


def test_where_the_database_is_not_to_be_had_everybody_learns_it_at_once(app: Flask, open_round: int):
    tries: list[int] = []

    def away(_cursor: Any) -> None:
        tries.append(1)
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    outcomes = at_once(app, [lambda: store_in_line(away), sending(open_round), lambda: store_in_line(away)])
    assert all(isinstance(outcome, OperationalError) for outcome in outcomes)
    assert len(tries) == 1
    assert rows(app) == (0, 0)


def test_what_the_driver_refuses_is_told_as_elsewhere_but_without_what_was_written(app: Flask, open_round: int):
    with app.app_context(), pytest.raises(IntegrityError) as raised, driver_cursor() as cursor:
        cursor.execute(
            "INSERT INTO comment (round_id, municipality_ags, id, question, text, state) "
            f"VALUES ({open_round}, '{AGS}', 'short', 'O1', 'Die Nachbarn', 'unread')"
        )
    assert "Nachbarn" not in str(raised.value.params)
    assert "Nachbarn" not in str(raised.value.statement)
    assert rows(app) == (0, 0)


def test_a_connection_is_as_it_was_after_one_statement_without_a_transaction(app: Flask, open_round: int):
    with app.app_context():
        assert sending(open_round)()
        with db.engine.begin() as connection:
            connection.execute(sa.delete(Comment))
            connection.rollback()
    assert rows(app) == (1, 1)

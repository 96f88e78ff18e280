"""Many who send at once: stored together, each answered for themselves."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from app import writer
from app.database import WRITER, db
from app.feedback.driver import Compiled
from app.feedback.models import AccessCode, Comment, Response
from app.feedback.order import empty_journal
from app.feedback.storing import EXTENSION, NoLongerCollecting, store
from app.feedback.together import Line
from app.feedback.tokens import FormToken
from app.feedback.writing import CodeNotFitting
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

    monkeypatch.setattr(writer, "commit", note)
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
    line._somebody_writes = True
    for thread in threads:
        thread.start()
    while len(line._waiting) < len(tasks):
        threading.Event().wait(0.01)
    line._somebody_writes = False
    line._waiting[0].called.set()
    for thread in threads:
        thread.join(60)
    assert not line._somebody_writes
    return outcomes


def sending(round_id: int, response_id: str | None = None):
    token = FormToken(response_id or str(uuid.uuid4()), AGS, round_id)
    return lambda: store(token, submission(), "de")


def rows(app: Flask) -> tuple[int, int]:
    with app.app_context():
        return tuple(db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Response, Comment))


def test_a_line_is_stored_in_one_transaction(app: Flask, open_round: int, commits: list[int]):
    assert at_once(app, [sending(open_round) for _ in range(MANY)]) == [True] * MANY
    assert rows(app) == (MANY, MANY)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert len(commits) == 1
        else:
            transactions = sa.text("SELECT count(DISTINCT xmin::text) FROM response")
            assert db.session.scalar(transactions) == 1


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
    outcomes = at_once(app, [sending(open_round), sending(open_round, "short"), sending(open_round)])
    assert [outcomes[0], outcomes[2]] == [True, True]
    assert isinstance(outcomes[1], IntegrityError)
    assert rows(app) == (2, 2)


def test_a_code_used_twice_in_a_line_lets_one_response_in_and_harms_nobody_else(app: Flask, open_round: int):
    with app.app_context():
        db.session.add(AccessCode(digest="c" * 64, round_id=open_round, municipality_ags=AGS))
        db.session.commit()

    def by_code() -> bool:
        return store(FormToken(str(uuid.uuid4()), AGS, open_round, channel="code", code="c" * 64), submission(), "de")

    outcomes = at_once(app, [by_code, sending(open_round), by_code])
    assert outcomes[1] is True
    assert {type(outcome) for outcome in (outcomes[0], outcomes[2])} == {bool, CodeNotFitting}
    assert rows(app) == (2, 2)


def test_where_the_database_is_not_to_be_had_everybody_learns_it_at_once(
    app: Flask, open_round: int, monkeypatch: pytest.MonkeyPatch
):
    tries: list[int] = []

    def away(_statement: Compiled, *_values: Any) -> int:
        tries.append(1)
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    monkeypatch.setattr(Compiled, "run", away)
    outcomes = at_once(app, [sending(open_round) for _ in range(3)])
    assert all(isinstance(outcome, OperationalError) for outcome in outcomes)
    assert len(tries) == 1
    assert rows(app) == (0, 0)


class Calm:
    """Writes numbers; knows who wrote how many at a time, and stops where it is told to."""

    def __init__(self) -> None:
        self.lines: list[list[int]] = []
        self.entered, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    def write(self, line: Sequence[int]) -> list[int]:
        self.lines.append(list(line))
        self.entered.release()
        assert self.go_on.acquire(timeout=30)
        if -1 in line:
            raise ValueError("not this one" if len(line) == 1 else "one of them")
        return [number * 10 for number in line]


def queued(calm: Calm, line: Line, numbers: list[int]) -> list[Future]:
    """The first is writing, the others stand in line in their order."""
    pool = ThreadPoolExecutor(len(numbers))
    found = [pool.submit(line.store, numbers[0])]
    assert calm.entered.acquire(timeout=30)
    for place, number in enumerate(numbers[1:], 1):
        found.append(pool.submit(line.store, number))
        while len(line._waiting) < place:
            threading.Event().wait(0.001)
    pool.shutdown(wait=False)
    return found


def test_who_came_first_writes_first_and_is_answered_while_others_write():
    calm = Calm()
    line = Line(calm.write)
    first, *others = queued(calm, line, [1, 2, 3])
    calm.go_on.release()
    assert first.result(30) == 10
    assert calm.entered.acquire(timeout=30)
    assert not any(other.done() for other in others)
    calm.go_on.release()
    assert [other.result(30) for other in others] == [20, 30]
    assert calm.lines == [[1], [2, 3]]
    assert not line._somebody_writes


def test_an_error_reaches_whom_it_concerns_and_the_line_goes_on():
    calm = Calm()
    line = Line(calm.write)
    found = queued(calm, line, [-1, 2, -1, 4])
    for _ in range(5):
        calm.go_on.release()
    with pytest.raises(ValueError, match="not this one"):
        found[0].result(30)
    assert found[1].result(30) == 20
    with pytest.raises(ValueError, match="not this one"):
        found[2].result(30)
    assert found[3].result(30) == 40
    assert calm.lines == [[-1], [2, -1, 4], [2], [-1], [4]]


def test_a_writer_that_is_ended_leaves_nobody_waiting():
    ended: list[int] = []

    def write(numbers: Sequence[int]) -> list[int]:
        if not ended:
            ended.append(1)
            raise SystemExit
        return list(numbers)

    line = Line(write)
    with pytest.raises(SystemExit):
        line.store(1)
    assert line.store(2) == 2


def test_what_the_driver_refuses_is_told_as_elsewhere_but_without_what_was_written(app: Flask, open_round: int):
    with app.app_context(), pytest.raises(IntegrityError) as raised, app.extensions[WRITER].cursor() as cursor:
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


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_thinks_once_about_how_to_store(app: Flask, open_round: int):
    with app.app_context(), app.extensions[WRITER].cursor(one_statement=True) as cursor:
        assert cursor.execute("SHOW plan_cache_mode").fetchone() == ("force_generic_plan",)


def test_a_connection_that_was_lost_costs_nobody_their_answers(app: Flask, open_round: int):
    with app.app_context():
        assert sending(open_round)()
        if db.engine.dialect.name == "postgresql":
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            with db.engine.connect() as connection:
                connection.exec_driver_sql(f"{others} AND datname = current_database()")
        else:
            app.extensions[WRITER].close()
        assert sending(open_round)()
    assert rows(app) == (2, 2)


def test_the_open_connection_keeps_nobody_from_emptying_the_journal(app: Flask, open_round: int):
    with app.app_context():
        key = str(uuid.uuid4())
        assert [sending(open_round, key)(), sending(open_round, key)()] == [True, False]
        empty_journal()
        if db.engine.dialect.name == "sqlite":
            assert Path(f"{db.engine.url.database}-wal").stat().st_size == 0

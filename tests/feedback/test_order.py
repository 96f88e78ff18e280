"""The order in which things arrive is forgotten, whatever the database itself keeps."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.feedback.codes import digest, new_code
from app.feedback.models import AccessCode
from app.feedback.order import empty_journal, forget_order
from tests.feedback.conftest import AGS, PLACE, stored, token_in

TABLES = ("response", "access_code", "comment")


@pytest.fixture
def answered(client: FlaskClient, app: Flask, open_round: int) -> list[str]:
    """Twelve newcomers have answered, each with a code and a text; the codes in the order in which they came."""
    codes = [new_code() for _ in range(12)]
    with app.app_context():
        place = {"round_id": open_round, "municipality_ags": AGS}
        db.session.add_all(AccessCode(**place, digest=digest(code)) for code in codes)
        db.session.commit()
    for code in codes:
        token = token_in(client.get(f"/c/{code}"))
        client.post(f"/f/{PLACE}", data={"token": token, "N01": "5", "O1": f"Text {uuid.uuid4()}"})
    return codes


def only_on(app: Flask, engine: str) -> None:
    with app.app_context():
        if db.engine.dialect.name != engine:
            pytest.skip(f"this is {engine}'s")


def test_nothing_is_lost_or_changed_by_forgetting(answered: list[str], app: Flask, open_round: int):
    before = content(app)
    with app.app_context():
        forget_order(open_round)
    assert content(app) == before
    assert len(stored(app)[0]) == 12


def content(app: Flask) -> dict[str, set]:
    with app.app_context(), db.engine.connect() as connection:
        return {table: set(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {table}"))) for table in TABLES}


def test_postgresql_no_longer_tells_which_rows_were_written_together(answered: list[str], app: Flask, open_round: int):
    only_on(app, "postgresql")
    with app.app_context(), db.engine.connect() as connection:
        before = {table: transactions(connection, table) for table in TABLES}
        assert len(before["response"] & before["access_code"] & before["comment"]) == 12
        connection.rollback()
        forget_order(open_round)
        after = [transactions(connection, table) for table in TABLES]
        assert len(set.union(*after)) == 1
        for table, key in (("response", "id"), ("access_code", "digest")):
            lie = connection.exec_driver_sql(f"SELECT {key} FROM {table} ORDER BY ctid").scalars().all()
            assert lie == sorted(lie)


def transactions(connection: sa.Connection, table: str) -> set[str]:
    return set(connection.exec_driver_sql(f"SELECT xmin::text FROM {table}").scalars())


def test_sqlite_keeps_no_journal_of_the_last_transactions(answered: list[str], app: Flask, open_round: int):
    only_on(app, "sqlite")
    with app.app_context():
        journal = Path(f"{db.engine.url.database}-wal")
        assert journal.stat().st_size > 0
        empty_journal()
        assert journal.stat().st_size == 0
    assert len(stored(app)[0]) == 12


def test_an_error_on_a_page_with_a_code_logs_no_code(own_app: Flask, caplog: pytest.LogCaptureFixture):
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    code = new_code()
    with caplog.at_level(logging.ERROR):
        try:
            raise RuntimeError
        except RuntimeError as error:
            with own_app.test_request_context(f"/c/{code}"):
                own_app.log_exception((type(error), error, error.__traceback__))
    assert "/c/…" in caplog.text
    assert code not in caplog.text

"""What must not be known is not stored, wherever one looks."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.feedback.models import Comment, Response
from tests.feedback.conftest import Newcomer, stored

ANONYMOUS = ("response", "comment", "access_code")
ADDRESS = "203.0.113.77"
AGENT = "Mozilla/5.0 (Seltenes-Telefon-4711)"


def test_tables_have_no_column_for_what_must_not_be_known(app: Flask):
    with app.app_context():
        inspector = sa.inspect(db.engine)
        columns = {table: {column["name"] for column in inspector.get_columns(table)} for table in ANONYMOUS}
    where = {"round_id", "municipality_ags"}
    assert columns == {
        "response": {*where, "id", "day", "language", "channel", "ratings", "profile", "state", "doubt"},
        "comment": {*where, "id", "question", "text", "state", "doubtful", "extract"},
        "access_code": {*where, "digest", "used"},
    }


def test_time_is_no_finer_than_the_day(newcomer: Newcomer, app: Flask):
    newcomer.send({"N01": "5"})
    with app.app_context():
        [day] = db.session.execute(sa.text("SELECT CAST(day AS VARCHAR(40)) FROM response")).scalars()
    assert len(day) == len("2026-11-22")


def test_texts_share_no_key_with_their_response(newcomer: Newcomer, app: Flask):
    newcomer.send({"N01": "5", "O1": "eins", "O2": "zwei"})
    [response], comments = stored(app)
    keys = {response.id, *(comment.id for comment in comments)}
    assert len(keys) == 3
    assert all(uuid.UUID(key).version == 4 for key in keys)
    assert not {c.name for c in Response.__table__.c} & {"comment_id"}
    assert not {c.name for c in Comment.__table__.c} & {"response_id"}


def test_sqlite_keeps_no_order_of_arrival(app: Flask):
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("row numbers are SQLite's")
        with db.engine.connect() as connection:
            for table in ANONYMOUS:
                with pytest.raises(sa.exc.OperationalError, match="no such column: rowid"):
                    connection.exec_driver_sql(f"SELECT rowid FROM {table}")


def test_neither_address_nor_browser_reaches_the_database_files_or_the_log(
    newcomer: Newcomer, app: Flask, database_url: str, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG):
        token = newcomer.token()
        response = newcomer.send(
            {"N01": "5", "O1": "Danke"},
            token=token,
            environ_base={"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": AGENT},
        )
    assert response.status_code == 303
    [row], _ = stored(app)
    everything = dump(app, database_url)
    assert row.id.encode() in everything
    assert ADDRESS.encode() not in everything
    assert b"Seltenes-Telefon" not in everything
    assert not any(word in caplog.text for word in (ADDRESS, "Seltenes-Telefon", row.id, "Danke", token))


def dump(app: Flask, url: str) -> bytes:
    """Every byte of SQLite's files; on PostgreSQL every row of every table."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database)
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    with app.app_context(), db.engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = (connection.exec_driver_sql(f'SELECT t::text FROM "{table}" t').scalars() for table in tables)
        return "\n".join(line for lines in rows for line in lines).encode()

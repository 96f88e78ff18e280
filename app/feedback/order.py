"""Forgetting the order in which things arrived, where the database itself keeps it.

SQLite's tables lie in the order of random keys, but its journal (WAL) holds the last transactions one after the other,
until it is emptied: a worker does that every minute. PostgreSQL notes in every row which transaction wrote it, and puts
rows where there is room: once a round has ended, its rows are written anew by one transaction, in the order of keys.
"""

from __future__ import annotations

import logging
import re

from flask import Flask
from sqlalchemy import Connection, Engine, text

from app.database import db

_COLUMNS = {
    "response": "round_id, municipality_ags, id, day, language, channel, ratings, profile, state, doubt",
    "access_code": "digest, round_id, municipality_ags, used",
}
_KEYS = {"response": "id", "access_code": "digest"}


def forget_order(round_id: int) -> None:
    """Leave nothing by which responses, texts and codes of a round could be lined up; on a connection of its own."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            _write_anew(connection, round_id)
        _vacuum(engine)
    empty_journal()


def empty_journal() -> None:
    """Empty SQLite's journal into the database, unless somebody is writing just now; nothing on PostgreSQL."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = connection.connection.cursor()
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        driver.close()


def _write_anew(connection: Connection, round_id: int) -> None:
    """Every row of the round gets the same transaction; responses and codes also the order of their random keys.

    Texts stay where they are, because themes refer to them: their order alone lines up with nothing any more.
    """
    for table, columns in _COLUMNS.items():
        connection.execute(
            text(f"CREATE TEMPORARY TABLE anew ON COMMIT DROP AS SELECT {columns} FROM {table} WHERE round_id = :r"),  # noqa: S608
            {"r": round_id},
        )
        connection.execute(text(f"DELETE FROM {table} WHERE round_id = :r"), {"r": round_id})  # noqa: S608
        connection.execute(
            text(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM anew ORDER BY {_KEYS[table]}")  # noqa: S608
        )
        connection.execute(text("DROP TABLE anew"))
    connection.execute(text("UPDATE comment SET state = state WHERE round_id = :r"), {"r": round_id})


def _vacuum(engine: Engine) -> None:
    """Clear away the rows as they were before."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in (*_COLUMNS, "comment"):
            connection.execute(text(f"VACUUM {table}"))


class _WithoutCodes(logging.Filter):
    """Takes access codes out of what the application logs, such as the address of a request that failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record, and let it pass."""
        record.msg = _CODE.sub("/c/…", str(record.msg))
        return True


_CODE = re.compile(r"/c/[^\s?\]]+")


def init_app(app: Flask) -> None:
    """Keep codes out of the log."""
    app.logger.addFilter(_WithoutCodes())

"""The database: one declarative base, one session for each request, and what SQLite needs to keep its promises."""

from __future__ import annotations

import datetime as dt
import inspect
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from app.writer import WriteQueue, Writer

REGION_TIME = ZoneInfo("Europe/Berlin")
WRITER = "willkommen-writer"
READING = frozenset({"GET", "HEAD", "OPTIONS"})

# The connection that was used last is used next: what it has read and planned is still at hand.
db = SQLAlchemy(engine_options={"pool_use_lifo": True})


class Model(DeclarativeBase):
    """Base of all tables; constraints have predictable names so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment in UTC; SQLite forgets time zones, so they are taken off on the way in and put back on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Naive UTC for the database; a moment without a time zone is refused rather than guessed."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The moment with its time zone, UTC."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


def now() -> dt.datetime:
    """This moment in UTC, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def today() -> dt.date:
    """The day it is in the region."""
    return dt.datetime.now(REGION_TIME).date()


def begin_writing() -> None:
    """Begin anew, with the right to write: for the few requests that ask for a page and store something all the same.

    What was loaded before is loaded again when it is needed.
    """
    db.session.rollback()
    g.writes = True


def init_app(app: Flask) -> None:
    """Connect the application to its database."""
    db.init_app(app)
    _close_without_a_thread(app)
    with app.app_context():
        queue = _prepare_sqlite(db.engine) if db.engine.dialect.name == "sqlite" else None
        app.extensions[WRITER] = Writer(db.engine, queue)


def _close_without_a_thread(app: Flask) -> None:
    """Drop the library's closing of asynchronous sessions: we have none, and it starts a thread at every request."""
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(close)
    ]


def _prepare_sqlite(engine: Engine) -> WriteQueue:
    queue = WriteQueue(f"{engine.url.database}-queue")
    event.listen(engine, "close", queue.forget)
    event.listen(engine, "checkin", queue.leave)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: see _on_begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        # A transaction that reads first and writes later fails at once if somebody else wrote in between, whatever
        # the time-out. Requests that may write therefore queue for the write lock before they read.
        writes = has_request_context() and (request.method not in READING or g.get("writes", False))
        if writes:
            queue.enter(connection.connection._connection_record)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return queue

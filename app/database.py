"""The database: one declarative base, one session for each request, and what SQLite needs to keep its promises."""

from __future__ import annotations

import datetime as dt
import fcntl
import inspect
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, PoolProxiedConnection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

REGION_TIME = ZoneInfo("Europe/Berlin")
QUEUE = "willkommen-write-queue"
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
        if db.engine.dialect.name == "sqlite":
            app.extensions[QUEUE] = _prepare_sqlite(db.engine)


def _close_without_a_thread(app: Flask) -> None:
    """Drop the library's closing of asynchronous sessions: we have none, and it starts a thread at every request."""
    app.teardown_appcontext_funcs = [
        close for close in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(close)
    ]


class WriteQueue:
    """Where requests wait for SQLite's write lock, in the order in which they came.

    SQLite itself lets those who wait try again after a while, longer and longer, and whoever happens to try at the
    right moment is next: with many at once most of the time nobody writes. A file lock wakes the next one at once, over
    threads and processes, and the system takes it away from a process that dies. It orders, it does not protect:
    whoever passes it by is still kept out by SQLite.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._here = threading.local()

    def enter(self, record: Any) -> None:
        """Wait until this connection may write; at once where this thread is writing on another one already."""
        if getattr(self._here, "writing", False):
            return
        if "queue" not in record.info:
            record.info["queue"] = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(record.info["queue"], fcntl.LOCK_EX)
        record.info["first in the queue"] = self._here.writing = True

    def leave(self, _connection: Any, record: Any) -> None:
        """Let the next one write: the connection is back in its pool, all it did is stored or undone."""
        if record.info.pop("first in the queue", False):
            self._here.writing = False
            fcntl.flock(record.info["queue"], fcntl.LOCK_UN)

    def forget(self, connection: Any, record: Any) -> None:
        """Close the file together with the connection."""
        self.leave(connection, record)
        if (opened := record.info.pop("queue", None)) is not None:
            os.close(opened)


@contextmanager
def driver_cursor(one_statement: bool = False) -> Iterator[Any]:
    """A cursor of the driver's own in a transaction that writes, committed at the end: for what is stored most often.

    With ``one_statement`` nothing but a single statement changes anything; PostgreSQL then needs no transaction around
    it, and so two journeys less. What the driver raises is raised as SQLAlchemy does, without statement and values:
    they may hold what a newcomer wrote.
    """
    engine = db.engine
    connection = engine.raw_connection()
    try:
        with _errors_of(engine, connection), _transaction(engine, connection, one_statement):
            yield connection.cursor()
    finally:
        connection.close()


@contextmanager
def _transaction(engine: Engine, connection: PoolProxiedConnection, one_statement: bool) -> Iterator[None]:
    driver: Any = connection.driver_connection
    by_itself = one_statement and engine.dialect.name == "postgresql"
    if by_itself:
        driver.autocommit = True
    elif engine.dialect.name == "sqlite":
        _queue().enter(connection._connection_record)
        begin(driver)
    try:
        yield
        if not by_itself:
            commit(driver)
    except BaseException:
        if not by_itself:
            driver.rollback()
        raise
    finally:
        if by_itself and not driver.closed:
            driver.autocommit = False


def begin(driver: Any) -> None:
    """Begin a transaction that writes, on SQLite's driver."""
    driver.execute("BEGIN IMMEDIATE")


def commit(driver: Any) -> None:
    """Commit on a driver's connection."""
    driver.commit()


@contextmanager
def _errors_of(engine: Engine, connection: PoolProxiedConnection) -> Iterator[None]:
    dialect = engine.dialect
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, connection.dbapi_connection, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
        ) from error


def _queue() -> WriteQueue:
    found: WriteQueue = current_app.extensions[QUEUE]
    return found


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

"""Writing past SQLAlchemy, for what is stored most often: a connection of the driver's own that stays open."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError


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


class Writer:
    """A cursor of the driver's own on a connection that is kept. One at a time: whoever uses it takes turns.

    What the driver raises is raised as SQLAlchemy does, without statement and values: they may hold what a newcomer
    wrote. After an error the connection is given up, and the next one to write gets a new one.
    """

    def __init__(self, engine: Engine, queue: WriteQueue | None) -> None:
        self._engine = engine
        self._queue = queue
        self._driver: Any = None
        self.info: dict[str, Any] = {}
        """Where the queue keeps what belongs to this connection, as in a connection of the pool."""
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    @contextmanager
    def cursor(self, one_statement: bool = False) -> Iterator[Any]:
        """The cursor, in a transaction that is committed at the end.

        With ``one_statement`` nothing but a single statement changes anything; PostgreSQL then needs no transaction
        around it, and so two journeys less.
        """
        try:
            if self._driver is None:
                self._open()
            # A cursor of its own each time: one with rows left to read would keep SQLite's journal from being emptied.
            with self._transaction(one_statement), closing(self._driver.cursor()) as cursor:
                yield cursor
        except self._engine.dialect.loaded_dbapi.Error as error:
            told = self._told(error)
            self.close()
            raise told from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the connection up; what is not committed is undone."""
        driver, self._driver = self._driver, None
        if driver is not None:
            # Undone first: SQLite keeps what it has locked until the last statement of a connection is forgotten.
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                driver.rollback()
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                driver.close()
        if self._queue:
            self._queue.forget(None, self)

    def _open(self) -> None:
        connection = self._engine.raw_connection()
        self._driver = connection.driver_connection
        connection.detach()
        if not self._queue:
            self._driver.autocommit = True
            # PostgreSQL weighs again and again whether to plan a statement anew for its values; where its guess is that
            # this pays, planning takes longer than the statement.
            self._driver.execute("SET plan_cache_mode = force_generic_plan")

    def _transaction(self, one_statement: bool) -> AbstractContextManager[Any]:
        if self._queue:
            return self._on_sqlite(self._queue)
        return nullcontext() if one_statement else self._driver.transaction()

    @contextmanager
    def _on_sqlite(self, queue: WriteQueue) -> Iterator[None]:
        queue.enter(self)
        begin(self._driver)
        yield
        commit(self._driver)
        queue.leave(None, self)

    def _told(self, error: Any) -> Exception:
        dialect = self._engine.dialect
        lost = dialect.is_disconnect(error, self._driver, None)
        return DBAPIError.instance(
            None, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
        )


def begin(driver: Any) -> None:
    """Begin a transaction that writes, on SQLite's driver."""
    driver.execute("BEGIN IMMEDIATE")


def commit(driver: Any) -> None:
    """Commit on SQLite's driver."""
    driver.commit()

"""Storing together what arrives together: one transaction, one wait for the disk, however many forms come at once.

Whoever comes while somebody is writing waits in line, and the next writer takes the whole line along. Everybody gets
an answer only when their own response is on the disk. If one of a line cannot be stored, each is stored by itself, so
that nobody suffers from somebody else's.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from app.database import driver_cursor

T = TypeVar("T")

EXTENSION = "willkommen-together"
LONGEST_LINE = 64


@dataclass
class _Waiting(Generic[T]):
    """Somebody in line: what to write with a cursor, in one statement or in more, and what came of it."""

    write: Callable[[Any], T]
    one_statement: bool
    done: bool = False
    result: T | None = None
    error: Exception | None = None


class Line:
    """The line in front of the database, in this process."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting[object]] = deque()
        self._writing = threading.Lock()

    def store(self, write: Callable[[Any], T], one_statement: bool = False) -> T:
        """What ``write`` gives, stored for good; raises what it raises, and then nothing of it is stored."""
        mine: _Waiting[object] = _Waiting(write, one_statement)
        self._waiting.append(mine)
        with self._writing:
            while not mine.done:
                _write_all([self._waiting.popleft() for _ in range(min(len(self._waiting), LONGEST_LINE))])
        if mine.error:
            raise mine.error
        return mine.result  # type: ignore[return-value]


def _write_all(line: list[_Waiting[object]]) -> None:
    try:
        with driver_cursor(len(line) == 1 and line[0].one_statement) as cursor:
            results = [waiting.write(cursor) for waiting in line]
    except Exception as error:
        _refuse(line, error)
    else:
        for waiting, result in zip(line, results, strict=True):
            waiting.result, waiting.done = result, True


def _refuse(line: list[_Waiting[object]], error: Exception) -> None:
    """Whom it concerns gets the error: everybody where the database is not to be had, else one of the line."""
    if len(line) == 1 or isinstance(error, OperationalError):
        for waiting in line:
            waiting.error, waiting.done = error, True
    else:
        for waiting in line:
            _write_all([waiting])


def store_in_line(write: Callable[[Any], T], one_statement: bool = False) -> T:
    """Store through the line of this application; see ``Line.store`` and ``driver_cursor``."""
    line: Line = current_app.extensions[EXTENSION]
    return line.store(write, one_statement)


def init_app(app: Flask) -> None:
    """Give the application its line."""
    app.extensions[EXTENSION] = Line()

"""Storing together what arrives together: one transaction, one wait for the disk, however many forms come at once.

Whoever comes while somebody is writing waits in line, and the next writer takes the whole line along. Everybody gets
an answer only when their own response is on the disk. If one of a line cannot be stored, each is stored by itself, so
that nobody suffers from somebody else's.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy.exc import OperationalError

Work = TypeVar("Work")
Outcome = TypeVar("Outcome")

LONGEST_LINE = 64


def _shut() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass
class _Waiting(Generic[Work, Outcome]):
    """Somebody in line: what to write, and what came of it. ``called`` is shut until it is done, or their turn."""

    work: Work
    done: bool = False
    outcome: Outcome | None = None
    error: BaseException | None = None
    called: threading.Lock = field(default_factory=_shut)


class Line(Generic[Work, Outcome]):
    """The line in front of the database, in this process; ``write`` writes what stands in it, all or nothing.

    Who comes first writes, for all who stand there by then, and calls them when it is done. Then the first of those
    who came meanwhile is called to write: nobody waits for a transaction that is not their own.
    """

    def __init__(self, write: Callable[[Sequence[Work]], Sequence[Outcome]]) -> None:
        self._write = write
        self._waiting: deque[_Waiting[Work, Outcome]] = deque()
        self._somebody_writes = False
        self._door = threading.Lock()

    def store(self, work: Work) -> Outcome:
        """What came of it, stored for good; raises what writing it raises, and then nothing of it is stored."""
        mine: _Waiting[Work, Outcome] = _Waiting(work)
        with self._door:
            self._waiting.append(mine)
            wait, self._somebody_writes = self._somebody_writes, True
        if wait:
            mine.called.acquire()
        if not mine.done:
            self._take_the_line_along()
        if mine.error:
            raise mine.error
        return mine.outcome  # type: ignore[return-value]

    def _take_the_line_along(self) -> None:
        """Write for all who stand in line, whoever calls this first among them."""
        with self._door:
            line = [self._waiting.popleft() for _ in range(min(len(self._waiting), LONGEST_LINE))]
        try:
            self._write_all(line)
        except BaseException as error:
            _tell(line, error)
            raise
        finally:
            for waiting in line[1:]:
                waiting.called.release()
            self._call_the_next()

    def _call_the_next(self) -> None:
        with self._door:
            if self._waiting:
                self._waiting[0].called.release()
            else:
                self._somebody_writes = False

    def _write_all(self, line: Sequence[_Waiting[Work, Outcome]]) -> None:
        """If one cannot be stored, each is by itself; where the database is not to be had, that would help nobody."""
        try:
            outcomes = self._write([waiting.work for waiting in line])
        except Exception as error:
            if len(line) == 1 or isinstance(error, OperationalError):
                _tell(line, error)
            else:
                for waiting in line:
                    self._write_all([waiting])
        else:
            for waiting, outcome in zip(line, outcomes, strict=True):
                waiting.outcome, waiting.done = outcome, True


def _tell(line: Sequence[_Waiting[Work, Outcome]], error: BaseException) -> None:
    for waiting in line:
        if not waiting.done:
            waiting.error, waiting.done = error, True

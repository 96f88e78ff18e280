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


@dataclass
class _Waiting(Generic[Work, Outcome]):
    """Somebody in line: what to write, and what came of it. ``called`` when it is done, or nobody writes any more."""

    work: Work
    done: bool = False
    outcome: Outcome | None = None
    error: BaseException | None = None
    called: threading.Event = field(default_factory=threading.Event)


class Line(Generic[Work, Outcome]):
    """The line in front of the database, in this process; ``write`` writes what stands in it, all or nothing.

    Whoever finds nobody writing writes, for all who stand there by then, and calls them when it is done: nobody waits
    for a transaction that is not their own. The first of those who came meanwhile is called too. Who comes by while
    that one is still waking up may be quicker, and takes them along.
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
        while not mine.done:
            if line := self._line_to_write():
                self._take_along(line)
            else:
                mine.called.wait()
                mine.called.clear()
        if mine.error:
            raise mine.error
        return mine.outcome  # type: ignore[return-value]

    def _line_to_write(self) -> list[_Waiting[Work, Outcome]]:
        """All who wait, for the one who is to write for them; nobody while somebody writes, or if all is done."""
        with self._door:
            if self._somebody_writes:
                return []
            line = [self._waiting.popleft() for _ in range(min(len(self._waiting), LONGEST_LINE))]
            self._somebody_writes = bool(line)
            return line

    def _take_along(self, line: list[_Waiting[Work, Outcome]]) -> None:
        try:
            self._write_all(line)
        except BaseException as error:
            _tell(line, error)
            raise
        finally:
            with self._door:
                self._somebody_writes = False
                next_in_line = [self._waiting[0]] if self._waiting else []
            for waiting in line + next_in_line:
                waiting.called.set()

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

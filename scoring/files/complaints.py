"""What is wrong with the files of an input, said so that an analyst can mend it: every mistake, with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LISTED = 50
_SHOWN = 40
_COMPARED = 2000


@dataclass(frozen=True)
class Complaint:
    """One mistake: the file, its line (counted from 1; 0 means the file as a whole), the column, and what to do."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        column = f'column "{self.column}"' if self.column else ""
        return ", ".join(part for part in (self.file, line, column) if part) + f": {self.message}"


class InputNotValid(ValueError):
    """The input cannot be scored; the message lists the first ``LISTED`` mistakes and says how many more there are."""


class Complaints:
    """Collects mistakes. Of a file with millions of them only the first are kept, the others are counted."""

    def __init__(self) -> None:
        self._kept: list[Complaint] = []
        self._count: dict[str, int] = {}

    def __len__(self) -> int:
        return sum(self._count.values())

    def add(self, file: str, line: int, column: str, message: str) -> None:
        """Note one mistake."""
        self.count(file, 1)
        if self._count[file] <= LISTED:
            self._kept.append(Complaint(file, line, column, message))

    def count(self, file: str, more: int) -> None:
        """Note that there are ``more`` mistakes in a file that are not listed one by one."""
        if more:
            self._count[file] = self._count.get(file, 0) + more

    def room(self, file: str) -> int:
        """How many more mistakes of a file will be listed."""
        return max(0, LISTED - self._count.get(file, 0))

    def raise_if_any(self) -> None:
        """Raise ``InputNotValid`` if there is a mistake; files in the order they were read, each from top to bottom."""
        if not len(self):
            return
        files = list(self._count)
        listed = sorted(self._kept, key=lambda c: (files.index(c.file), c.line))[:LISTED]
        more = len(self) - len(listed)
        raise InputNotValid("\n".join([*map(str, listed), *([f"... and {more:,} more."] if more else [])]))


def quoted(text: str) -> str:
    """A cell's content for a message, cut where it is long.

    >>> quoted("abc")
    '"abc"'
    """
    return f'"{text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."}"'


def suggestion(wrong: str, right: Iterable[str]) -> str:
    """What may have been meant, led by a space; empty where nothing is near or the choice is too large.

    >>> suggestion("wieght", ["weight", "parent"])
    ' Did you mean "weight"?'
    """
    known = list(dict.fromkeys(right))
    if len(known) > _COMPARED:
        return ""
    folded = [name for name in known if name.casefold() == wrong.casefold()]
    nearest = folded or difflib.get_close_matches(wrong, known, n=1, cutoff=0.5)
    return f' Did you mean "{nearest[0]}"?' if nearest else ""

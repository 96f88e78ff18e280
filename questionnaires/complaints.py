"""What is wrong with a catalogue's files, said so that its author can mend it: in German, and with the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

FEW = 12


@dataclass(frozen=True, order=True)
class Complaint:
    """One mistake: the file, its line (counted from 1; 0 means the file as a whole), the key, and what to do."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        line = f"Zeile {self.line}" if self.line else ""
        return ", ".join(part for part in (self.file, line, self.key) if part) + f": {self.message}"


class CatalogueError(ValueError):
    """A catalogue's files cannot be used; ``complaints`` holds every mistake found, in the order of files and lines."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(sorted(set(complaints)))
        super().__init__("\n".join(map(str, self.complaints)))


def suggestion(wrong: str, right: Iterable[str]) -> str:
    """What may have been meant, led by a space: the nearest of ``right``, or all of them where they are few.

    >>> suggestion("titel", ["title", "question"])
    ' Meinten Sie »title«?'
    >>> suggestion("Z", ["A", "B"])
    ' Möglich sind: A, B.'
    """
    known = list(dict.fromkeys(right))
    folded = [name for name in known if name.casefold() == wrong.casefold()]
    nearest = folded or get_close_matches(wrong, known, n=1, cutoff=0.5)
    if nearest:
        return f" Meinten Sie »{nearest[0]}«?"
    return f" Möglich sind: {', '.join(known)}." if 0 < len(known) <= FEW else ""

"""Two versions of a text side by side: what only one of them says, and a first draft of both together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Passage:
    """A piece of text; ``marked`` where the other version does not have it."""

    text: str
    marked: bool


def compared(mine: str, theirs: str) -> tuple[list[Passage], list[Passage]]:
    """Both texts in passages, word by word, with what differs marked.

    >>> compared("Flyer liegt aus", "Flyer liegt bereit")[0]
    [Passage(text='Flyer liegt ', marked=False), Passage(text='aus', marked=True)]
    """
    ours, others = _words(mine), _words(theirs)
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, ours, others).get_opcodes():
        left.append(Passage("".join(ours[a:b]), kind != "equal"))
        right.append(Passage("".join(others[c:d]), kind != "equal"))
    return [p for p in left if p.text], [p for p in right if p.text]


def merged(mine: str, theirs: str) -> str:
    """Both texts as a draft to edit; the longer one alone if it holds the other.

    >>> merged("Flyer", "Flyer und Heft")
    'Flyer und Heft'
    """
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{mine}\n\n{theirs}"


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)

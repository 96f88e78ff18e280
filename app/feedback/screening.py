"""What in a free text might tell who somebody is, flagged for whoever reads it. Patterns help; they do not judge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "phone", "link", "address", "person"]

_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.I),
    "link": re.compile(r"(?:https?://|www\.)\S+", re.I),
    "phone": re.compile(r"(?<![\w])(?:\+|00)?\d(?:[\s()/.-]{0,3}\d){6,}(?!\w)"),
    "address": re.compile(
        r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|gasse|allee|platz|ring|damm|ufer)\s*\d+\s?[a-z]?\b"
        r"|\b(?:Am|Im|An der|Auf der|Zum|Zur)\s[A-ZÄÖÜ][\wäöüß-]+\s\d+\s?[a-z]?\b"
        r"|\b\d{5}\s[A-ZÄÖÜ][\wäöüß-]+"
    ),
    "person": re.compile(
        r"\b(?:Frau|Herr|Herrn|Familie|Dr\.|Prof\.|Mrs?\.?|Ms\.?|Doktor)\s(?:Dr\.\s|Prof\.\s)*[A-ZÄÖÜ][\wäöüß'-]+"
        r"|\b(?:Ober|Orts|Stadt)?(?:[Bb]ürgermeister|[Vv]orsteher|[Ss]achbearbeiter|[Aa]mtsleiter|[Ll]ehrer|[Ee]rzieher)"
        r"(?:in|:in|\*in)?\s[A-ZÄÖÜ][\wäöüß'-]+"
    ),
}


@dataclass(frozen=True)
class Flag:
    """A passage of a text, from ``start`` to before ``end``, and what it may be."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; ``kind`` is empty for what nothing was found in."""

    text: str
    kind: Kind | Literal[""] = ""


def flags(text: str) -> list[Flag]:
    """What was found, in the order of the text; where two overlap, the one that begins first, then the longer one.

    >>> [flag.kind for flag in flags("Frau Muster, Hauptstraße 5, 0171 2345678, a@b.de")]
    ['person', 'address', 'phone', 'email']
    """
    found = [Flag(*match.span(), kind) for kind, pattern in _PATTERNS.items() for match in pattern.finditer(text)]
    kept: list[Flag] = []
    for flag in sorted(found, key=lambda flag: (flag.start, -flag.end)):
        if not kept or flag.start >= kept[-1].end:
            kept.append(flag)
    return kept


def pieces(text: str) -> Iterator[Piece]:
    """The text in stretches with and without a flag; together they are the text."""
    position = 0
    for flag in flags(text):
        if flag.start > position:
            yield Piece(text[position : flag.start])
        yield Piece(text[flag.start : flag.end], flag.kind)
        position = flag.end
    if position < len(text):
        yield Piece(text[position:])

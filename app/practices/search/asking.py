"""From what somebody typed to the best hits: which stems are meant, and how they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import Subquery, func, select, union_all

from app.database import db
from app.practices.search.engines import ENGINES
from app.practices.search.meaning import Meaning, meanings
from app.practices.search.words import words_of

LONGEST_QUERY = 200
MOST_WORDS = 12


class QueryRefused(ValueError):
    """Nothing can be searched for with this; the message says why and what to do."""


@dataclass(frozen=True)
class Question:
    """What is searched for: the words that were understood, each with the stems that may stand for it."""

    meanings: tuple[Meaning, ...]

    @property
    def corrected(self) -> tuple[tuple[str, str], ...]:
        """Words that no practice has, with the spelling of the one that was taken instead."""
        return tuple((meaning.typed, meaning.near[0].spelling) for meaning in self.meanings if meaning.near)

    def hits(self) -> Subquery | None:
        """``practice_id`` and ``place``, the best first; ``None`` where no practice can have any of the words.

        Practices with every word as it was typed come before those with compounds or corrections, those before
        practices with parts of the words, and last come practices that have only some of the words.
        """
        engine = ENGINES[db.engine.dialect.name]
        steps = [
            engine.matches(number, asked) for number, asked in enumerate(self._ways(), start=1) if asked is not None
        ]
        if not steps:
            return None
        # Materialized: SQLite ranks only where it matches, and must not be talked out of that by its own optimiser.
        found = union_all(*steps).cte("found").prefix_with("MATERIALIZED")
        best = select(found.c.practice_id, func.min(found.c.place).label("place")).group_by(found.c.practice_id)
        return best.subquery("hits")

    def _ways(self) -> Iterator[list[tuple[str, ...]] | None]:
        """From the strictest to the widest: for each word the stems of which one must be there."""
        seen: list[list[tuple[str, ...]]] = []
        for way in (Meaning.exactly, Meaning.closely, Meaning.widely):
            asked = [way(meaning) for meaning in self.meanings]
            useful = all(asked) and asked not in seen
            seen.append(asked)
            yield asked if useful else None
        some = tuple(dict.fromkeys(stem for meaning in self.meanings for stem in meaning.widely()))
        yield [some] if some and len(self.meanings) > 1 else None


def ask(typed: str) -> Question | None:
    """What was typed, understood; ``None`` if it was empty. ``QueryRefused`` if there is nothing to search for."""
    if not typed.strip():
        return None
    if "\0" in typed:
        raise QueryRefused(_("Die Suche enthält ein Zeichen, das es in keinem Text gibt. Tippen Sie sie noch einmal."))
    if len(typed) > LONGEST_QUERY:
        raise QueryRefused(
            _("Die Suche ist mit %(length)s Zeichen zu lang. Kürzen Sie sie auf höchstens %(most)s Zeichen.",
              length=format_decimal(len(typed)), most=LONGEST_QUERY)
        )  # fmt: skip
    words = dict(words_of(typed))
    if not words:
        raise QueryRefused(
            _("Darin steht kein Wort, nach dem sich suchen lässt. Schreiben Sie zum Beispiel »Begrüßung« oder "
              "»Gutschein«; Anführungszeichen und Sternchen braucht es nicht.")
        )  # fmt: skip
    return Question(meanings(dict(list(words.items())[:MOST_WORDS])))

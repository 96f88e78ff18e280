"""From what somebody typed to the best hits: which stems are meant, and how they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import Subquery

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
        """``practice_id`` and ``place``, the best first; ``None`` where no practice can have any of the words."""
        statement = ENGINES[db.engine.dialect.name].hits(self.meanings)
        return None if statement is None else statement.subquery("hits")


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

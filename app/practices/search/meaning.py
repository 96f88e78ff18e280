"""Which stems of the index may stand for a word that was typed: itself, compounds with it, what it was meant to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select, union_all

from app.database import db
from app.practices.search.models import Trigram, Word
from app.practices.search.words import likeness, trigrams

SHORTEST = 4
"""Letters a stem needs so that compounds and misspellings are looked for."""
ALIKE = 0.4
"""Jaccard likeness from which on a stem may be what was meant."""
ABOUT_AS_ALIKE = 0.08
MOST_CANDIDATES, MOST_COMPOUNDS, MOST_NEAR = 60, 30, 3


@dataclass(frozen=True)
class Known:
    """A stem of the index with a way to write it."""

    stem: str
    spelling: str


@dataclass(frozen=True)
class Meaning:
    """A word that was typed, and the stems of the index that may stand for it."""

    typed: str
    same: tuple[Known, ...]
    near: tuple[Known, ...]
    compounds: tuple[Known, ...]
    parts: tuple[Known, ...]

    def exactly(self) -> tuple[str, ...]:
        """The stem itself."""
        return _stems(self.same)

    def closely(self) -> tuple[str, ...]:
        """And compounds with it, and what it may have been meant to be."""
        return _stems(self.same + self.near + self.compounds)

    def widely(self) -> tuple[str, ...]:
        """And words that it is a compound of."""
        return _stems(self.same + self.near + self.compounds + self.parts)


def _stems(known: tuple[Known, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.stem for one in known))


def meanings(words: Mapping[str, str]) -> tuple[Meaning, ...]:
    """The meanings of these words (stem → as typed), in two statements however many there are."""
    parts = {stem: _ends(stem) for stem in words}
    known = _known({*words, *(part for ends in parts.values() for part in ends)})
    candidates = _candidates(list(words))
    return tuple(_meaning(stem, typed, known, parts[stem], candidates[stem]) for stem, typed in words.items())


def _meaning(stem: str, typed: str, known: Mapping[str, Known], parts: list[str], candidates: list[Known]) -> Meaning:
    same = (known[stem],) if stem in known else ()
    long_enough = len(stem) >= SHORTEST
    compounds = [one for one in candidates if long_enough and stem in one.stem and one.stem != stem]
    return Meaning(
        typed=typed,
        same=same,
        near=() if same or compounds or not long_enough else tuple(_nearest(stem, candidates)),
        compounds=tuple(compounds[:MOST_COMPOUNDS]),
        parts=() if same else tuple(known[part] for part in parts if part in known),
    )


def _nearest(stem: str, candidates: list[Known]) -> list[Known]:
    """The most alike, and those about as alike."""
    scored = sorted(((likeness(stem, one.stem), one) for one in candidates), key=lambda pair: (-pair[0], pair[1].stem))
    alike = [(score, one) for score, one in scored if score >= ALIKE]
    return [one for score, one in alike[:MOST_NEAR] if score >= alike[0][0] - ABOUT_AS_ALIKE]


def _ends(stem: str) -> list[str]:
    """Beginnings and ends that may be words of their own, the longest first."""
    cuts = range(SHORTEST, len(stem) - SHORTEST + 1)
    return sorted({*(stem[:cut] for cut in cuts), *(stem[-cut:] for cut in cuts)}, key=len, reverse=True)


def _known(stems: set[str]) -> dict[str, Known]:
    rows = db.session.execute(select(Word.stem, Word.spelling).where(Word.stem.in_(stems)))
    return {stem: Known(stem, spelling) for stem, spelling in rows}


def _candidates(stems: list[str]) -> dict[str, list[Known]]:
    """For each stem those of the index that share the most trigrams with it."""
    wanted = union_all(*(_sharing(number, stem) for number, stem in enumerate(stems))).subquery()
    statement = select(wanted.c.number, Word.stem, Word.spelling).join(Word, Word.stem == wanted.c.stem)
    found: dict[str, list[Known]] = {stem: [] for stem in stems}
    for number, stem, spelling in db.session.execute(statement.order_by(wanted.c.shared.desc(), Word.stem)):
        found[stems[number]].append(Known(stem, spelling))
    return found


def _sharing(number: int, stem: str) -> Select[tuple[int, str, int]]:
    letters = trigrams(stem)
    shared = func.count()
    statement = (
        select(literal(number).label("number"), Trigram.stem, shared.label("shared"))
        .where(Trigram.letters.in_(sorted(letters)))
        .group_by(Trigram.stem)
        .having(shared * 2 >= len(letters))
        .order_by(shared.desc(), Trigram.stem)
        .limit(MOST_CANDIDATES)
    )
    return select(statement.subquery())

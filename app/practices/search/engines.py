"""The one difference between the databases: how each finds and ranks documents that have certain stems.

Both rank alike: documents with every word as it was typed come before those with compounds or corrections, those before
documents with parts of the words, and last come documents that have only some of the words. Within a step a rare word
says more than a frequent one, and a word in the title more than one in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, array

from app.practices.search.meaning import Meaning
from app.practices.search.models import FULL_TEXT, TITLE_MARK, Document, Word

STEP = 10_000
"""Far more than any engine's rank, so that a stricter way of asking always comes before a wider one."""
SOME_WORDS = 4
"""The last step: documents that have only some of the words."""
IN_TITLE, IN_BODY = 8.0, 1.0
"""How much more a word in the title says."""
RANKED_CLOSELY = 100
"""Documents for which PostgreSQL looks how often they have the words, which it must read them for."""


class Engine(Protocol):
    """A database's full-text search."""

    def hits(self, meanings: Sequence[Meaning]) -> Select[Any] | None:
        """``practice_id`` and ``place`` of every document that has one of the words; small places are good."""


def _ways(meaning: Meaning) -> tuple[tuple[str, ...], ...]:
    """The stems that may stand for the word, from the strictest to the widest."""
    return meaning.exactly(), meaning.closely(), meaning.widely()


class SQLite:
    """FTS5, ranked by BM25."""

    def hits(self, meanings: Sequence[Meaning]) -> Select[Any] | None:
        """One ``MATCH`` for each step; a document's place is that of the strictest."""
        steps = [self._matches(number, asked) for number, asked in self._steps(meanings)]
        if not steps:
            return None
        # Materialized: SQLite ranks only where it matches, and must not be talked out of that by its own optimiser.
        found = union_all(*steps).cte("found").prefix_with("MATERIALIZED")
        return select(found.c.practice_id, func.min(found.c.place).label("place")).group_by(found.c.practice_id)

    def _steps(self, meanings: Sequence[Meaning]) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
        seen: list[list[tuple[str, ...]]] = []
        for number, asked in enumerate(zip(*map(_ways, meanings), strict=True), start=1):
            if all(asked) and list(asked) not in seen:
                yield number, list(asked)
            seen.append(list(asked))
        some = tuple(dict.fromkeys(stem for meaning in meanings for stem in meaning.widely()))
        if some and len(meanings) > 1:
            yield SOME_WORDS, [some]

    def _matches(self, step: int, asked: Sequence[Sequence[str]]) -> Select[Any]:
        # Stems are letters and digits only; quoted, none of them is an operator.
        groups = ("(" + " OR ".join(f'"{stem}"' for stem in group) + ")" for group in asked)
        index = table(FULL_TEXT, column("rowid"))
        rank: Any = literal_column(f"bm25({FULL_TEXT}, {IN_TITLE}, {IN_BODY})")
        matching = text(f"{FULL_TEXT} MATCH :asked_{step}").bindparams(**{f"asked_{step}": " AND ".join(groups)})
        return select(index.c.rowid.label("practice_id"), (literal(step * STEP) + rank).label("place")).where(matching)


class PostgreSQL:
    """``tsvector`` and its GIN index, asked stem by stem: so the index alone answers, and no text is unpacked.

    A stem is worth the logarithm of how rare it is, as in BM25. How often a document has it is known to ``ts_rank``
    only, which must read the document: it decides between the best ``RANKED_CLOSELY``.
    """

    def hits(self, meanings: Sequence[Meaning]) -> Select[Any] | None:
        """Each stem's documents by the index, their worth added up, the best of them ranked closely."""
        asked = [
            (stem, word, step)
            for word, meaning in enumerate(meanings)
            for stem, step in _first_steps(meaning).items()
        ]  # fmt: skip
        if not asked:
            return None
        coarse = _coarse(_documents_by_word(asked), len(meanings))
        rank = _closely(list(dict.fromkeys(stem for stem, _word, _step in asked)), coarse.c.practice_id)
        # In a CASE it is computed for the few that need it, however the statement around it is planned.
        close = case((coarse.c.number <= RANKED_CLOSELY, rank), else_=0.0)
        return select(coarse.c.practice_id, (coarse.c.place - close).label("place"))


def _first_steps(meaning: Meaning) -> dict[str, int]:
    """Each stem that may stand for the word, with the first step at which it may."""
    steps: dict[str, int] = {}
    for step, stems in enumerate(_ways(meaning), start=1):
        for stem in stems:
            steps.setdefault(stem, step)
    return steps


def _documents_by_word(asked: Sequence[tuple[str, int, int]]) -> CTE:
    """``practice_id``, ``word``, its strictest ``step`` there and its ``worth``."""
    stems, words, steps = map(list, zip(*asked, strict=True))
    numbers = ARRAY(Integer)
    rows = func.unnest(literal(stems, ARRAY(String)), literal(words, numbers), literal(steps, numbers))
    columns = column("stem", String), column("word", Integer), column("step", Integer)
    wanted = rows.table_valued(*columns).render_derived(name="wanted")
    documents = select(func.count()).select_from(Document).scalar_subquery()
    rarity = func.ln(1 + (documents - Word.used + 0.5) / (Word.used + 0.5))
    places = func.unnest(array(["", TITLE_MARK]), array([IN_BODY, IN_TITLE - IN_BODY])).table_valued(
        column("mark", String), column("factor")
    ).render_derived(name="places")  # fmt: skip
    lexeme = cast("'" + places.c.mark + wanted.c.stem + "'", TSQUERY)
    statement = (
        select(
            Document.practice_id,
            wanted.c.word,
            func.min(wanted.c.step).label("step"),
            func.sum(rarity * places.c.factor).label("worth"),
        )
        .select_from(wanted)
        .join(Word, Word.stem == wanted.c.stem)
        .join(places, literal(True))
        .join(Document, Document.vector.bool_op("@@")(lexeme))
    )
    return statement.group_by(Document.practice_id, wanted.c.word).cte("by_word")


def _coarse(by_word: CTE, words: int) -> CTE:
    step = case((func.count() == words, func.max(by_word.c.step)), else_=SOME_WORDS)
    place = step * STEP - func.sum(by_word.c.worth)
    number = func.row_number().over(order_by=(place, by_word.c.practice_id))
    columns = by_word.c.practice_id, place.label("place"), number.label("number")
    return select(*columns).group_by(by_word.c.practice_id).cte("coarse")


def _closely(stems: Sequence[str], practice_id: ColumnElement[int]) -> ColumnElement[float]:
    query = cast(literal(" | ".join(f"'{stem}'" for stem in stems)), TSQUERY)
    weights: Any = array([literal_column(f"{weight}::real") for weight in (0.0, 0.0, IN_BODY / IN_TITLE, 1.0)])
    # 1: a long text has more words by chance.
    rank = func.ts_rank(weights, Document.vector, query, 1)
    return select(rank).where(Document.practice_id == practice_id).scalar_subquery()


ENGINES: dict[str, Engine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}

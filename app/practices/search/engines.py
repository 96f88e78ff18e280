"""The one difference between the databases: how each finds and ranks documents that have certain stems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, column, func, literal, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import array

from app.practices.search.models import FULL_TEXT, Document

STEP = 10_000
"""Far more than any engine's rank, so that a stricter way of asking always comes before a wider one."""
IN_TITLE, IN_BODY = 8.0, 1.0
"""How much more a word in the title says."""


class Engine(Protocol):
    """A database's full-text search."""

    def matches(self, step: int, asked: Sequence[Sequence[str]]) -> Select[int, Any]:
        """``practice_id`` and ``place`` of every document that has one stem of each group; small places are good."""


class SQLite:
    """FTS5, ranked by BM25."""

    def matches(self, step: int, asked: Sequence[Sequence[str]]) -> Select[int, Any]:
        """By ``MATCH``; its ``bm25`` is the smaller the better."""
        # Stems are letters and digits only; quoted, none of them is an operator.
        groups = ("(" + " OR ".join(f'"{stem}"' for stem in group) + ")" for group in asked)
        index = table(FULL_TEXT, column("rowid"))
        rank: ColumnElement[float] = literal_column(f"bm25({FULL_TEXT}, {IN_TITLE}, {IN_BODY})")
        matching = text(f"{FULL_TEXT} MATCH :asked_{step}").bindparams(**{f"asked_{step}": " AND ".join(groups)})
        place = (literal(step * STEP) + rank).label("place")
        return select(index.c.rowid.label("practice_id"), place).where(matching)


class PostgreSQL:
    """``tsvector`` and ``tsquery``, ranked by ``ts_rank``: our stems, so no configuration of a language is needed."""

    def matches(self, step: int, asked: Sequence[Sequence[str]]) -> Select[int, Any]:
        """By ``@@``; ranks lie between 0 and 1."""
        query = func.to_tsquery(
            literal_column("'simple'::regconfig"),
            " & ".join("(" + " | ".join(f"'{stem}'" for stem in group) + ")" for group in asked),
        )
        weights: Any = array([literal_column(f"{weight}::real") for weight in (0.0, 0.0, IN_BODY / IN_TITLE, 1.0)])
        # 1: a long text has more words by chance.
        rank = func.ts_rank(weights, Document.vector, query, 1)
        place = (literal(step * STEP) - rank).label("place")
        return select(Document.practice_id, place).where(Document.vector.bool_op("@@")(query))


ENGINES: dict[str, Engine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}

"""Keeping the index up with what is published: a practice's stems, and which stems there are at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Text, delete, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import array

from app.database import db
from app.practices.search.models import TITLE_MARK, Document, Trigram, Word
from app.practices.search.words import trigrams, words_of

_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
AT_A_TIME = 500
"""Rows in one statement: SQLite takes a limited number of values."""


def index(practice_id: int, title: str, body: str) -> None:
    """Let the practice be found by these words and no others. Does not commit."""
    in_title, in_body = list(words_of(title)), list(words_of(body))
    before = _stems_of(practice_id)
    spellings = dict(reversed(in_title + in_body))
    _store(practice_id, " ".join(stem for stem, _ in in_title), " ".join(stem for stem, _ in in_body))
    _count({stem: spelling for stem, spelling in spellings.items() if stem not in before})
    _discount(before - spellings.keys())


def forget(practice_id: int) -> None:
    """Let the practice not be found any more. Does not commit."""
    before = _stems_of(practice_id)
    db.session.execute(delete(Document).where(Document.practice_id == practice_id))
    _discount(before)


def _stems_of(practice_id: int) -> set[str]:
    row = db.session.execute(select(Document.title, Document.body).where(Document.practice_id == practice_id)).first()
    return set(" ".join(row).split()) if row else set()


def _store(practice_id: int, title: str, body: str) -> None:
    values: dict[str, Any] = {"title": title, "body": body}
    if db.engine.dialect.name == "postgresql":
        marked: Any = array([TITLE_MARK + stem for stem in title.split()], type_=Text)
        values["vector"] = _weighted(title, "A").op("||")(_weighted(body, "B")).op("||")(func.array_to_tsvector(marked))
    there = update(Document).where(Document.practice_id == practice_id).values(**values)
    if not db.session.execute(there).rowcount:  # type: ignore[attr-defined]
        db.session.execute(_insert(Document).values(practice_id=practice_id, **values))


def _weighted(stems: str, weight: str) -> Any:
    return func.setweight(func.to_tsvector(literal_column("'simple'::regconfig"), stems), literal_column(f"'{weight}'"))


def _count(spellings: Mapping[str, str]) -> None:
    """One more practice has each of these stems. In their order, so that two of us cannot wait for each other."""
    there = set(db.session.scalars(select(Word.stem).where(Word.stem.in_(spellings))))
    rows = [{"stem": stem, "spelling": spelling, "used": 1} for stem, spelling in sorted(spellings.items())]
    for some in _pieces(rows):
        statement = _insert(Word).values(some)
        more = {"used": Word.used + 1}
        db.session.execute(statement.on_conflict_do_update(index_elements=["stem"], set_=more))
    new = sorted(spellings.keys() - there)
    letters = [{"letters": three, "stem": stem} for stem in new for three in sorted(trigrams(stem))]
    for some in _pieces(letters):
        db.session.execute(_insert(Trigram).values(some).on_conflict_do_nothing())


def _discount(stems: Iterable[str]) -> None:
    for some in _pieces(sorted(stems)):
        last = Word.stem.in_(some) & (Word.used == 1)
        quietly = {"synchronize_session": False}
        db.session.execute(delete(Word).where(last), execution_options=quietly)
        fewer = update(Word).where(Word.stem.in_(some)).values(used=Word.used - 1)
        db.session.execute(fewer, execution_options=quietly)


def _pieces(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[start : start + AT_A_TIME] for start in range(0, len(rows), AT_A_TIME))


def _insert(model: Any) -> Any:
    return _INSERT[db.engine.dialect.name](model)

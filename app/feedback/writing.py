"""Writing responses into the database, as many at once as stand in line, on the driver's own cursor.

SQLite takes them one by one within one transaction: a statement costs next to nothing there, and it has one writer at a
time, so that nobody closes a round in between. PostgreSQL takes the whole line in a single statement: one way there and
back, and one reading of all the rules that a row has to keep.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import current_app
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

from app.database import WRITER, db
from app.feedback import statements
from app.writer import Writer

Outcome = Literal["new", "known", "refused"]
"""What came of a response: stored now, stored before, or not taken by its round."""


class CodeNotFitting(Exception):
    """No such access code, or one that is used: which of the two is told to nobody."""


@dataclass(frozen=True)
class Writing:
    """A response on its way into the database.

    ``response`` holds its columns and when its form was opened (``issued_at``, ``issued_on``), ``texts`` the columns of
    its free texts, ``code`` the digest of the access code that it uses up, or nothing.
    """

    response: Mapping[str, Any]
    texts: Sequence[Mapping[str, Any]] = ()
    code: str = ""


def write(line: Sequence[Writing]) -> list[Outcome]:
    """Write all of them in one transaction and say what came of each.

    Where the connection was lost, it is tried once more on a new one: what was stored all the same is known then.
    Raises ``CodeNotFitting``, and what the driver raises as SQLAlchemy does; then nothing is written.
    """
    try:
        return _write(line)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _write(line)


def _write(line: Sequence[Writing]) -> list[Outcome]:
    dialect = db.engine.dialect
    with_codes = any(writing.code for writing in line)
    writer: Writer = current_app.extensions[WRITER]
    with writer.cursor(one_statement=not with_codes) as cursor:
        if dialect.name == "postgresql" and not with_codes:
            return _write_at_once(cursor, dialect, line)
        return [_write_one(cursor, dialect, writing) for writing in line]


def _write_one(cursor: Any, dialect: Dialect, writing: Writing) -> Outcome:
    if dialect.name == "postgresql":
        [outcome] = _write_at_once(cursor, dialect, [writing])
    else:
        outcome = _write_by_steps(cursor, dialect, writing)
    if writing.code and outcome == "new":
        key = {name: writing.response[name] for name in ("round_id", "municipality_ags")}
        if statements.redemption(dialect).run(cursor, {"digest": writing.code, **key}) != 1:
            raise CodeNotFitting
    return outcome


def _write_by_steps(cursor: Any, dialect: Dialect, writing: Writing) -> Outcome:
    statements.collects(dialect).run(cursor, writing.response)
    if cursor.fetchone() is None or statements.response(dialect).run(cursor, writing.response) != 1:
        return _known_or_refused(cursor, dialect, writing)
    for text in writing.texts:
        statements.text(dialect).run(cursor, text)
    return "new"


def _write_at_once(cursor: Any, dialect: Dialect, line: Sequence[Writing]) -> list[Outcome]:
    """Of a form that stands in line twice, the first counts."""
    first = {writing.response["id"]: writing for writing in reversed(line)}
    texts = [{**text, "response_id": id} for id, writing in first.items() for text in writing.texts]
    responses = [writing.response for writing in first.values()]
    statements.line(dialect).run(cursor, {"responses": _as_json(responses), "texts": _as_json(texts)})
    new = {id for (id,) in cursor.fetchall()}
    return [
        "new"
        if writing.response["id"] in new and first[writing.response["id"]] is writing
        else _known_or_refused(cursor, dialect, writing)
        for writing in line
    ]


def _known_or_refused(cursor: Any, dialect: Dialect, writing: Writing) -> Outcome:
    statements.stored(dialect).run(cursor, writing.response)
    return "refused" if cursor.fetchone() is None else "known"


def _as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_as_text)


def _as_text(value: dt.date) -> str:
    """A day, or a moment in UTC without its time zone, as columns have it."""
    return (value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value).isoformat()

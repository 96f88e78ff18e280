"""Storing one response: a single transaction that asks once more whether the round still takes answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Dialect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    column,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import Insert

from app.database import UtcDateTime, db
from app.feedback.driver import Compiled, compiled
from app.feedback.models import AccessCode, Comment, Response
from app.feedback.together import store_in_line
from app.feedback.tokens import FormToken
from app.rounds.lifecycle import today
from app.rounds.models import Participation, Round
from questionnaires.answers import Submission


class NoLongerCollecting(Exception):
    """The round was closed, or the municipality taken out of it, while the form was being filled in."""


class CodeNotFitting(Exception):
    """No such access code, or one that is used: which of the two is told to nobody."""


def store(
    token: FormToken,
    submission: Submission,
    language: str,
    doubt: str = "",
    comment_ids: Sequence[str] | None = None,
) -> bool:
    """Store the response and its free texts, all or nothing; True if it is new, False if it was there already.

    ``comment_ids`` are the keys of the texts for whoever wants to take a paper sheet back; random by default.

    An access code is marked used in the same transaction. Raises ``NoLongerCollecting`` if the round does not take
    this municipality's answers (any more), ``CodeNotFitting`` if somebody else used the code; then nothing is stored.
    """
    key = {"round_id": token.round_id, "municipality_ags": token.municipality_ags}
    response = {
        "day": today(),
        "language": language,
        "channel": token.channel,
        "ratings": submission.ratings,
        "profile": submission.profile,
        "state": "held" if doubt else "counted",
        "doubt": doubt,
    }
    when = {"issued_at": token.issued_at, "issued_on": token.issued_on}
    values = {**key, "id": token.response_id, **response, **when}
    texts = [
        {**key, "id": id, "question": comment.question, "text": comment.text, "doubtful": bool(doubt)}
        for id, comment in zip(comment_ids or _random_keys(submission), submission.comments, strict=True)
    ]
    dialect = db.engine.dialect
    return store_in_line(lambda cursor: _store(cursor, dialect, token, values, texts), one_statement=not token.code)


def _random_keys(submission: Submission) -> list[str]:
    """Each text gets a random key of its own: which response it came with is recorded nowhere."""
    return [str(uuid.uuid4()) for _ in submission.comments]


def _store(
    cursor: Any, dialect: Dialect, token: FormToken, response: Mapping[str, Any], texts: Sequence[Mapping[str, Any]]
) -> bool:
    is_new = _add(cursor, dialect, response, texts)
    if is_new:
        _redeem(cursor, dialect, token)
    elif not _is_stored(cursor, dialect, response):
        raise NoLongerCollecting
    return is_new


def _redeem(cursor: Any, dialect: Dialect, token: FormToken) -> None:
    """Mark the code of the form used, and nothing else; ``CodeNotFitting`` if it is already."""
    if not token.code:
        return
    key = {"digest": token.code, "round_id": token.round_id, "municipality_ags": token.municipality_ags}
    if _redemption(dialect).run(cursor, key) != 1:
        raise CodeNotFitting


def _is_stored(cursor: Any, dialect: Dialect, response: Mapping[str, Any]) -> bool:
    _stored(dialect).run(cursor, response)
    return cursor.fetchone() is not None


def was_open_for(token: FormToken) -> ColumnElement[bool]:
    """Whether a round was open when the form was, and takes it although it has ended since."""
    return _was_open(token.issued_at, token.issued_on)


def _was_open(issued_at: Any, issued_on: Any) -> ColumnElement[bool]:
    """The form itself is valid for a day; so long a round waits for it, unless a release was built meanwhile."""
    ended_since = or_(Round.state == "open", and_(Round.late_answers, Round.closed_at > issued_at))
    return and_(ended_since, Round.opens <= issued_on, Round.closes >= issued_on)


COLUMNS: dict[str, Any] = {
    "round_id": Integer,
    "municipality_ags": String,
    "id": String,
    "day": Date,
    "language": String,
    "channel": String,
    "ratings": String,
    "profile": String,
    "state": String,
    "doubt": String,
}


def _row() -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name, type_=type_) for name, type_ in COLUMNS.items()}


def _collecting(*columns: ColumnElement[Any]) -> Select[Any]:
    """These columns, once if the round takes responses of the municipality on this day, else not at all."""
    row = _row()
    return (
        select(*columns)
        .select_from(Participation)
        .join(Round, Round.id == Participation.round_id)
        .where(
            Participation.round_id == row["round_id"],
            Participation.municipality_ags == row["municipality_ags"],
            or_(
                and_(Round.state == "open", Round.opens <= row["day"], Round.closes >= row["day"]),
                _was_open(bindparam("issued_at", type_=UtcDateTime), bindparam("issued_on", type_=Date)),
            ),
        )
    )


def _where_collecting() -> Insert:
    """Insert one response where its round collects, unless it is there already.

    The check and the insertion are one statement, and the shared lock keeps the round from being closed in between.
    """
    row = _row()
    found = _collecting(*(value.label(name) for name, value in row.items())).with_for_update(read=True, of=Round)
    return postgresql.insert(Response).from_select(list(row), found).on_conflict_do_nothing()


def _with_texts(response: Insert) -> Any:
    """The response and, if it is new, its texts in one statement: one way to PostgreSQL and back instead of three."""
    new = response.returning(Response.id).cte("new")
    text = (
        func.unnest(
            bindparam("ids", type_=ARRAY(String)),
            bindparam("questions", type_=ARRAY(String)),
            bindparam("texts", type_=ARRAY(String)),
        )
        .table_valued(*(column(name, String) for name in ("id", "question", "text")))
        .render_derived(name="text")
    )
    told = insert(Comment).from_select(
        ["round_id", "municipality_ags", "id", "question", "text", "state", "doubtful"],
        select(
            bindparam("round_id", type_=Integer),
            bindparam("municipality_ags", type_=String),
            *text.c,
            literal("unread"),
            bindparam("doubtful", type_=Boolean),
        ).select_from(text.join(new, true())),
    )
    return select(func.count()).select_from(new).add_cte(told.cte("told"))


@cache
def _collects(dialect: Dialect) -> Compiled:
    return compiled(_collecting(literal(1)), dialect)


@cache
def _response(dialect: Dialect) -> Compiled:
    return compiled(sqlite.insert(Response).values(_row()).on_conflict_do_nothing(), dialect)


@cache
def _response_with_texts(dialect: Dialect) -> Compiled:
    return compiled(_with_texts(_where_collecting()), dialect)


@cache
def _text(dialect: Dialect) -> Compiled:
    given = ("round_id", "municipality_ags", "id", "question", "text", "doubtful")
    comment = insert(Comment).values({name: bindparam(name) for name in given} | {"state": "unread"})
    return compiled(comment, dialect)


@cache
def _stored(dialect: Dialect) -> Compiled:
    key = [getattr(Response, name) == bindparam(name) for name in ("round_id", "municipality_ags", "id")]
    return compiled(select(Response.id).where(*key), dialect)


@cache
def _redemption(dialect: Dialect) -> Compiled:
    names = ("digest", "round_id", "municipality_ags")
    unused = update(AccessCode).where(*(getattr(AccessCode, name) == bindparam(name) for name in names))
    return compiled(unused.where(~AccessCode.used).values(used=True), dialect)


def _add(cursor: Any, dialect: Dialect, response: Mapping[str, Any], texts: Sequence[Mapping[str, Any]]) -> bool:
    """Insert the response and, if it is new, its texts; whether it is."""
    if dialect.name == "postgresql":
        columns = {f"{name}s": [text[name] for text in texts] for name in ("id", "question", "text")}
        _response_with_texts(dialect).run(cursor, {**response, **columns, "doubtful": bool(response["doubt"])})
        return bool(cursor.fetchone()[0])
    # SQLite has one writer at a time: nobody closes the round between the question and the insertion.
    _collects(dialect).run(cursor, response)
    is_new = cursor.fetchone() is not None and _response(dialect).run(cursor, response) == 1
    for text in texts if is_new else ():
        _text(dialect).run(cursor, text)
    return is_new

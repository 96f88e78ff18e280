"""Storing one response: a single transaction that asks once more whether the round still takes answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    Integer,
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

from app.database import UtcDateTime
from app.feedback.driver import Compiled, compiled
from app.feedback.models import AccessCode, Comment, Response
from app.feedback.together import store_in_line
from app.feedback.tokens import FormToken
from app.rounds.lifecycle import today
from app.rounds.models import Participation, Round
from questionnaires.answers import Submission

_INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


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
    return store_in_line(lambda connection: _store(connection, token, values, texts))


def _random_keys(submission: Submission) -> list[str]:
    """Each text gets a random key of its own: which response it came with is recorded nowhere."""
    return [str(uuid.uuid4()) for _ in submission.comments]


def _store(
    connection: Connection, token: FormToken, response: Mapping[str, Any], texts: Sequence[Mapping[str, Any]]
) -> bool:
    is_new = _add(connection, response, texts)
    if is_new:
        _redeem(connection, token)
    elif not _is_stored(connection, token):
        raise NoLongerCollecting
    return is_new


def _redeem(connection: Connection, token: FormToken) -> None:
    """Mark the code of the form used, and nothing else; ``CodeNotFitting`` if it is already."""
    if not token.code:
        return
    unused = update(AccessCode).where(
        AccessCode.digest == token.code,
        AccessCode.round_id == token.round_id,
        AccessCode.municipality_ags == token.municipality_ags,
        ~AccessCode.used,
    )
    if connection.execute(unused.values(used=True)).rowcount != 1:
        raise CodeNotFitting


def _is_stored(connection: Connection, token: FormToken) -> bool:
    found = select(Response.id).where(
        Response.round_id == token.round_id,
        Response.municipality_ags == token.municipality_ags,
        Response.id == token.response_id,
    )
    return connection.scalar(found) is not None


def was_open_for(token: FormToken) -> ColumnElement[bool]:
    """Whether a round was open when the form was, and takes it although it has ended since."""
    return _was_open(token.issued_at, token.issued_on)


def _was_open(issued_at: Any, issued_on: Any) -> ColumnElement[bool]:
    """The form itself is valid for a day; so long a round waits for it, unless a release was built meanwhile."""
    ended_since = or_(Round.state == "open", and_(Round.late_answers, Round.closed_at > issued_at))
    return and_(ended_since, Round.opens <= issued_on, Round.closes >= issued_on)


def _statement(dialect: str) -> Insert:
    """Insert one response where its round is open on its day, unless it is there already.

    The check and the insertion are one statement: the shared lock keeps the round from being closed in between on
    PostgreSQL; SQLite has one writer at a time anyway.
    """
    row: dict[str, BindParameter[Any]] = {
        "round_id": bindparam("round_id", type_=Integer),
        "municipality_ags": bindparam("municipality_ags", type_=String),
        "id": bindparam("id", type_=String),
        "day": bindparam("day", type_=Date),
        "language": bindparam("language", type_=String),
        "channel": bindparam("channel", type_=String),
        "ratings": bindparam("ratings", type_=String),
        "profile": bindparam("profile", type_=String),
        "state": bindparam("state", type_=String),
        "doubt": bindparam("doubt", type_=String),
    }
    collecting = (
        select(*(value.label(name) for name, value in row.items()))
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
        .with_for_update(read=True, of=Round)
    )
    return _INSERTS[dialect](Response).from_select(list(row), collecting).on_conflict_do_nothing()


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
def _response(dialect: Dialect) -> Compiled:
    return compiled(_statement(dialect.name), dialect)


@cache
def _response_with_texts(dialect: Dialect) -> Compiled:
    return compiled(_with_texts(_statement(dialect.name)), dialect)


@cache
def _text(dialect: Dialect) -> Compiled:
    given = ("round_id", "municipality_ags", "id", "question", "text", "doubtful")
    comment = insert(Comment).values({name: bindparam(name) for name in given} | {"state": "unread"})
    return compiled(comment, dialect)


def _add(connection: Connection, response: Mapping[str, Any], texts: Sequence[Mapping[str, Any]]) -> bool:
    """Insert the response and, if it is new, its texts; whether it is."""
    dialect = connection.dialect
    if dialect.name == "postgresql":
        columns = {f"{name}s": [text[name] for text in texts] for name in ("id", "question", "text")}
        values = {**response, **columns, "doubtful": bool(response["doubt"])}
        return bool(_response_with_texts(dialect).run(connection, values).scalar_one())
    is_new = _response(dialect).run(connection, response).rowcount == 1
    for text in texts if is_new else ():
        _text(dialect).run(connection, text)
    return is_new

"""Storing one response: a single transaction that asks once more whether the round still takes answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, Connection, Date, Integer, String, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from app.database import db
from app.feedback.models import Comment, Response
from app.feedback.tokens import FormToken
from app.rounds.lifecycle import today
from app.rounds.models import Participation, Round
from questionnaires.answers import Submission
from questionnaires.comments import Comment as FreeText

CHANNEL = "open"
_INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class NoLongerCollecting(Exception):
    """The round was closed, or the municipality taken out of it, while the form was being filled in."""


def store(token: FormToken, submission: Submission, language: str) -> bool:
    """Store the response and its free texts, all or nothing; True if it is new, False if it was there already.

    Raises ``NoLongerCollecting``, and stores nothing, if the round does not take this municipality's answers today.
    """
    key = {"round_id": token.round_id, "municipality_ags": token.municipality_ags}
    response = {
        "day": today(),
        "language": language,
        "channel": CHANNEL,
        "ratings": submission.ratings,
        "profile": submission.profile,
    }
    with db.engine.begin() as connection:
        statement = _STATEMENTS[connection.dialect.name]
        is_new = connection.execute(statement, {**key, "id": token.response_id, **response}).rowcount == 1
        if is_new:
            _store_comments(connection, key, submission.comments)
        elif not _is_stored(connection, token):
            raise NoLongerCollecting
    return is_new


def _store_comments(connection: Connection, key: dict[str, Any], comments: tuple[FreeText, ...]) -> None:
    """Each text under a random key of its own: which response it came with is recorded nowhere."""
    rows = [
        {**key, "id": str(uuid.uuid4()), "question": comment.question, "text": comment.text, "state": "unread"}
        for comment in comments
    ]
    if rows:
        connection.execute(insert(Comment), rows)


def _is_stored(connection: Connection, token: FormToken) -> bool:
    found = select(Response.id).where(
        Response.round_id == token.round_id,
        Response.municipality_ags == token.municipality_ags,
        Response.id == token.response_id,
    )
    return connection.scalar(found) is not None


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
    }
    collecting = (
        select(*(value.label(name) for name, value in row.items()))
        .select_from(Participation)
        .join(Round, Round.id == Participation.round_id)
        .where(
            Participation.round_id == row["round_id"],
            Participation.municipality_ags == row["municipality_ags"],
            Round.state == "open",
            Round.opens <= row["day"],
            Round.closes >= row["day"],
        )
        .with_for_update(read=True, of=Round)
    )
    return _INSERTS[dialect](Response).from_select(list(row), collecting).on_conflict_do_nothing()


_STATEMENTS = {dialect: _statement(dialect) for dialect in _INSERTS}

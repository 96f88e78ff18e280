"""The statements by which responses get into the database, each compiled once for its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Integer,
    Select,
    String,
    TableValuedAlias,
    Text,
    and_,
    bindparam,
    cast,
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

from app.database import UtcDateTime
from app.feedback.driver import Compiled, compiled
from app.feedback.models import AccessCode, Comment, Response
from app.rounds.models import Participation, Round

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
TEXT_COLUMNS: dict[str, Any] = {
    "round_id": Integer,
    "municipality_ags": String,
    "id": String,
    "question": String,
    "text": String,
    "doubtful": Boolean,
}
KEY = ("round_id", "municipality_ags", "id")


def was_open(issued_at: Any, issued_on: Any) -> ColumnElement[bool]:
    """Whether a round was open when a form was, and takes it although it has ended since.

    The form itself is valid for a day; so long a round waits for it, unless a release was built meanwhile.
    """
    ended_since = or_(Round.state == "open", and_(Round.late_answers, Round.closed_at > issued_at))
    return and_(ended_since, Round.opens <= issued_on, Round.closes >= issued_on)


@cache
def collects(dialect: Dialect) -> Compiled:
    """Find out whether the round of one response takes it."""
    row: dict[str, Any] = {
        name: bindparam(name, type_=COLUMNS[name]) for name in ("round_id", "municipality_ags", "day")
    }
    issued = {"issued_at": bindparam("issued_at", type_=UtcDateTime), "issued_on": bindparam("issued_on", type_=Date)}
    return compiled(_collecting(select(literal(1)).select_from(Participation), row | issued), dialect)


@cache
def response(dialect: Dialect) -> Compiled:
    """Insert one response unless it is there already; by itself, because SQLite is slow at INSERT … SELECT."""
    row = {name: bindparam(name, type_=type_) for name, type_ in COLUMNS.items()}
    return compiled(sqlite.insert(Response).values(row).on_conflict_do_nothing(), dialect)


@cache
def text(dialect: Dialect) -> Compiled:
    """Insert one free text."""
    values: dict[str, Any] = {name: bindparam(name) for name in TEXT_COLUMNS}
    return compiled(insert(Comment).values(values | {"state": "unread"}), dialect)


@cache
def line(dialect: Dialect) -> Compiled:
    """Insert all ``responses`` whose round collects and that are not there, with their ``texts``; gives their keys.

    Both are JSON. The shared lock keeps a round from being closed in between.
    """
    sent = _rows("responses", COLUMNS | {"issued_at": DateTime, "issued_on": Date})
    values = select(*(sent.c[name] for name in COLUMNS)).select_from(sent).join(Participation, true())
    taken = _collecting(values, dict(sent.c)).with_for_update(read=True, of=Round)
    new = (
        postgresql.insert(Response)
        .from_select(list(COLUMNS), taken)
        .on_conflict_do_nothing()
        .returning(Response.id)
        .cte("new")
    )
    said = _rows("texts", TEXT_COLUMNS | {"response_id": String})
    told = insert(Comment).from_select(
        [*TEXT_COLUMNS, "state"],
        select(*(said.c[name] for name in TEXT_COLUMNS), literal("unread")).join(new, new.c.id == said.c.response_id),
    )
    return compiled(select(new.c.id).add_cte(told.cte("told")), dialect)


@cache
def stored(dialect: Dialect) -> Compiled:
    """Find one response by its key."""
    key = [getattr(Response, name) == bindparam(name) for name in KEY]
    return compiled(select(Response.id).where(*key), dialect)


@cache
def redemption(dialect: Dialect) -> Compiled:
    """Mark an access code used that is not."""
    names = ("digest", "round_id", "municipality_ags")
    unused = update(AccessCode).where(*(getattr(AccessCode, name) == bindparam(name) for name in names))
    return compiled(unused.where(~AccessCode.used).values(used=True), dialect)


def _collecting(found: Select[Any], row: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    """What is found, once if its round takes the response in ``row`` on its day, else not at all."""
    open_on_the_day = and_(Round.state == "open", Round.opens <= row["day"], Round.closes >= row["day"])
    return found.join(Round, Round.id == Participation.round_id).where(
        Participation.round_id == row["round_id"],
        Participation.municipality_ags == row["municipality_ags"],
        or_(open_on_the_day, was_open(row["issued_at"], row["issued_on"])),
    )


def _rows(parameter: str, columns: Mapping[str, Any]) -> TableValuedAlias:
    """The rows that a parameter holds as JSON."""
    rows = func.json_to_recordset(cast(bindparam(parameter, type_=Text), JSON))
    named = rows.table_valued(*(column(name, type_) for name, type_ in columns.items()))
    return named.render_derived(name=f"sent_{parameter}", with_types=True)

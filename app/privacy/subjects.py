"""Everything that is stored about one account, for its owner to read; and erasing it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import Column, Table, delete, or_, select

from app.accounts.management import account_subject
from app.accounts.models import User
from app.audit import record
from app.audit.erasing import erase_account
from app.database import Model, db, now
from app.outbox.models import BouncedAddress, OutgoingMail
from app.personal import processing_of

NOT_GIVEN_OUT = "(gespeichert, aber nicht lesbar)"


def points_to_account(column: Column[Any]) -> bool:
    """Whether a column names an account: by foreign key, or by number where the account may be gone."""
    return column.name == "user_id" or any(key.column.table.name == User.__tablename__ for key in column.foreign_keys)


def everything_about(user: User) -> dict[str, Any]:
    """The account and every row of every table that names it, table by table, as plain values."""
    tables = {table.name: _rows(table, user) for table in Model.metadata.sorted_tables}
    return {
        "erklaerung": "Alles, was der Willkommenskompass zu diesem Konto gespeichert hat, nach Tabellen geordnet.",
        "stand": now().isoformat(),
        "daten": {name: rows for name, rows in tables.items() if rows},
    }


def as_json(content: dict[str, Any]) -> str:
    """Indented, with characters as they are: for people, and for programs."""
    return json.dumps(content, ensure_ascii=False, indent=2)


def erase(user: User) -> None:
    """Delete an account and whatever names its owner; the work stays with the municipality. Does not commit.

    In the audit log it stays that something was done, when, and in which role.
    """
    record("account.erased", account_subject(user), municipality=user.municipality_ags)
    erase_account(user.id)
    theirs = or_(OutgoingMail.user_id == user.id, OutgoingMail.recipient == user.email)
    db.session.execute(delete(OutgoingMail).where(theirs))
    bounced = or_(BouncedAddress.user_id == user.id, BouncedAddress.address == user.email.lower())
    db.session.execute(delete(BouncedAddress).where(bounced))
    db.session.delete(user)
    db.session.flush()


def _rows(table: Table, user: User) -> list[dict[str, Any]]:
    if table.name == User.__tablename__:
        conditions = [table.c.id == user.id]
    else:
        conditions = [column == user.id for column in table.columns if points_to_account(column)]
    if not conditions:
        return []
    found = db.session.execute(select(table).where(or_(*conditions))).mappings()
    return [{column.name: _value(column, row[column]) for column in table.columns} for row in found]


def _value(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if processing_of(column) and column.info.get("secret"):
        return NOT_GIVEN_OUT
    return value.isoformat() if isinstance(value, dt.date) else str(value)

"""Erasing parts of entries: after their time, or with the account they are about. The chain stays as it is."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, exists, insert, literal, select

from app.audit.models import ACCOUNT_ERASED, RETENTION, AuditEntry, AuditErasure, AuditPart
from app.audit.recording import leave_out
from app.database import db, now


def erase_older(part: str, before: dt.datetime) -> int:
    """Erase that part of every entry from before the moment; returns how many went. Does not commit."""
    old = AuditPart.entry_number.in_(select(AuditEntry.number).where(AuditEntry.at < before))
    return _erase((AuditPart.part == part) & old, RETENTION)


def erase_account(user_id: int) -> int:
    """Erase who an account's owner was and what changed about the account; what they did stays. Does not commit."""
    leave_out(user_id)
    return _erase(AuditPart.user_id == user_id, ACCOUNT_ERASED)


def _erase(which: ColumnElement[bool], reason: str) -> int:
    """First the line that says so, without which the database refuses; then the part itself."""
    gone = select(AuditPart.entry_number, AuditPart.part, literal(reason), literal(now(), AuditErasure.at.type))
    columns = ["entry_number", "part", "reason", "at"]
    db.session.execute(insert(AuditErasure).from_select(columns, gone.where(which)))
    announced = exists().where(AuditErasure.entry_number == AuditPart.entry_number, AuditErasure.part == AuditPart.part)
    result = db.session.execute(delete(AuditPart).where(announced).execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]

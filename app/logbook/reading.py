"""Reading the audit log: filtered, a page at a time from the newest back, and turned into words."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.names import ROLE_NAMES
from app.audit.models import WHAT, WHO, AuditEntry
from app.audit.recording import SYSTEM
from app.audit.vocabulary import ACTIONS, FIELDS, SUBJECTS
from app.database import REGION_TIME, db
from app.web.formats import MISSING

ON_A_PAGE = 50
YEARS = range(1970, 9000)
"""Days outside narrow nothing: no entry lies there, and not every clock can say them."""


@dataclass(frozen=True)
class Wish:
    """Which entries are wanted; what is ``None`` or empty narrows nothing. Days are whole days of the region."""

    municipality: str | None = None
    action: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Change:
    """One field with what was and what is."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """An entry as people read it. ``who`` is empty where nobody did it; ``erased`` if that is no longer stored."""

    number: int
    at: dt.datetime
    action: str
    subject: str
    municipality: str
    role: str
    who: str
    erased: bool
    changes: tuple[Change, ...]


def page(wish: Wish) -> tuple[list[Line], int | None]:
    """The newest lines that fit, and the number from which the next page goes back, ``None`` on the last one."""
    found = _entries(wish)
    lines = [_line(entry) for entry in found[:ON_A_PAGE]]
    return lines, lines[-1].number if len(found) > ON_A_PAGE else None


def _entries(wish: Wish) -> Sequence[AuditEntry]:
    query = select(AuditEntry).where(*_conditions(wish)).order_by(AuditEntry.number.desc()).limit(ON_A_PAGE + 1)
    loaded = query.options(joinedload(AuditEntry.municipality), selectinload(AuditEntry.parts))
    return db.session.scalars(loaded).all()


def _conditions(wish: Wish) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.municipality:
        conditions.append(AuditEntry.municipality_ags == wish.municipality)
    if wish.action:
        conditions.append(AuditEntry.action == wish.action)
    if wish.before:
        conditions.append(AuditEntry.number < wish.before)
    if wish.first and wish.first.year in YEARS:
        conditions.append(AuditEntry.at >= _midnight(wish.first))
    if wish.last and wish.last.year in YEARS:
        conditions.append(AuditEntry.at < _midnight(wish.last + dt.timedelta(days=1)))
    return conditions


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=REGION_TIME)


def _line(entry: AuditEntry) -> Line:
    parts = {part.part: json.loads(part.content) for part in entry.parts}
    kind = str(SUBJECTS.get(entry.subject_kind, entry.subject_kind))
    return Line(
        number=entry.number,
        at=entry.at,
        action=str(ACTIONS.get(entry.action, entry.action)),
        subject=f"{kind} {entry.subject_key}",
        municipality=entry.municipality.name if entry.municipality else "",
        role=_role(entry.role),
        who=_person(parts.get(WHO)),
        erased=any(getattr(entry, f"{name}_sha256") and name not in parts for name in (WHO, WHAT)),
        changes=_changes(parts.get(WHAT, {})),
    )


def _role(name: str) -> str:
    return _("Dienst") if name == SYSTEM else str(ROLE_NAMES.get(name, ""))


def _person(who: dict[str, Any] | None) -> str:
    if who is None:
        return ""
    return f"{who['function']} ({who['email']})" if who["function"] else str(who["email"])


def _changes(what: dict[str, list[Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(str(FIELDS.get(field, field)), _value(before), _value(after)) for field, (before, after) in what.items()
    )


def _value(value: Any) -> str:
    """A JSON value in words; names of roles as people know them."""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, list):
        return ", ".join(_value(entry) for entry in value) or MISSING
    return MISSING if value in (None, "") else str(ROLE_NAMES.get(value, value))

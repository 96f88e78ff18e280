"""Recording what happened, in the transaction in which it happens: both are stored, or neither is.

Entries are put into the chain just before the commit, when every other row is written. So the lock that keeps the
chain in one line is the last that a transaction takes, is held for a moment only, and can be part of no deadlock.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from flask import has_request_context
from flask_security import current_user
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction

from app.audit import chain
from app.audit.models import LONGEST_KEY, WHAT, WHO, AuditEntry, AuditPart
from app.audit.vocabulary import ACTIONS, FIELDS, SUBJECTS
from app.database import db, now

SYSTEM = "system"
"""The role of entries that nobody made: background work and commands."""
PENDING = "audit-pending"
CHAIN_LOCK = 7_226_017
"""The number of PostgreSQL's advisory lock; any will do that nothing else uses."""


class NotDescribed(KeyError):
    """Something has no words in ``app.audit.vocabulary``, so that nobody could read the entry."""


class Subject(NamedTuple):
    """What something happened to: ``Subject("criterion", "A1.1")``. Neither half may say anything about a person."""

    kind: str
    key: str


@dataclass(frozen=True)
class _Pending:
    """An entry that waits for the commit."""

    values: dict[str, Any]
    parts: tuple[dict[str, Any], ...]
    transaction: SessionTransaction | None


def record(
    action: str,
    subject: Subject,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    municipality: str | None = None,
    actor: Any = None,
    about: int | None = None,
) -> None:
    """Let the log say, once this transaction is committed, that ``action`` was done to ``subject``.

    ``before`` and ``after`` map fields to JSON values; fields that are equal in both are left out. ``municipality`` is
    the AGS of whose business it was: its people read the entry too. ``actor`` is the ``User`` who did it, by default
    the one logged in, in a background job nobody. ``about`` is the id of the account that the change itself is about,
    so that erasing the account erases the details. Raises ``NotDescribed`` for a word that nobody described.
    """
    _check_words(action, subject, {**(before or {}), **(after or {})})
    person = actor or _logged_in()
    values = {
        "at": now(),
        "action": action,
        "subject_kind": subject.kind,
        "subject_key": subject.key[:LONGEST_KEY],
        "municipality_ags": municipality,
        "role": SYSTEM if person is None else person.role_towards(municipality),
    }
    changes = _changes(before or {}, after or {})
    who = None if person is None else {"id": person.id, "email": person.email, "function": person.function}
    parts = (*_part(WHO, who, None if person is None else person.id), *_part(WHAT, changes, about))
    _wait_for_commit(values, parts)


def _wait_for_commit(values: dict[str, Any], parts: tuple[dict[str, Any], ...]) -> None:
    if not db.session.in_transaction():
        db.session.begin()  # Otherwise there would be nothing to roll back, and nothing to forget the entry with.
    transaction = db.session.get_nested_transaction() or db.session.get_transaction()
    db.session.info.setdefault(PENDING, []).append(_Pending(values, parts, transaction))


def leave_out(user_id: int) -> None:
    """Leave parts about an account out of the entries that still wait: who erases it erases those too."""
    waiting = db.session.info.get(PENDING, [])
    for place, pending in enumerate(waiting):
        others = tuple(part for part in pending.parts if part["user_id"] != user_id)
        waiting[place] = replace(pending, parts=others)


def _check_words(action: str, subject: Subject, fields: Mapping[str, Any]) -> None:
    known = ((ACTIONS, (action,)), (SUBJECTS, (subject.kind,)), (FIELDS, tuple(fields)))
    missing = [word for words, used in known for word in used if word not in words]
    if missing:
        raise NotDescribed(f"app.audit.describe knows no words for {', '.join(missing)}")


def _logged_in() -> Any:
    return current_user._get_current_object() if has_request_context() and current_user.is_authenticated else None


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Per field what was and what is; only what differs."""
    fields = sorted(set(before) | set(after))
    return {field: [before.get(field), after.get(field)] for field in fields if before.get(field) != after.get(field)}


def _part(name: str, content: Any, user_id: int | None) -> tuple[dict[str, Any], ...]:
    if not content:
        return ()
    return ({"part": name, "user_id": user_id, "salt": secrets.token_hex(16), "content": chain.canonical(content)},)


def _write(session: Session) -> None:
    """Before the outermost commit: everything else first, then the entries in one line."""
    if session.in_nested_transaction() or not (waiting := session.info.pop(PENDING, [])):
        return
    session.flush()
    number, previous = _last(session)
    for number, pending in enumerate(waiting, start=number + 1):  # noqa: B020 - goes on where the chain ends
        hashes = {f"{part['part']}_sha256": chain.part_sha256(part["salt"], part["content"]) for part in pending.parts}
        values = {"who_sha256": None, "what_sha256": None, **pending.values, **hashes}
        values |= {"number": number, "previous": previous}
        previous = chain.entry_sha256(**values)
        session.execute(insert(AuditEntry).values(**values, sha256=previous))
        for part in pending.parts:
            session.execute(insert(AuditPart).values(entry_number=number, **part))


def _last(session: Session) -> tuple[int, str]:
    """The end of the chain, held until the commit; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    end = select(AuditEntry.number, AuditEntry.sha256).order_by(AuditEntry.number.desc()).limit(1)
    found = session.execute(end).first()
    return (0, chain.START) if found is None else (found[0], found[1])


def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """What is rolled back did not happen: with a savepoint goes what was recorded in it, else everything."""
    waiting = session.info.pop(PENDING, [])
    if rolled_back.nested:
        session.info[PENDING] = [pending for pending in waiting if pending.transaction is not rolled_back]


event.listen(Session, "before_commit", _write)
event.listen(Session, "after_soft_rollback", _forget)

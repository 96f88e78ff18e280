"""Verifying the chain: every entry and every part of one is hashed again, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.audit import chain
from app.audit.models import PARTS, AuditEntry, AuditErasure
from app.database import db

AT_A_TIME = 500


@dataclass(frozen=True)
class Finding:
    """The outcome: how many entries hold together and the hash of the last; ``broken`` says in German where it ends."""

    entries: int
    last: str
    broken: str | None = None


def verify(expected: str = "") -> Finding:
    """Walk the chain; stops at the first entry that was changed, removed, or lost a part that nobody erased.

    ``expected`` is the hash of an entry noted down earlier: if it is no longer in the chain, the end was cut off.
    """
    checked, previous, seen = 0, chain.START, not expected
    for entry, erased in _entries():
        if broken := _mistake(entry, erased, checked + 1, previous):
            return Finding(checked, previous, broken)
        checked, previous = entry.number, entry.sha256
        seen = seen or previous == expected
    missing = f"Die Prüfsumme {expected} steht nicht mehr in der Kette: Nach Eintrag {checked} wurde etwas entfernt."
    return Finding(checked, previous, None if seen else missing)


def _entries() -> Iterator[tuple[AuditEntry, set[str]]]:
    """Every entry in order, with the names of its parts that were erased by rule; a bounded number in memory."""
    number = 0
    while True:
        page = select(AuditEntry).where(AuditEntry.number > number).order_by(AuditEntry.number).limit(AT_A_TIME)
        found = db.session.scalars(page.options(selectinload(AuditEntry.parts))).all()
        if not found:
            return
        erased = _erased(found[0].number, found[-1].number)
        for entry in found:
            yield entry, erased.get(entry.number, set())
        number = found[-1].number
        db.session.expunge_all()


def _erased(first: int, last: int) -> dict[int, set[str]]:
    lines = select(AuditErasure.entry_number, AuditErasure.part).where(AuditErasure.entry_number.between(first, last))
    found: dict[int, set[str]] = {}
    for number, part in db.session.execute(lines):
        found.setdefault(number, set()).add(part)
    return found


def _mistake(entry: AuditEntry, erased: set[str], expected: int, previous: str) -> str | None:
    if entry.number != expected:
        return f"Eintrag {expected} fehlt; auf Eintrag {expected - 1} folgt Eintrag {entry.number}."
    if entry.previous != previous:
        return f"Eintrag {entry.number} schließt nicht an Eintrag {expected - 1} an."
    if entry.sha256 != _hash_of(entry):
        return f"Eintrag {entry.number} wurde nachträglich geändert."
    stored = {part.part: chain.part_sha256(part.salt, part.content) for part in entry.parts}
    for name in PARTS:
        if sentence := _mistake_of_part(entry, name, stored.get(name), name in erased):
            return sentence
    return None


def _mistake_of_part(entry: AuditEntry, name: str, stored: str | None, erased: bool) -> str | None:
    promised = getattr(entry, f"{name}_sha256")
    if stored is None and promised is not None and not erased:
        return f"Zu Eintrag {entry.number} fehlt der Teil »{name}«, ohne dass er nach Regel gelöscht wurde."
    if stored is not None and stored != promised:
        return f"Zu Eintrag {entry.number} wurde der Teil »{name}« nachträglich geändert."
    return None


def _hash_of(entry: AuditEntry) -> str:
    return chain.entry_sha256(
        number=entry.number,
        at=entry.at,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_key=entry.subject_key,
        municipality_ags=entry.municipality_ags,
        role=entry.role,
        who_sha256=entry.who_sha256,
        what_sha256=entry.what_sha256,
        previous=entry.previous,
    )

"""Tables of the audit log. An entry is for ever; who it was and what exactly changed stand apart and can be erased.

The entry itself holds nothing about a person, only the salted SHA-256 of those two parts. So the chain stays
verifiable when a part goes, and the hash that stays behind gives nothing away.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, UtcDateTime, now
from app.personal import AUDIT, personal
from app.region.models import Municipality

WHO, WHAT = "who", "what"
PARTS = (WHO, WHAT)
RETENTION, ACCOUNT_ERASED = "retention", "account"
LONGEST_KEY = 120


class AuditEntry(Model):
    """One thing that happened. ``number`` counts from 1 without a gap; ``previous`` is the SHA-256 of the one before.

    ``role`` is the role in which somebody acted, ``system`` where nobody did; it stays when the person is erased.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_counts"),
        CheckConstraint("length(sha256) = 64 AND length(previous) = 64", name="sha256_length"),
        CheckConstraint("length(action) > 0 AND length(subject_kind) > 0", name="says_what"),
        Index("ix_audit_entry_municipality_ags_number", "municipality_ags", "number"),
        Index("ix_audit_entry_subject", "subject_kind", "subject_key", "number"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipality.ags"))
    role: Mapped[str] = mapped_column(String(40))
    who_sha256: Mapped[str | None] = mapped_column(String(64))
    what_sha256: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)

    municipality: Mapped[Municipality | None] = relationship()
    parts: Mapped[list[AuditPart]] = relationship(viewonly=True)


class AuditPart(Model):
    """What may have to go: ``who`` it was, or ``what`` exactly changed, as canonical JSON with its salt.

    ``user_id`` is the account that a part is about: whose deed it was, or whose account was changed.
    """

    __tablename__ = "audit_part"
    __table_args__ = (
        CheckConstraint("part IN ('who', 'what')", name="part_known"),
        CheckConstraint("length(salt) = 32", name="salt_length"),
        Index("ix_audit_part_user_id", "user_id"),
    )

    entry_number: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("audit_entry.number"), primary_key=True, autoincrement=False
    )
    part: Mapped[str] = mapped_column(String(4), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(info=personal(AUDIT))
    salt: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text, info=personal(AUDIT))


class AuditErasure(Model):
    """Says that a part was erased, when and why. Without such a line, no part can be deleted."""

    __tablename__ = "audit_erasure"
    __table_args__ = (
        CheckConstraint("part IN ('who', 'what')", name="part_known"),
        CheckConstraint("reason IN ('retention', 'account')", name="reason_known"),
    )

    entry_number: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("audit_entry.number"), primary_key=True, autoincrement=False
    )
    part: Mapped[str] = mapped_column(String(4), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


_ANNOUNCED = """EXISTS (SELECT 1 FROM audit_erasure
WHERE audit_erasure.entry_number = OLD.entry_number AND audit_erasure.part = OLD.part)"""


def _sqlite(table: str, change: str, when: str = "") -> str:
    return f"""CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}{when}
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"""


def _postgresql(table: str) -> str:
    return f"""CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION audit_guard()"""


def _postgresql_truncate(table: str) -> str:
    return f"""CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()"""


POSTGRESQL_FUNCTION = f"""CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_part' THEN
  IF {_ANNOUNCED} THEN RETURN OLD; END IF;
END IF;
RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = '23514'; END $$"""

GUARDS: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        "audit_entry": (_sqlite("audit_entry", "UPDATE"), _sqlite("audit_entry", "DELETE")),
        "audit_part": (_sqlite("audit_part", "UPDATE"), _sqlite("audit_part", "DELETE", f" WHEN NOT {_ANNOUNCED}")),
        "audit_erasure": (_sqlite("audit_erasure", "UPDATE"), _sqlite("audit_erasure", "DELETE")),
    },
    "postgresql": {
        "audit_entry": (POSTGRESQL_FUNCTION, _postgresql("audit_entry"), _postgresql_truncate("audit_entry")),
        "audit_part": (_postgresql("audit_part"), _postgresql_truncate("audit_part")),
        "audit_erasure": (_postgresql("audit_erasure"), _postgresql_truncate("audit_erasure")),
    },
}
"""What refuses every change, by engine and table."""


def _guard(table: Table) -> None:
    for engine, by_table in GUARDS.items():
        for statement in by_table[table.name]:
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=engine))


for _model in (AuditEntry, AuditPart, AuditErasure):
    _guard(Model.metadata.tables[_model.__tablename__])

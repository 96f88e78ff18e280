"""The audit log: append-only tables and what refuses to change them

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDS = {
    "sqlite": (
        """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_part_no_update BEFORE UPDATE ON audit_part
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_part_no_delete BEFORE DELETE ON audit_part WHEN NOT EXISTS (SELECT 1 FROM audit_erasure
WHERE audit_erasure.entry_number = OLD.entry_number AND audit_erasure.part = OLD.part)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_erasure_no_update BEFORE UPDATE ON audit_erasure
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_erasure_no_delete BEFORE DELETE ON audit_erasure
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_part' THEN
  IF EXISTS (SELECT 1 FROM audit_erasure
WHERE audit_erasure.entry_number = OLD.entry_number AND audit_erasure.part = OLD.part) THEN RETURN OLD; END IF;
END IF;
RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = '23514'; END $$""",
        """CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_guard()""",
        """CREATE TRIGGER audit_entry_stays BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()""",
        """CREATE TRIGGER audit_part_guard BEFORE UPDATE OR DELETE ON audit_part
FOR EACH ROW EXECUTE FUNCTION audit_guard()""",
        """CREATE TRIGGER audit_part_stays BEFORE TRUNCATE ON audit_part
FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()""",
        """CREATE TRIGGER audit_erasure_guard BEFORE UPDATE OR DELETE ON audit_erasure
FOR EACH ROW EXECUTE FUNCTION audit_guard()""",
        """CREATE TRIGGER audit_erasure_stays BEFORE TRUNCATE ON audit_erasure
FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_key", sa.String(length=120), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("who_sha256", sa.String(length=64), nullable=True),
        sa.Column("what_sha256", sa.String(length=64), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(action) > 0 AND length(subject_kind) > 0", name=op.f("ck_audit_entry_says_what")),
        sa.CheckConstraint("length(sha256) = 64 AND length(previous) = 64", name=op.f("ck_audit_entry_sha256_length")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_entry_number_counts")),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_audit_entry_municipality_ags_municipality")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_entry_previous")),
        sa.UniqueConstraint("sha256", name=op.f("uq_audit_entry_sha256")),
    )
    op.create_index(
        "ix_audit_entry_municipality_ags_number", "audit_entry", ["municipality_ags", "number"], unique=False
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_key", "number"], unique=False)
    op.create_table(
        "audit_erasure",
        sa.Column("entry_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("part IN ('who', 'what')", name=op.f("ck_audit_erasure_part_known")),
        sa.CheckConstraint("reason IN ('retention', 'account')", name=op.f("ck_audit_erasure_reason_known")),
        sa.ForeignKeyConstraint(
            ["entry_number"], ["audit_entry.number"], name=op.f("fk_audit_erasure_entry_number_audit_entry")
        ),
        sa.PrimaryKeyConstraint("entry_number", "part", name=op.f("pk_audit_erasure")),
    )
    op.create_table(
        "audit_part",
        sa.Column("entry_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=4), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("part IN ('who', 'what')", name=op.f("ck_audit_part_part_known")),
        sa.CheckConstraint("length(salt) = 32", name=op.f("ck_audit_part_salt_length")),
        sa.ForeignKeyConstraint(
            ["entry_number"], ["audit_entry.number"], name=op.f("fk_audit_part_entry_number_audit_entry")
        ),
        sa.PrimaryKeyConstraint("entry_number", "part", name=op.f("pk_audit_part")),
    )
    op.create_index("ix_audit_part_user_id", "audit_part", ["user_id"], unique=False)
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_audit_part_user_id", "audit_part")
    op.drop_table("audit_part")
    op.drop_table("audit_erasure")
    op.drop_index("ix_audit_entry_subject", "audit_entry")
    op.drop_index("ix_audit_entry_municipality_ags_number", "audit_entry")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_guard()")

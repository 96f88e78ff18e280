"""Long texts stand last in their rows

SQLite keeps a row in one piece: to read a column behind a text of some hundred pages it walks through all of them.
Whether a round is open, asked with every response, and the state of a release, asked with every public page, stood
behind such texts. PostgreSQL keeps long texts elsewhere anyway.

Revision: 0017
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LAST = {
    "round": (
        ("id", "key", "title", "state", "opens", "closes", "demonstration"),
        ("catalogue_sha256", "created_at", "opened_at", "closed_at"),
        ("late_answers", "evidence_rule", "plausible_only", "catalogue_json"),
    ),
    "release": (
        ("sha256", "round_id", "input_sha256", "method_version", "built_at"),
        ("state", "published_at", "withdrawn_at", "withdrawn_reason", "document"),
    ),
    "hand_in": (
        ("id", "assessment_id", "number", "sha256"),
        ("signed_name", "signed_function", "signed_by_id", "at", "document"),
    ),
}
# Copying a table takes its triggers away.
GUARDS = (
    """CREATE TRIGGER release_is_immutable BEFORE UPDATE OF sha256, round_id, document, input_sha256, method_version, built_at ON release
BEGIN SELECT RAISE(ABORT, 'a release is immutable'); END""",
    """CREATE TRIGGER release_stays BEFORE DELETE ON release WHEN OLD.state <> 'preview'
BEGIN SELECT RAISE(ABORT, 'a published release is kept'); END""",
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, parts in LAST.items():
        order = tuple(name for part in parts for name in part)
        with op.batch_alter_table(table, recreate="always", partial_reordering=[order]):
            pass
    for guard in GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """The order of columns means nothing to anybody else."""

"""PostgreSQL's search tells a title's words apart by the index alone

Revision: 0023
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MARKED = """
    UPDATE practice_document SET vector = vector || array_to_tsvector(
        ARRAY(SELECT '=' || stem FROM unnest(string_to_array(title, ' ')) AS stem WHERE stem <> ''))
"""
UNMARKED = """
    UPDATE practice_document SET vector = ts_delete(vector,
        ARRAY(SELECT '=' || stem FROM unnest(string_to_array(title, ' ')) AS stem WHERE stem <> ''))
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(MARKED)
        op.execute("ALTER INDEX ix_practice_document_vector SET (fastupdate = off)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_practice_document_vector RESET (fastupdate)")
        op.execute(UNMARKED)

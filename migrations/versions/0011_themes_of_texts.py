"""Themes and extracts of free texts

Revision: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("extract", sa.String(length=500), nullable=True))
        batch.create_check_constraint(op.f("ck_comment_extract_length"), "length(extract) BETWEEN 1 AND 500")
        batch.create_check_constraint(op.f("ck_comment_extract_of_what_is_kept"), "extract IS NULL OR state = 'kept'")
    op.create_table(
        "comment_theme",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("comment_id", sa.String(length=36), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.CheckConstraint("length(theme) BETWEEN 1 AND 20", name=op.f("ck_comment_theme_theme_length")),
        sa.ForeignKeyConstraint(
            ["round_id", "municipality_ags", "comment_id"],
            ["comment.round_id", "comment.municipality_ags", "comment.id"],
            name=op.f("fk_comment_theme_round_id_municipality_ags_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "municipality_ags", "comment_id", "theme", name=op.f("pk_comment_theme")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("comment_theme")
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_constraint(op.f("ck_comment_extract_of_what_is_kept"), type_="check")
        batch.drop_constraint(op.f("ck_comment_extract_length"), type_="check")
        batch.drop_column("extract")

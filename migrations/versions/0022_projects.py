"""Funded projects, their indicators and values

Revision: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("fund", sa.String(length=200), nullable=False),
        sa.Column("grant_cents", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("term", sa.String(length=120), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_project_term_in_order")),
        sa.CheckConstraint("grant_cents >= 0", name=op.f("ck_project_grant_not_negative")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 200", name=op.f("ck_project_title_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("source_key", name=op.f("uq_project_source_key")),
    )
    op.create_table(
        "project_indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 200", name=op.f("ck_project_indicator_title_length")),
        sa.CheckConstraint("target > 0", name=op.f("ck_project_indicator_target_counts")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_indicator_project_id_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_indicator")),
    )
    op.create_index("ix_project_indicator_project_id", "project_indicator", ["project_id"], unique=False)
    op.create_table(
        "project_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.CheckConstraint("length(evidence) > 0", name=op.f("ck_project_value_has_its_evidence")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_project_value_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["project_indicator.id"],
            name=op.f("fk_project_value_indicator_id_project_indicator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_value")),
        sa.UniqueConstraint("indicator_id", "day", name=op.f("uq_project_value_indicator_id_day")),
    )


def downgrade() -> None:
    op.drop_table("project_value")
    op.drop_index("ix_project_indicator_project_id", table_name="project_indicator")
    op.drop_table("project_indicator")
    op.drop_table("project")

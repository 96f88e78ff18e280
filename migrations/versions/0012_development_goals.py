"""Development goals

Revision: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "development_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("responsible", sa.String(length=160), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("length(measures) BETWEEN 1 AND 1000", name=op.f("ck_development_goal_measures_length")),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_development_goal_at_most_three")),
        sa.CheckConstraint("target BETWEEN 1 AND 4", name=op.f("ck_development_goal_target_in_range")),
        sa.ForeignKeyConstraint(
            ["round_id", "municipality_ags"],
            ["participation.round_id", "participation.municipality_ags"],
            name=op.f("fk_development_goal_round_id_municipality_ags_participation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_goal")),
        sa.UniqueConstraint(
            "round_id",
            "municipality_ags",
            "criterion",
            name=op.f("uq_development_goal_round_id_municipality_ags_criterion"),
        ),
        sa.UniqueConstraint(
            "round_id",
            "municipality_ags",
            "position",
            name=op.f("uq_development_goal_round_id_municipality_ags_position"),
        ),
    )


def downgrade() -> None:
    op.drop_table("development_goal")

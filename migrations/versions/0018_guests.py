"""Municipalities that check themselves as guests of a round

Revision: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id", "municipality_ags"],
            ["participation.round_id", "participation.municipality_ags"],
            name="fk_guest_participation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "municipality_ags", name=op.f("pk_guest")),
    )


def downgrade() -> None:
    op.drop_table("guest")

"""Addresses that take no mail

Revision: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounced_address",
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("how IN ('refused', 'came_back')", name=op.f("ck_bounced_address_how_known")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_bounced_address")),
    )


def downgrade() -> None:
    op.drop_table("bounced_address")

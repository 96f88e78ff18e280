"""Mails carry files made when they are sent; round tables count their changes and can be called off

Revision: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outgoing_mail") as table:
        table.add_column(sa.Column("attachment", sa.String(length=60), nullable=False, server_default=""))
    with op.batch_alter_table("round_table") as table:
        table.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("outgoing_mail") as table:
        table.alter_column("attachment", server_default=None)
    with op.batch_alter_table("round_table") as table:
        table.alter_column("sequence", server_default=None)
        table.alter_column("cancelled", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("round_table") as table:
        table.drop_column("cancelled")
        table.drop_column("sequence")
    with op.batch_alter_table("outgoing_mail") as table:
        table.drop_column("attachment")

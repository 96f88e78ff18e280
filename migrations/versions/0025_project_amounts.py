"""Targets and values of projects have decimals and a unit; they are stored in hundredths

Revision: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COUNTED = (("project_indicator", "target"), ("project_value", "value"))


def upgrade() -> None:
    for table, column in COUNTED:
        with op.batch_alter_table(table) as changed:
            changed.alter_column(column, type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)
        op.execute(f"UPDATE {table} SET {column} = {column} * 100")
    with op.batch_alter_table("project_indicator") as changed:
        changed.add_column(sa.Column("unit", sa.String(length=20), nullable=False, server_default=""))
    with op.batch_alter_table("project_indicator") as changed:
        changed.alter_column("unit", server_default=None)


def downgrade() -> None:
    """What has decimals is rounded, and up where nothing would be left of a target."""
    with op.batch_alter_table("project_indicator") as changed:
        changed.drop_column("unit")
    for table, column in COUNTED:
        least = 1 if column == "target" else 0
        rounded = f"({column} + 50) / 100"
        op.execute(f"UPDATE {table} SET {column} = CASE WHEN {rounded} < {least} THEN {least} ELSE {rounded} END")
        with op.batch_alter_table(table) as changed:
            changed.alter_column(column, type_=sa.Integer(), existing_type=sa.BigInteger(), existing_nullable=False)

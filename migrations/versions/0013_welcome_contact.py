"""Whom newcomers may ask with questions about arriving

Revision: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "welcome_contact",
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_welcome_contact_name_length")),
        sa.CheckConstraint(
            "length(phone) + length(email) + length(website) > 0", name=op.f("ck_welcome_contact_one_way_at_least")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_ags"],
            ["municipality.ags"],
            name=op.f("fk_welcome_contact_municipality_ags_municipality"),
        ),
        sa.PrimaryKeyConstraint("municipality_ags", name=op.f("pk_welcome_contact")),
    )


def downgrade() -> None:
    op.drop_table("welcome_contact")

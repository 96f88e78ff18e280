"""Round tables, their guests, files and opinions

Revision: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=40), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("shown", sa.String(length=80), nullable=False),
        sa.Column("begins", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("host_ags", sa.String(length=8), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("counted", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("invited_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("held_on IS NOT NULL OR length(shown) > 0", name=op.f("ck_round_table_some_day_is_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_round_table_number_counts")),
        sa.CheckConstraint("people >= 0 AND places >= 0", name=op.f("ck_round_table_attendance_counted")),
        sa.ForeignKeyConstraint(["host_ags"], ["municipality.ags"], name=op.f("fk_round_table_host_ags_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_table")),
        sa.UniqueConstraint("number", name=op.f("uq_round_table_number")),
        sa.UniqueConstraint("source_key", name=op.f("uq_round_table_source_key")),
    )
    op.create_table(
        "round_table_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_round_table_file_sha256_length")),
        sa.ForeignKeyConstraint(
            ["table_id"], ["round_table.id"], name=op.f("fk_round_table_file_table_id_round_table"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_table_file")),
    )
    op.create_index("ix_round_table_file_table_id", "round_table_file", ["table_id"], unique=False)

    op.create_table(
        "round_table_guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=160), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("ticket", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("signed_up_at", sa.DateTime(), nullable=False),
        sa.Column("came_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_round_table_guest_name_length")),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_round_table_guest_municipality_ags_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["round_table.id"], name=op.f("fk_round_table_guest_table_id_round_table"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_round_table_guest_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_table_guest")),
        sa.UniqueConstraint("ticket", name=op.f("uq_round_table_guest_ticket")),
    )
    op.create_index("ix_round_table_guest_table_id", "round_table_guest", ["table_id"], unique=False)

    op.create_table(
        "round_table_item",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("speaker", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_id"], ["round_table.id"], name=op.f("fk_round_table_item_table_id_round_table"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("table_id", "position", name=op.f("pk_round_table_item")),
    )
    op.create_table(
        "round_table_opinion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.CheckConstraint("useful BETWEEN 1 AND 5", name=op.f("ck_round_table_opinion_useful_in_range")),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["round_table.id"],
            name=op.f("fk_round_table_opinion_table_id_round_table"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_table_opinion")),
    )
    op.create_table(
        "round_table_practice",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.id"],
            name=op.f("fk_round_table_practice_practice_id_practice"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["round_table.id"],
            name=op.f("fk_round_table_practice_table_id_round_table"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("table_id", "practice_id", name=op.f("pk_round_table_practice")),
    )
    op.create_table(
        "round_table_present",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_ags"],
            ["municipality.ags"],
            name=op.f("fk_round_table_present_municipality_ags_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["round_table.id"],
            name=op.f("fk_round_table_present_table_id_round_table"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("table_id", "municipality_ags", name=op.f("pk_round_table_present")),
    )


def downgrade() -> None:
    op.drop_table("round_table_present")
    op.drop_table("round_table_practice")
    op.drop_table("round_table_opinion")
    op.drop_table("round_table_item")
    op.drop_table("round_table_guest")
    op.drop_table("round_table_file")
    op.drop_table("round_table")

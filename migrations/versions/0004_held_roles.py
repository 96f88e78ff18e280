"""Roles are held in a place: one person can serve several municipalities, be a deputy, or read a district

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=True),
        sa.Column("district_ags", sa.String(length=5), nullable=True),
        sa.Column("deputy_for_id", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(name = 'reader') = (district_ags IS NOT NULL)", name=op.f("ck_held_role_reader_in_district")
        ),
        sa.CheckConstraint(
            "(name IN ('coordinator', 'editor', 'approver')) = (municipality_ags IS NOT NULL)",
            name=op.f("ck_held_role_municipal_in_municipality"),
        ),
        sa.CheckConstraint(
            "deputy_for_id IS NULL OR name IN ('coordinator', 'approver')",
            name=op.f("ck_held_role_deputy_where_allowed"),
        ),
        sa.CheckConstraint(
            "name IN ('agency', 'coordinator', 'editor', 'approver', 'reader')", name=op.f("ck_held_role_name_known")
        ),
        sa.CheckConstraint(
            "(deputy_for_id IS NULL) = (starts IS NULL) AND (deputy_for_id IS NULL) = (ends IS NULL)",
            name=op.f("ck_held_role_deputy_has_a_period"),
        ),
        sa.CheckConstraint("deputy_for_id <> user_id", name=op.f("ck_held_role_deputy_is_somebody_else")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_held_role_period_in_order")),
        sa.ForeignKeyConstraint(
            ["deputy_for_id"], ["user.id"], name=op.f("fk_held_role_deputy_for_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["district_ags"], ["district.ags"], name=op.f("fk_held_role_district_ags_district")),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_held_role_municipality_ags_municipality")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_held_role_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_role")),
    )
    with op.batch_alter_table("held_role", schema=None) as batch_op:
        batch_op.create_index("ix_held_role_municipality_ags", ["municipality_ags"], unique=False)
        batch_op.create_index(
            "uq_held_role_agency",
            ["user_id", "name"],
            unique=True,
            sqlite_where=sa.text("name = 'agency'"),
            postgresql_where=sa.text("name = 'agency'"),
        )
        batch_op.create_index(
            "uq_held_role_deputy", ["user_id", "municipality_ags", "name", "deputy_for_id"], unique=True
        )
        batch_op.create_index("uq_held_role_district", ["user_id", "district_ags"], unique=True)
        batch_op.create_index(
            "uq_held_role_municipal",
            ["user_id", "municipality_ags", "name"],
            unique=True,
            sqlite_where=sa.text("deputy_for_id IS NULL"),
            postgresql_where=sa.text("deputy_for_id IS NULL"),
        )

    # Nobody loses a role; one that lacked the municipality it belongs to never counted and is left behind.
    op.execute(
        """INSERT INTO held_role (user_id, name, municipality_ags)
SELECT "user".id, role.name, CASE WHEN role.name = 'agency' THEN NULL ELSE "user".municipality_ags END
FROM "user" JOIN user_role ON user_role.user_id = "user".id JOIN role ON role.id = user_role.role_id
WHERE role.name = 'agency' OR "user".municipality_ags IS NOT NULL"""
    )
    op.drop_table("user_role")
    op.drop_table("role")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_user_municipality_ags_municipality"), type_="foreignkey")
        batch_op.drop_column("municipality_ags")


def downgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("municipality_ags", sa.VARCHAR(length=8), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_user_municipality_ags_municipality"), "municipality", ["municipality_ags"], ["ags"]
        )

    op.create_table(
        "role",
        sa.Column("id", sa.INTEGER(), nullable=False),
        sa.Column("name", sa.VARCHAR(length=40), nullable=False),
        sa.CheckConstraint("name IN ('agency', 'coordinator', 'editor', 'approver')", name=op.f("ck_role_name_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.INTEGER(), nullable=False),
        sa.Column("role_id", sa.INTEGER(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_user_role_role_id_role"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_user_role")),
    )
    # Formerly an account had one municipality: of several the first stays, and who only stood in loses that.
    own = "deputy_for_id IS NULL AND name <> 'reader'"
    op.execute(
        f"""UPDATE "user" SET municipality_ags =
(SELECT min(municipality_ags) FROM held_role WHERE user_id = "user".id AND {own})"""
    )
    op.execute("INSERT INTO role (name) VALUES ('agency'), ('coordinator'), ('editor'), ('approver')")
    op.execute(
        f"""INSERT INTO user_role (user_id, role_id) SELECT held_role.user_id, role.id
FROM held_role JOIN role ON role.name = held_role.name JOIN "user" ON "user".id = held_role.user_id
WHERE {own.replace("name", "held_role.name")}
AND (held_role.municipality_ags IS NULL OR held_role.municipality_ags = "user".municipality_ags)"""
    )
    with op.batch_alter_table("held_role", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_held_role_municipal",
            sqlite_where=sa.text("deputy_for_id IS NULL"),
            postgresql_where=sa.text("deputy_for_id IS NULL"),
        )
        batch_op.drop_index("uq_held_role_district")
        batch_op.drop_index("uq_held_role_deputy")
        batch_op.drop_index(
            "uq_held_role_agency", sqlite_where=sa.text("name = 'agency'"), postgresql_where=sa.text("name = 'agency'")
        )
        batch_op.drop_index("ix_held_role_municipality_ags")

    op.drop_table("held_role")

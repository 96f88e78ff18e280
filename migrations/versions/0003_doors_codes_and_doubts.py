"""Doors, access codes, doubtful responses, late answers

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANNELS = "channel IN ('open', 'welcome', 'counter', 'employer', 'school', 'code', 'paper')"
DOORS = (("open_link", sa.true()), ("codes", sa.false()), ("paper", sa.false()))


def upgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("late_answers", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_check_constraint(op.f("ck_round_late_once_closed"), "NOT late_answers OR state = 'closed'")
    with op.batch_alter_table("participation") as batch:
        for name, default in DOORS:
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
        batch.create_check_constraint(op.f("ck_participation_one_door_is_open"), "open_link OR codes OR paper")
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("response", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("state", sa.String(length=10), nullable=False, server_default="counted"))
        batch.add_column(sa.Column("doubt", sa.String(length=10), nullable=False, server_default=""))
        batch.drop_constraint(op.f("ck_response_channel_known"), type_="check")
        batch.create_check_constraint(op.f("ck_response_channel_known"), CHANNELS)
        batch.create_check_constraint(
            op.f("ck_response_state_known"), "state IN ('counted', 'held', 'accepted', 'refused')"
        )
        batch.create_check_constraint(op.f("ck_response_doubt_known"), "doubt IN ('', 'fast', 'trap', 'many')")
        batch.create_check_constraint(op.f("ck_response_held_for_a_doubt"), "(state = 'counted') = (doubt = '')")
    op.create_table(
        "access_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_access_code_digest_is_a_hash")),
        sa.ForeignKeyConstraint(
            ["round_id", "municipality_ags"],
            ["participation.round_id", "participation.municipality_ags"],
            name=op.f("fk_access_code_round_id_municipality_ags_participation"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_access_code")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("access_code")
    op.execute("DELETE FROM response WHERE state IN ('held', 'refused')")
    op.execute("UPDATE response SET channel = 'open' WHERE channel <> 'paper'")
    with op.batch_alter_table("response", table_kwargs={"sqlite_with_rowid": False}) as batch:
        for name in ("held_for_a_doubt", "doubt_known", "state_known", "channel_known"):
            batch.drop_constraint(op.f(f"ck_response_{name}"), type_="check")
        batch.create_check_constraint(op.f("ck_response_channel_known"), "channel IN ('open', 'paper')")
        batch.drop_column("doubt")
        batch.drop_column("state")
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_column("doubtful")
    with op.batch_alter_table("participation") as batch:
        batch.drop_constraint(op.f("ck_participation_one_door_is_open"), type_="check")
        for name, _default in DOORS:
            batch.drop_column(name)
    with op.batch_alter_table("round") as batch:
        batch.drop_constraint(op.f("ck_round_late_once_closed"), type_="check")
        batch.drop_column("late_answers")

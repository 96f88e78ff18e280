"""Hand-ins as they were signed, and what the agency says of each criterion

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_name", sa.String(length=120), nullable=False),
        sa.Column("signed_function", sa.String(length=120), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_hand_in_sha256_length")),
        sa.CheckConstraint("length(signed_name) > 0", name=op.f("ck_hand_in_signed_by_somebody")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_hand_in_number_counts")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_hand_in_assessment_id_assessment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user.id"], name=op.f("fk_hand_in_signed_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_in")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_hand_in_assessment_id_number")),
    )
    op.create_table(
        "plausibility",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("agreed_level", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'changed') = (agreed_level IS NOT NULL)", name=op.f("ck_plausibility_changed_has_its_level")
        ),
        sa.CheckConstraint("state = 'accepted' OR length(remark) > 0", name=op.f("ck_plausibility_says_why")),
        sa.CheckConstraint(
            "state IN ('accepted', 'question', 'changed', 'returned')", name=op.f("ck_plausibility_state_known")
        ),
        sa.CheckConstraint(
            "agreed_level IS NULL OR agreed_level BETWEEN 0 AND 4", name=op.f("ck_plausibility_agreed_level_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_plausibility_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_plausibility_decided_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "criterion", name=op.f("pk_plausibility")),
    )


def downgrade() -> None:
    op.drop_table("plausibility")
    op.drop_table("hand_in")

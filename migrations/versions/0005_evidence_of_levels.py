"""Evidence of levels, what explains an answer, and the rules of a round

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Rounds from before counted every level as it was answered, and no answer was taken over from an earlier round.
NO = sa.false()


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("shows_check", sa.Boolean(), nullable=False),
        sa.Column("shows_improvement", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=150), nullable=False),
        sa.Column("link_state", sa.String(length=10), nullable=False),
        sa.Column("link_checked_at", sa.DateTime(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(kind = 'file') = (sha256 IS NOT NULL)", name=op.f("ck_evidence_file_has_its_hash")),
        sa.CheckConstraint("(kind = 'link') = (length(address) > 0)", name=op.f("ck_evidence_link_has_address")),
        sa.CheckConstraint("(kind = 'text') = (length(body) > 0)", name=op.f("ck_evidence_text_has_body")),
        sa.CheckConstraint("kind IN ('link', 'text', 'file')", name=op.f("ck_evidence_kind_known")),
        sa.CheckConstraint("link_state IN ('unchecked', 'alive', 'dead')", name=op.f("ck_evidence_link_state_known")),
        sa.CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name=op.f("ck_evidence_file_has_its_size")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_evidence_title_is_there")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_evidence_added_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_evidence_assessment_id_assessment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_assessment_id_criterion", "evidence", ["assessment_id", "criterion"])
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])
    for name in ("regulated", "lived", "visible", "taken_over"):
        op.add_column("criterion_answer", sa.Column(name, sa.Boolean(), nullable=False, server_default=NO))
    op.add_column("criterion_answer", sa.Column("responsible", sa.String(160), nullable=False, server_default=""))
    op.add_column("criterion_answer", sa.Column("due", sa.Date()))
    for name in ("evidence_rule", "plausible_only"):
        op.add_column("round", sa.Column(name, sa.Boolean(), nullable=False, server_default=NO))


def downgrade() -> None:
    for name in ("plausible_only", "evidence_rule"):
        op.drop_column("round", name)
    for name in ("due", "responsible", "taken_over", "visible", "lived", "regulated"):
        op.drop_column("criterion_answer", name)
    op.drop_table("evidence")

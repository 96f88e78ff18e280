"""Resolutions of councils, mayors' conferences and what came of them

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resolution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("body", sa.String(length=10), nullable=False),
        sa.Column("body_name", sa.String(length=120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("paper_number", sa.String(length=60), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("abstentions", sa.Integer(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("renew_by", sa.Date(), nullable=True),
        sa.CheckConstraint("body IN ('council', 'committee')", name=op.f("ck_resolution_body_known")),
        sa.CheckConstraint(
            "body = 'council' OR length(trim(body_name)) > 0", name=op.f("ck_resolution_committee_has_its_name")
        ),
        sa.CheckConstraint("renew_by IS NULL OR renew_by > decided_on", name=op.f("ck_resolution_renewal_comes_later")),
        sa.CheckConstraint(
            "link = '' OR link LIKE 'https://%' OR link LIKE 'http://%'", name=op.f("ck_resolution_link_is_an_address")
        ),
        sa.CheckConstraint(
            "(votes_for IS NULL) = (votes_against IS NULL) AND (votes_for IS NULL) = (abstentions IS NULL)",
            name=op.f("ck_resolution_votes_together"),
        ),
        sa.CheckConstraint(
            "votes_for IS NULL OR (votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0)",
            name=op.f("ck_resolution_votes_counted"),
        ),
        sa.CheckConstraint("length(wording) <= 4000", name=op.f("ck_resolution_wording_length")),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_resolution_municipality_ags_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint(
            "municipality_ags",
            "decided_on",
            "body",
            "body_name",
            name=op.f("uq_resolution_municipality_ags_decided_on_body_body_name"),
        ),
    )
    op.create_table(
        "conference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_ags", sa.String(length=5), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("presented", sa.Text(), nullable=False),
        sa.CheckConstraint("length(agenda) <= 4000", name=op.f("ck_conference_agenda_length")),
        sa.CheckConstraint("length(presented) <= 4000", name=op.f("ck_conference_presented_length")),
        sa.ForeignKeyConstraint(["district_ags"], ["district.ags"], name=op.f("fk_conference_district_ags_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference")),
        sa.UniqueConstraint("district_ags", "held_on", name=op.f("uq_conference_district_ags_held_on")),
    )
    op.create_table(
        "conference_outcome",
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('absent', 'presented', 'interested', 'draft', 'declined')",
            name=op.f("ck_conference_outcome_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conference.id"],
            name=op.f("fk_conference_outcome_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_conference_outcome_municipality_ags_municipality")
        ),
        sa.PrimaryKeyConstraint("conference_id", "municipality_ags", name=op.f("pk_conference_outcome")),
    )


def downgrade() -> None:
    op.drop_table("conference_outcome")
    op.drop_table("conference")
    op.drop_table("resolution")

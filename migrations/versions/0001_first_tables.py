"""First tables

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_GUARDS = (
    """CREATE TRIGGER release_is_immutable BEFORE UPDATE OF sha256, round_id, document, input_sha256, method_version, built_at ON release
BEGIN SELECT RAISE(ABORT, 'a release is immutable'); END""",
    """CREATE TRIGGER release_stays BEFORE DELETE ON release WHEN OLD.state <> 'preview'
BEGIN SELECT RAISE(ABORT, 'a published release is kept'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION release_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP = 'DELETE' THEN
  IF OLD.state <> 'preview' THEN RAISE EXCEPTION 'a published release is kept' USING ERRCODE = '23514'; END IF;
  RETURN OLD;
END IF;
IF (OLD.sha256, OLD.round_id, OLD.document, OLD.input_sha256, OLD.method_version, OLD.built_at) IS DISTINCT FROM (NEW.sha256, NEW.round_id, NEW.document, NEW.input_sha256, NEW.method_version, NEW.built_at) THEN
  RAISE EXCEPTION 'a release is immutable' USING ERRCODE = '23514';
END IF;
RETURN NEW; END $$""",
    """CREATE TRIGGER release_guard BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION release_guard()""",
)


def upgrade() -> None:
    op.create_table(
        "district",
        sa.Column("ags", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.CheckConstraint("length(ags) = 5", name=op.f("ck_district_ags_has_five_digits")),
        sa.PrimaryKeyConstraint("ags", name=op.f("pk_district")),
        sa.UniqueConstraint("name", name=op.f("uq_district_name")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state <> 'failed' OR length(message) > 0", name=op.f("ck_job_failure_says_why")),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state_known")),
        sa.CheckConstraint("done >= 0 AND total >= 0 AND done <= total", name=op.f("ck_job_progress_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_table(
        "peer_group",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_group")),
        sa.UniqueConstraint("name", name=op.f("uq_peer_group_name")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.CheckConstraint("name IN ('agency', 'coordinator', 'editor', 'approver')", name=op.f("ck_role_name_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("catalogue_json", sa.Text(), nullable=True),
        sa.Column("catalogue_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('closed', 'released')) = (closed_at IS NOT NULL)", name=op.f("ck_round_closed_has_its_date")
        ),
        sa.CheckConstraint("state = 'draft' OR catalogue_json IS NOT NULL", name=op.f("ck_round_frozen_once_open")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'released')", name=op.f("ck_round_state_known")),
        sa.CheckConstraint(
            "(catalogue_json IS NULL) = (catalogue_sha256 IS NULL)",
            name=op.f("ck_round_catalogue_and_its_hash_together"),
        ),
        sa.CheckConstraint("opens <= closes", name=op.f("ck_round_window_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("key", name=op.f("uq_round_key")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(
            "uq_round_only_one_open",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "municipality",
        sa.Column("ags", sa.String(length=8), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("legal_status", sa.String(length=60), nullable=False),
        sa.Column("district_ags", sa.String(length=5), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("area_km2", sa.Double(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("peer_group_id", sa.String(length=40), nullable=False),
        sa.CheckConstraint("kind IN ('Stadt', 'Gemeinde')", name=op.f("ck_municipality_kind_known")),
        sa.CheckConstraint("area_km2 > 0", name=op.f("ck_municipality_area_positive")),
        sa.CheckConstraint("length(ags) = 8", name=op.f("ck_municipality_ags_has_eight_digits")),
        sa.CheckConstraint("population > 0", name=op.f("ck_municipality_population_positive")),
        sa.CheckConstraint("substr(ags, 1, 5) = district_ags", name=op.f("ck_municipality_ags_begins_with_district")),
        sa.ForeignKeyConstraint(["district_ags"], ["district.ags"], name=op.f("fk_municipality_district_ags_district")),
        sa.ForeignKeyConstraint(
            ["peer_group_id"], ["peer_group.id"], name=op.f("fk_municipality_peer_group_id_peer_group")
        ),
        sa.PrimaryKeyConstraint("ags", name=op.f("pk_municipality")),
        sa.UniqueConstraint("slug", name=op.f("uq_municipality_slug")),
    )
    op.create_table(
        "release",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("method_version", sa.String(length=20), nullable=False),
        sa.Column("built_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_release_withdrawn_has_its_date")
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR length(withdrawn_reason) > 0", name=op.f("ck_release_withdrawn_has_its_reason")
        ),
        sa.CheckConstraint(
            "state = 'preview' OR published_at IS NOT NULL", name=op.f("ck_release_published_has_its_date")
        ),
        sa.CheckConstraint("state IN ('preview', 'published', 'withdrawn')", name=op.f("ck_release_state_known")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_release_sha256_length")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_release_round_id_round")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_release")),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index(
            "uq_release_one_published_per_round",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "participation",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("newcomers", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("newcomers IS NULL OR newcomers > 0", name=op.f("ck_participation_newcomers_positive")),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_participation_municipality_ags_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_participation_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "municipality_ags", name=op.f("pk_participation")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_user_municipality_ags_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_fs_uniquifier")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(), nullable=True),
        sa.Column("handed_in_by_id", sa.Integer(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column("reopened_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'handed_in') = (handed_in_at IS NOT NULL)", name=op.f("ck_assessment_hand_in_has_its_date")
        ),
        sa.CheckConstraint(
            "state = 'handed_in' OR NOT consented", name=op.f("ck_assessment_consent_comes_with_hand_in")
        ),
        sa.CheckConstraint("state IN ('open', 'handed_in')", name=op.f("ck_assessment_state_known")),
        sa.ForeignKeyConstraint(
            ["handed_in_by_id"], ["user.id"], name=op.f("fk_assessment_handed_in_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_assessment_municipality_ags_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "municipality_ags"],
            ["participation.round_id", "participation.municipality_ags"],
            name=op.f("fk_assessment_round_id_municipality_ags_participation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("round_id", "municipality_ags", name=op.f("uq_assessment_round_id_municipality_ags")),
    )
    op.create_table(
        "comment",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("question", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('unread', 'kept', 'withheld')", name=op.f("ck_comment_state_known")),
        sa.CheckConstraint("length(id) = 36", name=op.f("ck_comment_id_is_uuid")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_comment_text_length")),
        sa.ForeignKeyConstraint(
            ["round_id", "municipality_ags"],
            ["participation.round_id", "participation.municipality_ags"],
            name=op.f("fk_comment_round_id_municipality_ags_participation"),
        ),
        sa.PrimaryKeyConstraint("round_id", "municipality_ags", "id", name=op.f("pk_comment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "response",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("ratings", sa.String(length=64), nullable=False),
        sa.Column("profile", sa.String(length=64), nullable=False),
        sa.CheckConstraint("channel IN ('open', 'paper')", name=op.f("ck_response_channel_known")),
        sa.CheckConstraint(
            "length(replace(replace(replace(replace(replace(replace(replace(ratings, '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '-', ''), '.', '')) = 0",
            name=op.f("ck_response_ratings_symbols"),
        ),
        sa.CheckConstraint(
            "length(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(profile, '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '6', ''), '7', ''), '8', ''), '9', ''), 'x', ''), '.', '')) = 0",
            name=op.f("ck_response_profile_symbols"),
        ),
        sa.CheckConstraint("length(CAST(day AS VARCHAR)) = 10", name=op.f("ck_response_day_is_a_day")),
        sa.CheckConstraint("length(id) = 36", name=op.f("ck_response_id_is_uuid")),
        sa.CheckConstraint("length(profile) BETWEEN 1 AND 64", name=op.f("ck_response_profile_length")),
        sa.CheckConstraint("length(ratings) BETWEEN 1 AND 64", name=op.f("ck_response_ratings_length")),
        sa.ForeignKeyConstraint(
            ["round_id", "municipality_ags"],
            ["participation.round_id", "participation.municipality_ags"],
            name=op.f("fk_response_round_id_municipality_ags_participation"),
        ),
        sa.PrimaryKeyConstraint("round_id", "municipality_ags", "id", name=op.f("pk_response")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_user_role_role_id_role"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_user_role")),
    )
    op.create_table(
        "criterion_answer",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "NOT not_applicable OR length(trim(reason)) > 0", name=op.f("ck_criterion_answer_not_applicable_has_reason")
        ),
        sa.CheckConstraint(
            "NOT not_applicable OR level IS NULL", name=op.f("ck_criterion_answer_level_or_not_applicable")
        ),
        sa.CheckConstraint("length(reason) <= 4000", name=op.f("ck_criterion_answer_reason_length")),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name=op.f("ck_criterion_answer_level_in_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_criterion_answer_version_counts")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_criterion_answer_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user.id"], name=op.f("fk_criterion_answer_saved_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "criterion", name=op.f("pk_criterion_answer")),
    )
    guards = SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("criterion_answer")
    op.drop_table("user_role")
    op.drop_table("response")
    op.drop_table("comment")
    op.drop_table("assessment")
    op.drop_table("user")
    op.drop_table("participation")
    op.drop_table("release")
    op.drop_table("municipality")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_round_only_one_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )

    op.drop_table("round")
    op.drop_table("role")
    op.drop_table("peer_group")
    op.drop_table("job")
    op.drop_table("district")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION release_guard()")

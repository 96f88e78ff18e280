"""The exchange of practices, and the index behind its search

Revision: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NEW = "INSERT INTO practice_index (rowid, title, body) VALUES (new.practice_id, new.title, new.body)"
_OLD = "INSERT INTO practice_index (practice_index, rowid, title, body) VALUES ('delete', old.practice_id, old.title, old.body)"
FULL_TEXT = (
    "CREATE VIRTUAL TABLE practice_index USING fts5(title, body, content='practice_document', content_rowid='practice_id', tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER practice_document_added AFTER INSERT ON practice_document BEGIN {_NEW}; END",
    f"CREATE TRIGGER practice_document_removed AFTER DELETE ON practice_document BEGIN {_OLD}; END",
    f"CREATE TRIGGER practice_document_changed AFTER UPDATE ON practice_document BEGIN {_OLD}; {_NEW}; END",
)


def upgrade() -> None:
    op.create_table(
        "practice_word",
        sa.Column("stem", sa.String(length=80), nullable=False),
        sa.Column("spelling", sa.String(length=80), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used > 0", name=op.f("ck_practice_word_is_used")),
        sa.PrimaryKeyConstraint("stem", name=op.f("pk_practice_word")),
    )
    op.create_table(
        "practice_follow",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("told_until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_practice_follow_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "criterion", name=op.f("pk_practice_follow")),
    )
    op.create_table(
        "practice_trigram",
        sa.Column("letters", sa.String(length=3), nullable=False),
        sa.Column("stem", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["stem"], ["practice_word.stem"], name=op.f("fk_practice_trigram_stem_practice_word"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letters", "stem", name=op.f("pk_practice_trigram")),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("source_key", sa.String(length=60), nullable=True),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("visibility IN ('participants', 'all')", name=op.f("ck_practice_visibility_known")),
        sa.CheckConstraint("(municipality_ags IS NULL) = (length(place) > 0)", name=op.f("ck_practice_somewhere")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_practice_author_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_practice_municipality_ags_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("source_key", name=op.f("uq_practice_source_key")),
    )
    op.create_index("ix_practice_municipality_ags", "practice", ["municipality_ags"], unique=False)

    op.create_table(
        "practice_adoption",
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'adopted', 'changed', 'dropped')", name=op.f("ck_practice_adoption_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_practice_adoption_municipality_ags_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_practice_adoption_practice_id_practice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practice_id", "municipality_ags", name=op.f("pk_practice_adoption")),
    )
    op.create_table(
        "practice_document",
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("vector", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_practice_document_practice_id_practice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_document")),
    )
    op.create_index(
        "ix_practice_document_vector", "practice_document", ["vector"], unique=False, postgresql_using="gin"
    )

    op.create_table(
        "practice_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("municipality_ags", sa.String(length=8), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(length(answer) > 0) = (answered_at IS NOT NULL)", name=op.f("ck_practice_question_answer_has_its_date")
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_practice_question_text_length")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_practice_question_asked_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_ags"], ["municipality.ags"], name=op.f("fk_practice_question_municipality_ags_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_practice_question_practice_id_practice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_question")),
    )
    op.create_index("ix_practice_question_practice_id", "practice_question", ["practice_id"], unique=False)

    op.create_table(
        "practice_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("target_groups", sa.String(length=80), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("costs", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("measured", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=160), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('published', 'replaced')) = (published_at IS NOT NULL)",
            name=op.f("ck_practice_version_published_has_its_date"),
        ),
        sa.CheckConstraint(
            "outcome IN ('worked', 'partly', 'failed', 'open')", name=op.f("ck_practice_version_outcome_known")
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR length(remark) > 0", name=op.f("ck_practice_version_returned_says_why")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'published', 'replaced')",
            name=op.f("ck_practice_version_state_known"),
        ),
        sa.CheckConstraint("costs >= 0 AND hours >= 0", name=op.f("ck_practice_version_effort_counted")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 160", name=op.f("ck_practice_version_title_length")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_practice_version_practice_id_practice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_version")),
        sa.UniqueConstraint("practice_id", "number", name=op.f("uq_practice_version_practice_id_number")),
    )
    op.create_index(
        "uq_practice_version_one_open",
        "practice_version",
        ["practice_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted', 'returned')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned')"),
    )
    op.create_index(
        "uq_practice_version_one_shown",
        "practice_version",
        ["practice_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )

    op.create_table(
        "practice_criterion",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["practice_version.id"],
            name=op.f("fk_practice_criterion_version_id_practice_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "criterion", name=op.f("pk_practice_criterion")),
    )
    op.create_index("ix_practice_criterion_criterion", "practice_criterion", ["criterion"], unique=False)

    op.create_table(
        "practice_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_practice_file_sha256_length")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["practice_version.id"],
            name=op.f("fk_practice_file_version_id_practice_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_file")),
    )
    op.create_index("ix_practice_file_version_id", "practice_file", ["version_id"], unique=False)

    op.create_table(
        "practice_link",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "address LIKE 'https://%' OR address LIKE 'http://%'", name=op.f("ck_practice_link_is_an_address")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["practice_version.id"],
            name=op.f("fk_practice_link_version_id_practice_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_practice_link")),
    )

    if op.get_bind().dialect.name == "sqlite":
        for statement in FULL_TEXT:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE practice_index")
    op.drop_table("practice_link")
    op.drop_table("practice_file")
    op.drop_table("practice_criterion")
    op.drop_table("practice_version")
    op.drop_table("practice_question")
    op.drop_table("practice_document")
    op.drop_table("practice_adoption")
    op.drop_table("practice")
    op.drop_table("practice_trigram")
    op.drop_table("practice_follow")
    op.drop_table("practice_word")

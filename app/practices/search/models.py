"""The index behind the search: the stems of each practice, every stem there is, and its trigrams.

On SQLite a virtual table (FTS5) stands beside ``practice_document`` and is kept up by triggers; on PostgreSQL the
column ``vector`` and its GIN index do the same.
"""

from __future__ import annotations

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model

FULL_TEXT = "practice_index"
"""SQLite's virtual table; it keeps its own tables, whose names begin so too."""


TITLE_MARK = "="
"""Before a stem in PostgreSQL's ``vector`` it says that the title has it: the GIN index keeps no weights."""


class Document(Model):
    """The stems of what readers see of a practice, those of its title apart."""

    __tablename__ = "practice_document"
    __table_args__ = (
        # No list of what is pending: every question would have to read all of it.
        Index(
            "ix_practice_document_vector", "vector", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
        ),
    )  # fmt: skip

    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    vector: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"), deferred=True)


class Word(Model):
    """A stem, how many practices have it, and one way in which people write it."""

    __tablename__ = "practice_word"
    __table_args__ = (CheckConstraint("used > 0", name="is_used"),)

    stem: Mapped[str] = mapped_column(String(80), primary_key=True)
    spelling: Mapped[str] = mapped_column(String(80))
    used: Mapped[int]


class Trigram(Model):
    """Three letters that follow one another in a stem; blanks stand before its beginning and behind its end."""

    __tablename__ = "practice_trigram"

    letters: Mapped[str] = mapped_column(String(3), primary_key=True)
    stem: Mapped[str] = mapped_column(ForeignKey("practice_word.stem", ondelete="CASCADE"), primary_key=True)


_NEW = "INSERT INTO practice_index (rowid, title, body) VALUES (new.practice_id, new.title, new.body)"
_OLD = (
    "INSERT INTO practice_index (practice_index, rowid, title, body) "
    "VALUES ('delete', old.practice_id, old.title, old.body)"
)
SQLITE = (
    f"CREATE VIRTUAL TABLE {FULL_TEXT} USING fts5(title, body, content='practice_document', "
    "content_rowid='practice_id', tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER practice_document_added AFTER INSERT ON practice_document BEGIN {_NEW}; END",
    f"CREATE TRIGGER practice_document_removed AFTER DELETE ON practice_document BEGIN {_OLD}; END",
    f"CREATE TRIGGER practice_document_changed AFTER UPDATE ON practice_document BEGIN {_OLD}; {_NEW}; END",
)
"""What stands beside the table on SQLite."""

for _statement in SQLITE:
    event.listen(Document.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="sqlite"))
event.listen(Document.__table__, "before_drop", DDL(f"DROP TABLE IF EXISTS {FULL_TEXT}").execute_if(dialect="sqlite"))

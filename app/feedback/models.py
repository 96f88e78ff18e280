"""Tables of the newcomers' feedback. What must not be known has no column here (docs/privacy.md)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model

LONGEST_COMMENT = 2000
LONGEST_EXTRACT = 500
CHANNELS = ("open", "welcome", "counter", "employer", "school", "code", "paper")
"""Ways on which a response comes in: the open link without and with the place where it was found, code, paper."""
COUNTED = ("counted", "accepted")
"""States of a response that results are made from: beyond doubt, or accepted by the agency."""


def _holds_only(column: str, symbols: str) -> str:
    """SQL that both databases understand: nothing is left of the column once the allowed symbols are taken off it."""
    return f"rtrim({column}, '{symbols}') = ''"


class Response(Model):
    """Rückmeldung: one newcomer's answers, in one row that is atomic to write.

    ``id`` is random and made in the form, so that sending twice stores once. ``ratings`` has one character per item
    in catalogue order, ``profile`` one per profile answer (questionnaires/answers.py). ``day`` is as fine as time
    gets. SQLite keeps the table WITHOUT ROWID: within a municipality rows lie in the order of their random key, not of
    arrival, and a round is read in one pass. Whoever may be a program is ``held`` until the agency decides; ``doubt``
    says why.
    """

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "municipality_ags"], ["participation.round_id", "participation.municipality_ags"]
        ),
        CheckConstraint("length(id) = 36", name="id_is_uuid"),
        CheckConstraint("length(CAST(day AS VARCHAR)) = 10", name="day_is_a_day"),
        CheckConstraint("length(ratings) BETWEEN 1 AND 64", name="ratings_length"),
        CheckConstraint(_holds_only("ratings", "12345-."), name="ratings_symbols"),
        CheckConstraint("length(profile) BETWEEN 1 AND 64", name="profile_length"),
        CheckConstraint(_holds_only("profile", "123456789x."), name="profile_symbols"),
        CheckConstraint(
            "channel IN ('open', 'welcome', 'counter', 'employer', 'school', 'code', 'paper')", name="channel_known"
        ),
        CheckConstraint("state IN ('counted', 'held', 'accepted', 'refused')", name="state_known"),
        CheckConstraint("doubt IN ('', 'fast', 'trap', 'many')", name="doubt_known"),
        CheckConstraint("(state = 'counted') = (doubt = '')", name="held_for_a_doubt"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(String(8), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    day: Mapped[dt.date]
    language: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(10), default="open")
    ratings: Mapped[str] = mapped_column(String(64))
    profile: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="counted", server_default="counted")
    doubt: Mapped[str] = mapped_column(String(10), default="", server_default="")


class Comment(Model):
    """A free text, under its own random key: nothing ties it to the response it came with."""

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "municipality_ags"], ["participation.round_id", "participation.municipality_ags"]
        ),
        CheckConstraint("length(id) = 36", name="id_is_uuid"),
        CheckConstraint(f"length(text) BETWEEN 1 AND {LONGEST_COMMENT}", name="text_length"),
        CheckConstraint("state IN ('unread', 'kept', 'withheld')", name="state_known"),
        CheckConstraint(f"length(extract) BETWEEN 1 AND {LONGEST_EXTRACT}", name="extract_length"),
        CheckConstraint("extract IS NULL OR state = 'kept'", name="extract_of_what_is_kept"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(String(8), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    question: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="unread")
    doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    extract: Mapped[str | None] = mapped_column(String(LONGEST_EXTRACT))


class CommentTheme(Model):
    """One theme of a free text; a text may have several (app/feedback/themes.toml)."""

    __tablename__ = "comment_theme"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "municipality_ags", "comment_id"],
            ["comment.round_id", "comment.municipality_ags", "comment.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("length(theme) BETWEEN 1 AND 20", name="theme_length"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(String(8), primary_key=True)
    comment_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    theme: Mapped[str] = mapped_column(String(20), primary_key=True)


class AccessCode(Model):
    """Zugangscode: only a keyed hash of it, and whether it is used. When, and for which response, is not known.

    The hash is the key and as good as random, so that rows lie in no order of issue or use (SQLite: WITHOUT ROWID).
    """

    __tablename__ = "access_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "municipality_ags"], ["participation.round_id", "participation.municipality_ags"]
        ),
        CheckConstraint("length(digest) = 64", name="digest_is_a_hash"),
        {"sqlite_with_rowid": False},
    )

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int]
    municipality_ags: Mapped[str] = mapped_column(String(8))
    used: Mapped[bool] = mapped_column(default=False, server_default=false())

"""Tables of the self-assessment: one per municipality and round, one row per criterion answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import Model, UtcDateTime, now
from app.personal import SIGNING, WORK, personal
from app.region.models import Municipality

LONGEST_REASON = 4000


class Assessment(Model):
    """Selbsteinschätzung of one municipality in one round.

    ``consented`` is the approver's word at hand-in that results may be shown publicly by name.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("round_id", "municipality_ags"),
        ForeignKeyConstraint(
            ["round_id", "municipality_ags"], ["participation.round_id", "participation.municipality_ags"]
        ),
        CheckConstraint("state IN ('open', 'handed_in')", name="state_known"),
        CheckConstraint("(state = 'handed_in') = (handed_in_at IS NOT NULL)", name="hand_in_has_its_date"),
        CheckConstraint("state = 'handed_in' OR NOT consented", name="consent_comes_with_hand_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    consented: Mapped[bool] = mapped_column(default=False)
    handed_in_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    handed_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))
    reopened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reopened_reason: Mapped[str] = mapped_column(String(500), default="")

    municipality: Mapped[Municipality] = relationship()
    handed_in_by: Mapped[User | None] = relationship()
    answers: Mapped[list[CriterionAnswer]] = relationship(back_populates="assessment", cascade="all, delete-orphan")
    plausibility: Mapped[list[Plausibility]] = relationship(back_populates="assessment", cascade="all, delete-orphan")
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="assessment", cascade="all, delete-orphan", order_by="Evidence.id"
    )


class HandIn(Model):
    """One hand-in: the document that was signed, word for word, with its SHA-256 and who signed it.

    ``number`` counts those of one self-assessment; a criterion that the agency sent back makes a new one.
    """

    __tablename__ = "hand_in"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        CheckConstraint("number >= 1", name="number_counts"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("length(signed_name) > 0", name="signed_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    signed_name: Mapped[str] = mapped_column(String(120), info=personal(SIGNING))
    signed_function: Mapped[str] = mapped_column(String(120), info=personal(SIGNING))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    # Last: SQLite reads through all of a long text to get at a column behind it.
    document: Mapped[str] = mapped_column(Text)


class Plausibility(Model):
    """What the agency says of one criterion that was handed in, and what the municipality answered.

    "accepted", a "question", "changed" by agreement to ``agreed_level``, or "returned" for the municipality to mend.
    """

    __tablename__ = "plausibility"
    __table_args__ = (
        CheckConstraint("state IN ('accepted', 'question', 'changed', 'returned')", name="state_known"),
        CheckConstraint("(state = 'changed') = (agreed_level IS NOT NULL)", name="changed_has_its_level"),
        CheckConstraint("agreed_level IS NULL OR agreed_level BETWEEN 0 AND 4", name="agreed_level_in_range"),
        CheckConstraint("state = 'accepted' OR length(remark) > 0", name="says_why"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(12), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    remark: Mapped[str] = mapped_column(Text, default="")
    agreed_level: Mapped[int | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))

    assessment: Mapped[Assessment] = relationship(back_populates="plausibility")


class CriterionAnswer(Model):
    """The municipality's answer to one criterion. ``version`` counts saves, so that nobody overwrites unseen.

    ``regulated``, ``lived`` and ``visible`` explain a level and count for nothing; ``responsible`` and ``due`` are what
    level 1 asks for. ``taken_over`` marks last round's answer until somebody confirms it.
    """

    __tablename__ = "criterion_answer"
    __table_args__ = (
        CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name="level_in_range"),
        CheckConstraint("NOT not_applicable OR level IS NULL", name="level_or_not_applicable"),
        CheckConstraint("NOT not_applicable OR length(trim(reason)) > 0", name="not_applicable_has_reason"),
        CheckConstraint(f"length(reason) <= {LONGEST_REASON}", name="reason_length"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(12), primary_key=True)
    level: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    regulated: Mapped[bool] = mapped_column(default=False)
    lived: Mapped[bool] = mapped_column(default=False)
    visible: Mapped[bool] = mapped_column(default=False)
    responsible: Mapped[str] = mapped_column(String(160), default="")
    due: Mapped[dt.date | None]
    taken_over: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))

    assessment: Mapped[Assessment] = relationship(back_populates="answers")
    saved_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - declared so by SQLAlchemy


class AnswerRevision(Model):
    """A version of an answer that somebody left, as JSON; what one person saves in one sitting is one version."""

    __tablename__ = "answer_revision"
    __table_args__ = (UniqueConstraint("assessment_id", "criterion", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    criterion: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    began_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))

    saved_by: Mapped[User | None] = relationship()


class Evidence(Model):
    """Nachweis: what shows that a criterion's level is reached: an address, a text, or a file kept by its SHA-256.

    ``dated`` is the day it speaks of; ``shows_check`` and ``shows_improvement`` are what level 4 asks for. A link is
    "alive" or "dead" once it was looked at, "unchecked" before.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('link', 'text', 'file')", name="kind_known"),
        CheckConstraint("(kind = 'link') = (length(address) > 0)", name="link_has_address"),
        CheckConstraint("(kind = 'text') = (length(body) > 0)", name="text_has_body"),
        CheckConstraint("(kind = 'file') = (sha256 IS NOT NULL)", name="file_has_its_hash"),
        CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name="file_has_its_size"),
        CheckConstraint("length(title) > 0", name="title_is_there"),
        CheckConstraint("link_state IN ('unchecked', 'alive', 'dead')", name="link_state_known"),
        Index("ix_evidence_assessment_id_criterion", "assessment_id", "criterion"),
        Index("ix_evidence_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    criterion: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(200))
    dated: Mapped[dt.date]
    shows_check: Mapped[bool] = mapped_column(default=False)
    shows_improvement: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(1000), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(String(100), default="")
    file_name: Mapped[str] = mapped_column(String(150), default="")
    link_state: Mapped[str] = mapped_column(String(10), default="unchecked")
    link_checked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))

    assessment: Mapped[Assessment] = relationship(back_populates="evidence")

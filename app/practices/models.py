"""Tables of the exchange of practices: a practice, its versions, who adopted it, what was asked, who follows what."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import Model, UtcDateTime, now
from app.personal import WORK, personal
from app.region.models import Municipality
from app.uploads.kept import KeptFile, whole_hash

DRAFT, SUBMITTED, RETURNED, PUBLISHED, REPLACED = "draft", "submitted", "returned", "published", "replaced"
STATES = (DRAFT, SUBMITTED, RETURNED, PUBLISHED, REPLACED)
OPEN = (DRAFT, SUBMITTED, RETURNED)
"""States of a version that is still being worked on."""
PARTICIPANTS, ALL = "participants", "all"
WORKED, PARTLY, FAILED, UNDECIDED = "worked", "partly", "failed", "open"
OUTCOMES = (WORKED, PARTLY, FAILED, UNDECIDED)
"""Whether it worked; nobody knows that yet, or has said so, of what is ``UNDECIDED``."""
ADOPTIONS = ("planned", "adopted", "changed", "dropped")
"""What became of a practice somewhere else: intended, taken over, taken over in another form, tried and given up."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_CONTACT = 160, 6000, 160
LONGEST_QUESTION = 2000


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Practice(Model):
    """Praxisbeispiel: something tried, by a municipality of the region or by somebody else (``place``).

    ``source_key`` marks one that the agency collected from public sources; the municipality did not write it.
    ``visibility`` counts from the first published version on. The author is known only as long as the account exists.
    """

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint(_one_of("visibility", (PARTICIPANTS, ALL)), name="visibility_known"),
        CheckConstraint("(municipality_ags IS NULL) = (length(place) > 0)", name="somewhere"),
        Index("ix_practice_municipality_ags", "municipality_ags"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipality.ags"))
    place: Mapped[str] = mapped_column(String(120), default="")
    source_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    visibility: Mapped[str] = mapped_column(String(12), default=PARTICIPANTS)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    municipality: Mapped[Municipality | None] = relationship()
    author: Mapped[User | None] = relationship()
    versions: Mapped[list[Version]] = relationship(
        back_populates="practice", cascade="all, delete-orphan", order_by="Version.number"
    )
    adoptions: Mapped[list[Adoption]] = relationship(
        back_populates="practice", cascade="all, delete-orphan", order_by="Adoption.saved_at"
    )
    questions: Mapped[list[Question]] = relationship(
        back_populates="practice", cascade="all, delete-orphan", order_by="Question.id"
    )

    @property
    def where(self) -> str:
        """Whose practice it is, as people say it."""
        return self.municipality.name if self.municipality else self.place

    @property
    def shown(self) -> Version | None:
        """The version that readers see."""
        return next((version for version in self.versions if version.state == PUBLISHED), None)

    @property
    def open(self) -> Version | None:
        """The version that is being worked on."""
        return next((version for version in self.versions if version.state in OPEN), None)


class Version(Model):
    """One version of a practice. One at a time is worked on, one at a time is shown; those before it stay readable.

    ``costs`` are euros and ``hours`` working hours, ``None`` where nobody has counted. ``contact`` is a function.
    """

    __tablename__ = "practice_version"
    __table_args__ = (
        UniqueConstraint("practice_id", "number"),
        CheckConstraint(_one_of("state", STATES), name="state_known"),
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome_known"),
        CheckConstraint("length(title) BETWEEN 1 AND 160", name="title_length"),
        CheckConstraint("costs >= 0 AND hours >= 0", name="effort_counted"),
        CheckConstraint(
            "(state IN ('published', 'replaced')) = (published_at IS NOT NULL)", name="published_has_its_date"
        ),
        CheckConstraint("state <> 'returned' OR length(remark) > 0", name="returned_says_why"),
        Index("uq_practice_version_one_shown", "practice_id", unique=True,
              sqlite_where=text("state = 'published'"), postgresql_where=text("state = 'published'")),
        Index("uq_practice_version_one_open", "practice_id", unique=True,
              sqlite_where=text("state IN ('draft', 'submitted', 'returned')"),
              postgresql_where=text("state IN ('draft', 'submitted', 'returned')")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    target_groups: Mapped[str] = mapped_column(String(80), default="")
    done: Mapped[str] = mapped_column(Text, default="")
    costs: Mapped[int | None]
    hours: Mapped[int | None]
    effect: Mapped[str] = mapped_column(Text, default="")
    measured: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(String(10), default=WORKED)
    why: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(LONGEST_CONTACT), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    practice: Mapped[Practice] = relationship(back_populates="versions")
    criteria: Mapped[list[Touched]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="Touched.criterion"
    )
    links: Mapped[list[Link]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="Link.position"
    )
    files: Mapped[list[Attachment]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="Attachment.id"
    )

    @property
    def groups(self) -> list[str]:
        """The ids of the target groups."""
        return self.target_groups.split()

    @property
    def keys(self) -> list[str]:
        """The ids of the criteria."""
        return [touched.criterion for touched in self.criteria]


class Touched(Model):
    """A criterion that a version of a practice is about."""

    __tablename__ = "practice_criterion"
    __table_args__ = (Index("ix_practice_criterion_criterion", "criterion"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("practice_version.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(12), primary_key=True)

    version: Mapped[Version] = relationship(back_populates="criteria")


class Link(Model):
    """A page that says more, or the source of what is said."""

    __tablename__ = "practice_link"
    __table_args__ = (
        CheckConstraint("address LIKE 'https://%' OR address LIKE 'http://%'", name="is_an_address"),
    )  # fmt: skip

    version_id: Mapped[int] = mapped_column(ForeignKey("practice_version.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(1000))

    version: Mapped[Version] = relationship(back_populates="links")


class Attachment(KeptFile, Model):
    """A file of a version: a flyer, a letter, a concept."""

    __tablename__ = "practice_file"
    __table_args__ = (whole_hash(), Index("ix_practice_file_version_id", "version_id"))

    version_id: Mapped[int] = mapped_column(ForeignKey("practice_version.id", ondelete="CASCADE"))

    version: Mapped[Version] = relationship(back_populates="files")


class Adoption(Model):
    """What another municipality made of a practice, and how it went there."""

    __tablename__ = "practice_adoption"
    __table_args__ = (CheckConstraint(_one_of("state", ADOPTIONS), name="state_known"),)

    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(ForeignKey("municipality.ags"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    result: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    practice: Mapped[Practice] = relationship(back_populates="adoptions")
    municipality: Mapped[Municipality] = relationship()


class Question(Model):
    """A question about a practice, asked for a municipality or (without one) by the agency, and its answer."""

    __tablename__ = "practice_question"
    __table_args__ = (
        CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text_length"),
        CheckConstraint("(length(answer) > 0) = (answered_at IS NOT NULL)", name="answer_has_its_date"),
        Index("ix_practice_question_practice_id", "practice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"))
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipality.ags"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    practice: Mapped[Practice] = relationship(back_populates="questions")
    municipality: Mapped[Municipality | None] = relationship()
    asked_by: Mapped[User | None] = relationship()


class Follow(Model):
    """Somebody wants to hear of new practices on a criterion; ``told_until`` is what the last digest reached to."""

    __tablename__ = "practice_follow"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, info=personal(WORK)
    )
    criterion: Mapped[str] = mapped_column(String(12), primary_key=True)
    told_until: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = relationship()

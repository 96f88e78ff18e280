"""Tables of working together. Everything belongs to one criterion of one municipality in one round."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.database import Model, UtcDateTime, now
from app.personal import WORK, personal

PARTICIPATION = (["round_id", "municipality_ags"], ["participation.round_id", "participation.municipality_ags"])


class Assignment(Model):
    """Who takes care of a criterion, and until when."""

    __tablename__ = "assignment"
    __table_args__ = (ForeignKeyConstraint(*PARTICIPATION, ondelete="CASCADE"),)

    round_id: Mapped[int] = mapped_column(primary_key=True)
    municipality_ags: Mapped[str] = mapped_column(primary_key=True)
    criterion: Mapped[str] = mapped_column(String(12), primary_key=True)
    assignee_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=personal(WORK))
    due: Mapped[dt.date | None]
    assigned_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))

    assignee: Mapped[User] = relationship(foreign_keys=assignee_id)


class Note(Model):
    """A note that colleagues leave each other; the agency does not read it."""

    __tablename__ = "note"
    __table_args__ = (
        ForeignKeyConstraint(*PARTICIPATION, ondelete="CASCADE"),
        CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text_length"),
        Index("ix_note_place", "round_id", "municipality_ags", "criterion"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    municipality_ags: Mapped[str]
    criterion: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=personal(WORK))

    author: Mapped[User | None] = relationship()
    mentions: Mapped[list[Mention]] = relationship(cascade="all, delete-orphan", back_populates="note")


class Mention(Model):
    """Somebody is spoken to in a note; ``done`` once they have said so."""

    __tablename__ = "mention"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, info=personal(WORK)
    )
    done: Mapped[bool] = mapped_column(default=False)

    note: Mapped[Note] = relationship(back_populates="mentions")


class Presence(Model):
    """Where somebody was seen last; one row for each person, overwritten, and worth nothing after a minute."""

    __tablename__ = "presence"
    __table_args__ = (
        ForeignKeyConstraint(*PARTICIPATION, ondelete="CASCADE"),
        Index("ix_presence_place", "round_id", "municipality_ags", "criterion"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, info=personal(WORK)
    )
    round_id: Mapped[int]
    municipality_ags: Mapped[str]
    criterion: Mapped[str] = mapped_column(String(12))
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = relationship()

"""The table of the outbox."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, UtcDateTime, now
from app.personal import MAILING, personal

LONGEST_SUBJECT = 200
WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"
STATES = (WAITING, SENDING, SENT, FAILED)


class OutgoingMail(Model):
    """A mail that waits, or what became of it. Its text goes when it is sent: links in it are for the reader alone.

    ``key`` says what it tells of, so that nothing is told twice. ``problem`` is one of ``app.outbox.sending.PROBLEMS``,
    never what a server answered. ``user_id`` is the account it is for. ``attachment`` names the file it carries, as
    ``kind:reference``; ``app.outbox.attaching`` makes it.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="state_known"),
        CheckConstraint("attempts >= 0", name="attempts_count"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_date"),
        CheckConstraint("state <> 'sent' OR length(body) = 0", name="sent_forgets_its_text"),
        CheckConstraint("state <> 'failed' OR length(problem) > 0", name="failure_says_why"),
        Index("ix_outgoing_mail_state_next_try_at", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    user_id: Mapped[int | None] = mapped_column(info=personal(MAILING))
    recipient: Mapped[str] = mapped_column(String(255), info=personal(MAILING))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), info=personal(MAILING))
    body: Mapped[str] = mapped_column(Text, info=personal(MAILING, secret=True))
    attachment: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    next_try_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


REFUSED_BY_SERVER, CAME_BACK = "refused", "came_back"
HOW_BOUNCED = (REFUSED_BY_SERVER, CAME_BACK)


class BouncedAddress(Model):
    """An address that takes no mail: the mail server refused it, or somebody in the agency saw a mail come back."""

    __tablename__ = "bounced_address"
    __table_args__ = (CheckConstraint(f"how IN ({', '.join(repr(how) for how in HOW_BOUNCED)})", name="how_known"),)

    address: Mapped[str] = mapped_column(String(255), primary_key=True, info=personal(MAILING))
    user_id: Mapped[int | None] = mapped_column(info=personal(MAILING))
    how: Mapped[str] = mapped_column(String(10))
    marked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

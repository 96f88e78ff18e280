"""Sending what waits. A mail server that is down changes nothing but the time."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_mailman import EmailMessage
from sqlalchemy import select, update

from app.database import db, now
from app.outbox import bouncing
from app.outbox.attaching import file_for
from app.outbox.models import FAILED, REFUSED_BY_SERVER, SENDING, SENT, WAITING, OutgoingMail
from app.outbox.putting import wake_after_commit

FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=6)
PATIENCE = dt.timedelta(days=5)
"""So long a mail is tried before somebody has to look."""
SILENCE = dt.timedelta(minutes=15)
"""Who began to send so long ago was interrupted."""
AT_A_TIME = 100
PERMANENT = 500
"""From this reply code of a mail server on, trying again is of no use."""

UNREACHABLE, REFUSED, INTERRUPTED, GIVEN_UP = "unreachable", "refused", "interrupted", "given-up"
PROBLEMS = {
    UNREACHABLE: _("Der Mailserver war nicht erreichbar. Es wird von selbst wieder versucht."),
    REFUSED: _("Der Mailserver nimmt diese Adresse nicht an. Bitte prüfen Sie die Schreibweise."),
    INTERRUPTED: _("Das Senden wurde unterbrochen; ob die Mail ankam, ist nicht sicher. Fragen Sie nach, bevor Sie es "
                   "noch einmal versuchen."),
    GIVEN_UP: _("Fünf Tage lang war der Mailserver nicht erreichbar. Bitte lassen Sie die Einstellungen prüfen."),
}  # fmt: skip
"""What can stand in the way, in words."""

log = logging.getLogger(__name__)


def send_waiting() -> int:
    """Send every mail whose time has come; returns how many went out. Commits after each."""
    _give_up_interrupted()
    due = select(OutgoingMail.id).where(OutgoingMail.state == WAITING, OutgoingMail.next_try_at <= now())
    numbers = db.session.scalars(due.order_by(OutgoingMail.id).limit(AT_A_TIME)).all()
    db.session.rollback()
    return sum(_send(number) for number in numbers)


def newest(limit: int = 100) -> Sequence[OutgoingMail]:
    """The newest mails, whatever became of them."""
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(limit)).all()


def try_again(mail: OutgoingMail) -> None:
    """Let a mail that failed, or waits for its next try, be sent now. Does not commit."""
    if mail.state in (FAILED, WAITING):
        mail.state, mail.next_try_at, mail.created_at = WAITING, now(), now()
        wake_after_commit()


def _send(number: int) -> bool:
    if not _claim(number):
        return False
    mail = db.session.get_one(OutgoingMail, number)
    message = EmailMessage(mail.subject, mail.body, to=[mail.recipient])
    file = file_for(mail.attachment, mail.recipient)
    if file is not None:
        message.attach(file)
    db.session.rollback()  # Talking to a mail server may take long; nothing is held meanwhile.
    problem = _deliver(message, number)
    mail = db.session.get_one(OutgoingMail, number)
    if problem == REFUSED:
        bouncing.mark(mail.recipient, REFUSED_BY_SERVER, mail.user_id)
    if problem is None:
        bouncing.clear(mail.recipient)
        mail.state, mail.sent_at, mail.body, mail.problem = SENT, now(), "", ""
    else:
        _postpone(mail, problem)
    db.session.commit()
    return problem is None


def _claim(number: int) -> bool:
    """Take the mail, unless another worker has it."""
    taken = update(OutgoingMail).where(OutgoingMail.id == number, OutgoingMail.state == WAITING)
    values = {"state": SENDING, "attempts": OutgoingMail.attempts + 1, "next_try_at": now()}
    rows = db.session.execute(taken.values(**values)).rowcount  # type: ignore[attr-defined]
    db.session.commit()
    return bool(rows)


def _deliver(message: EmailMessage, number: int) -> str | None:
    """What stood in the way, ``None`` if nothing did."""
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("Mail %s could not be sent: %s", number, type(error).__name__)
        return REFUSED if _for_good(error) else UNREACHABLE
    return None


def _for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _answer in error.recipients.values())
    return False


def _postpone(mail: OutgoingMail, problem: str) -> None:
    """Try again after a pause that doubles each time, or leave it to people."""
    over = now() - mail.created_at > PATIENCE
    mail.problem = GIVEN_UP if over and problem == UNREACHABLE else problem
    mail.state = FAILED if over or problem == REFUSED else WAITING
    mail.next_try_at = now() + min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 16), LONGEST_PAUSE)


def _give_up_interrupted() -> None:
    stuck = update(OutgoingMail).where(OutgoingMail.state == SENDING, OutgoingMail.next_try_at < now() - SILENCE)
    db.session.execute(stuck.values(state=FAILED, problem=INTERRUPTED))
    db.session.commit()

"""Putting a mail into the outbox: it leaves if, and only if, the transaction that tells of it is committed."""

from __future__ import annotations

import logging
from typing import Any

from flask import current_app
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app.database import db
from app.outbox.models import LONGEST_SUBJECT, WAITING, OutgoingMail

WAKE = "willkommen-outbox-wake"
"""Where the application keeps the function that tells a worker to look into the outbox now rather than in a minute."""
ADDED = "outbox-added"

log = logging.getLogger(__name__)


def put(key: str, recipient: str, subject: str, body: str, user_id: int | None = None, attachment: str = "") -> bool:
    """Let a mail wait for the worker; false, and nothing happens, if there is one under the same key already.

    ``attachment`` names a file to make when it leaves (``app.outbox.attaching``).
    """
    if db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.key == key)):
        return False
    line = " ".join(subject.split())[:LONGEST_SUBJECT]
    told = {"subject": line, "body": body, "attachment": attachment}
    db.session.add(OutgoingMail(key=key, recipient=recipient, user_id=user_id, **told))
    wake_after_commit()
    return True


def take_back(key: str) -> None:
    """Let a mail that has not left yet never leave."""
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.key == key, OutgoingMail.state == WAITING))


def wake_after_commit() -> None:
    """Tell a worker, once what is being done is committed."""
    db.session.info[ADDED] = True


def _wake(session: Session) -> None:
    """Nothing that goes wrong here may harm what was just committed: a worker looks every minute anyway."""
    if session.in_nested_transaction() or not session.info.pop(ADDED, False):
        return
    wake: Any = current_app.extensions.get(WAKE)
    try:
        if wake is not None:
            wake()
    except Exception:
        log.exception("No worker could be told that there is mail")


def _forget(session: Session, rolled_back: Any) -> None:
    if not rolled_back.nested:
        session.info.pop(ADDED, None)


event.listen(Session, "after_commit", _wake)
event.listen(Session, "after_soft_rollback", _forget)

"""Flask-Security's mails go through the outbox too, so that no page waits for a mail server or fails with it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, after_this_request, has_request_context
from flask_security import MailUtil

from app import outbox
from app.database import db


class MailThroughOutbox(MailUtil):
    """Leaves mails to the worker."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Put the mail into the outbox, and see to it that the request commits."""
        user = kwargs.get("user")
        key = f"{template}:{uuid.uuid4().hex}"
        outbox.put(key, str(recipient), str(subject), body or "", user.id if user is not None else None)
        if has_request_context():
            after_this_request(_commit)
        else:
            db.session.commit()


def _commit(response: Response) -> Response:
    db.session.commit()
    return response

"""Inviting people: an account with a password that nobody knows, and a link by mail to choose one."""

from __future__ import annotations

import logging
import secrets
import smtplib
from collections.abc import Collection

from flask_security.recoverable import send_reset_password_instructions

from app.accounts.management import create_user
from app.accounts.models import User

log = logging.getLogger(__name__)


class MailNotSent(RuntimeError):
    """The mail server did not take the invitation."""


def create_invited(
    email: str, roles: Collection[str], municipality: str | None, function: str, district: str | None = None
) -> User:
    """An account that is opened by the link in its invitation; ``AccountNotValid`` says what is wrong."""
    return create_user(email, secrets.token_urlsafe(32), roles, municipality, function, district)


def send_invitation(user: User) -> None:
    """Send the link to choose a password; ``MailNotSent`` if the mail server refuses. Commit the account before."""
    try:
        send_reset_password_instructions(user)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("An invitation could not be sent: %s", type(error).__name__)
        raise MailNotSent from error

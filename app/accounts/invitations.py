"""Inviting people: an account with a password that nobody knows, and a link by mail to choose one."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from flask import render_template
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from flask_security import hash_password
from sqlalchemy import select

from app import outbox
from app.accounts.management import account_subject, create_user
from app.accounts.models import Invitation, User
from app.audit import record
from app.database import db, now
from app.outbox.models import OutgoingMail
from app.outbox.putting import take_back

WEEK = dt.timedelta(days=7)

WHY_NOT: dict[str, LazyString] = {
    "unknown": lazy_gettext(
        "Diesen Link gibt es nicht. Vielleicht hat Ihr Mailprogramm ihn umgebrochen: Kopieren Sie ihn vollständig aus "
        "der Mail in die Adresszeile."
    ),
    "used": lazy_gettext("Dieser Link wurde schon benutzt. Ihr Konto ist eingerichtet, Sie können sich anmelden."),
    "expired": lazy_gettext("Dieser Link galt eine Woche und ist abgelaufen. Bitten Sie die Agentur um einen neuen."),
    "withdrawn": lazy_gettext(
        "Dieser Link gilt nicht mehr. Haben Sie eine neuere Einladung bekommen, benutzen Sie bitte deren Link; sonst "
        "wenden Sie sich an die Agentur."
    ),
}
"""Why a link does not open an account, and what to do."""


class InvitationNotValid(ValueError):
    """A link that opens nothing; ``reason`` is one of ``WHY_NOT``."""

    def __init__(self, reason: str) -> None:
        super().__init__(str(WHY_NOT[reason]))
        self.reason = reason


@dataclass(frozen=True)
class Standing:
    """What became of somebody's latest invitation and of its mail (``None`` if that is no longer stored)."""

    invitation: Invitation
    mail: OutgoingMail | None


def create_invited(
    email: str, roles: Collection[str], municipality: str | None, function: str, district: str | None = None
) -> User:
    """An account with its invitation on the way; ``AccountNotValid`` says what is wrong. Does not commit."""
    user = create_user(email, secrets.token_urlsafe(32), roles, municipality, function, district)
    invite(user)
    return user


def invite(user: User) -> Invitation:
    """Send somebody a link of their own; every earlier one ends with it. Does not commit."""
    _withdraw_open(user)
    secret = secrets.token_urlsafe(32)
    digest = _digest(secret)
    invitation = Invitation(
        user_id=user.id,
        email=user.email,
        token_sha256=digest,
        mail_key=f"invitation:{digest[:32]}",
        expires_at=now() + WEEK,
    )
    db.session.add(invitation)
    body = render_template("accounts/email/invitation.txt", user=user, token=secret, invitation=invitation)
    outbox.put(invitation.mail_key, user.email, _("Willkommenskompass: Ihre Einladung"), body, user.id)
    record("account.invited", account_subject(user), municipality=user.municipality_ags, about=user.id)
    return invitation


def withdraw(user: User) -> bool:
    """Let the open link end; false if there is none. Does not commit."""
    found = _withdraw_open(user)
    if found:
        record("account.uninvited", account_subject(user), municipality=user.municipality_ags, about=user.id)
    return found


def invitation_of(secret: str) -> Invitation:
    """The open invitation behind a link; ``InvitationNotValid`` says why there is none."""
    query = select(Invitation).where(Invitation.token_sha256 == _digest(secret)).with_for_update()
    found = db.session.scalar(query)
    if found is None:
        raise InvitationNotValid("unknown")
    if found.state != "open":
        raise InvitationNotValid(found.state)
    if found.email != found.user.email or not found.user.active:
        raise InvitationNotValid("withdrawn")
    return found


def accept(invitation: Invitation, password: str) -> None:
    """Set the password and use the link up. ``password`` is checked and normalised. Does not commit."""
    invitation.used_at = now()
    invitation.user.password = hash_password(password)
    person = invitation.user
    record(
        "account.opened", account_subject(person), municipality=person.municipality_ags, actor=person, about=person.id
    )


def standings() -> dict[int, Standing]:
    """The latest invitation of every account that has one, by the number of the account."""
    both = select(Invitation, OutgoingMail).outerjoin(OutgoingMail, OutgoingMail.key == Invitation.mail_key)
    found = db.session.execute(both.order_by(Invitation.id))
    return {invitation.user_id: Standing(invitation, mail) for invitation, mail in found}


def _withdraw_open(user: User) -> bool:
    unused = (Invitation.user_id == user.id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    found = db.session.scalars(select(Invitation).where(*unused)).all()
    for invitation in found:
        invitation.withdrawn_at = now()
        take_back(invitation.mail_key)
    return bool(found)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

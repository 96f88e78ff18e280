"""Whose account a person at the provider has. Nobody gets a new one: accounts come from invitations only."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext
from flask_security import current_user
from sqlalchemy import delete, select

from app.accounts.management import account_subject
from app.accounts.models import User
from app.audit import describe, record
from app.database import db
from app.sign_on.models import LONGEST, Identity
from app.sign_on.provider import Claims
from app.sign_on.refusals import SignOnRefused

describe(
    actions={
        "account.bound": lazy_gettext("Konto mit dem Anmeldedienst verknüpft"),
        "account.unbound": lazy_gettext("Verknüpfung mit dem Anmeldedienst gelöst"),
    }
)


def account_of(claims: Claims) -> User:
    """The account of that person, bound to them if it is not yet; ``SignOnRefused`` says why there is none.

    The first time the account is found by its address, if the provider has verified it; from then on by the person's
    own key there, whatever becomes of the address. Does not commit.
    """
    found = db.session.scalar(select(Identity).filter_by(issuer=claims.issuer, subject=claims.subject))
    user = _bind(claims) if found is None else found.user
    if not user.active:
        raise SignOnRefused("disabled")
    return user


def is_bound() -> bool:
    """Whether the reader's account belongs to somebody at the provider in use."""
    issuer = current_app.config["KOMPASS"].oidc_issuer
    return bool(issuer) and _identity(current_user.id, issuer) is not None


def release(user: User) -> None:
    """Let the account belong to nobody at any provider. Does not commit."""
    db.session.execute(delete(Identity).where(Identity.user_id == user.id))
    record("account.unbound", account_subject(user), municipality=user.municipality_ags, about=user.id)


def _bind(claims: Claims) -> User:
    if not claims.email:
        raise SignOnRefused("no-address")
    if not claims.verified:
        raise SignOnRefused("not-verified")
    if not 0 < len(claims.subject) <= LONGEST:
        raise SignOnRefused("not-checked")
    user = db.session.scalar(select(User).where(User.email == claims.email))
    if user is None:
        raise SignOnRefused("unknown")
    if _identity(user.id, claims.issuer) is not None:
        raise SignOnRefused("somebody-else")
    if user.active:
        db.session.add(Identity(user_id=user.id, issuer=claims.issuer, subject=claims.subject))
        record("account.bound", account_subject(user), municipality=user.municipality_ags, actor=user, about=user.id)
    return user


def _identity(user_id: int, issuer: str) -> Identity | None:
    return db.session.get(Identity, (user_id, issuer))

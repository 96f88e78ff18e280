"""Use cases of accounts: creating one, with every mistake named."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from email_validator import EmailNotValidError, validate_email
from flask_security import hash_password
from flask_security.proxies import _security
from sqlalchemy import select

from app.accounts.models import MUNICIPAL_ROLES, ROLES, Role, User
from app.database import db
from app.region.models import Municipality

SHORTEST_PASSWORD = 12
ADDRESS_RULES = {"check_deliverability": False, "test_environment": True}
"""An address is checked by its form only: no name server is asked, and addresses of test networks are fine."""


class AccountNotValid(ValueError):
    """An account cannot be made as asked; the message says what to change."""


def create_user(
    email: str, password: str, roles: Collection[str], municipality: str | None = None, function: str = ""
) -> User:
    """Make an account and add it to the session; ``AccountNotValid`` says in German what is wrong.

    ``municipality`` is an AGS; municipal roles need one and the agency must not have one.
    """
    address = _checked_address(email)
    _check_roles(roles, municipality)
    if municipality is not None and db.session.get(Municipality, municipality) is None:
        raise AccountNotValid(f"Eine Kommune mit dem Schlüssel »{municipality}« gibt es nicht.")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountNotValid(f"Das Passwort braucht mindestens {SHORTEST_PASSWORD} Zeichen.")
    user = User(
        email=address,
        password=hash_password(_security.password_util.normalize(password)),
        function=function,
        fs_uniquifier=uuid.uuid4().hex,
        municipality_ags=municipality,
        roles=[_role(name) for name in roles],
    )
    db.session.add(user)
    return user


def _checked_address(email: str) -> str:
    try:
        address = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise AccountNotValid(f"»{email}« ist keine E-Mail-Adresse.") from None
    if db.session.scalar(select(User.id).where(User.email == address)):
        raise AccountNotValid(f"Ein Konto mit der Adresse »{address}« gibt es schon.")
    return address


def _check_roles(roles: Collection[str], municipality: str | None) -> None:
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise AccountNotValid(f"Rolle »{', '.join(unknown)}« ist unbekannt. Möglich sind: {', '.join(ROLES)}.")
    municipal = bool(set(roles) & set(MUNICIPAL_ROLES))
    if municipal and municipality is None:
        raise AccountNotValid("Diese Rolle gehört zu einer Kommune. Geben Sie ihren achtstelligen Schlüssel an.")
    if not municipal and municipality is not None:
        raise AccountNotValid("Die Agentur gehört zu keiner Kommune. Lassen Sie den Gemeindeschlüssel weg.")
    if municipal and len(set(roles) - set(MUNICIPAL_ROLES)):
        raise AccountNotValid("Ein Konto ist entweder für die Agentur oder für eine Kommune, nicht für beides.")


def _role(name: str) -> Role:
    found = db.session.scalar(select(Role).where(Role.name == name))
    if found is None:
        found = Role(name=name)
        db.session.add(found)
        db.session.flush()
    return found

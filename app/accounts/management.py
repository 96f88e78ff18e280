"""Use cases of accounts: creating one, and giving and taking roles, with every mistake named."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_security import hash_password
from flask_security.proxies import _security
from sqlalchemy import delete, select

from app.accounts.models import AGENCY, MUNICIPAL_ROLES, READER, ROLES, Role, User
from app.audit import Subject, record
from app.database import db
from app.region.models import District, Municipality

Change = Mapping[str, object]

SHORTEST_PASSWORD = 12
ADDRESS_RULES = {"check_deliverability": False, "test_environment": True}
"""An address is checked by its form only: no name server is asked, and addresses of test networks are fine."""


class AccountNotValid(ValueError):
    """An account cannot be made or changed as asked; the message says what to do instead."""


def create_user(
    email: str,
    password: str,
    roles: Collection[str],
    municipality: str | None = None,
    function: str = "",
    district: str | None = None,
) -> User:
    """Make an account and add it to the session; ``AccountNotValid`` says what is wrong.

    ``municipality`` is an AGS, ``district`` the key of a district: municipal roles need the one, readers the other,
    and the agency neither.
    """
    address = _checked_address(email)
    check_place(roles, municipality, district)
    if len(password) < SHORTEST_PASSWORD:
        raise AccountNotValid(_("Das Passwort braucht mindestens %(number)s Zeichen.", number=SHORTEST_PASSWORD))
    user = User(
        email=address,
        password=hash_password(_security.password_util.normalize(password)),
        function=function,
        fs_uniquifier=uuid.uuid4().hex,
        roles=[Role(name=name, municipality_ags=municipality, district_ags=district) for name in roles],
    )
    db.session.add(user)
    db.session.flush()
    _record("account.created", user, municipality, {}, {"email": address, "roles": sorted(roles)})
    return user


def grant(user: User, roles: Collection[str], municipality: str | None = None, district: str | None = None) -> None:
    """Give somebody further roles; ``AccountNotValid`` if they have them or the roles do not go together."""
    check_place(roles, municipality, district)
    _check_kind(user, roles)
    place = (municipality, district)
    held = {role.name for role in _own(user) if (role.municipality_ags, role.district_ags) == place}
    new = [name for name in roles if name not in held]
    if not new:
        raise AccountNotValid(_("Diese Aufgabe hat das Konto schon."))
    user.roles.extend(Role(name=name, municipality_ags=municipality, district_ags=district) for name in new)
    after = sorted(held | set(new))
    _record("account.roles_changed", user, municipality, {"roles": sorted(held)}, {"roles": after})


def revoke(user: User, role: Role) -> None:
    """Take a role from somebody, and from whomever they named as deputy for it."""
    place = role.municipality_ags
    held = {other.name for other in _own(user) if other.municipality_ags == place}
    user.roles.remove(role)
    named = (Role.deputy_for_id == user.id, Role.name == role.name, Role.municipality_ags == place)
    db.session.execute(delete(Role).where(*named))
    after = sorted(held - {role.name})
    _record("account.roles_changed", user, place, {"roles": sorted(held)}, {"roles": after})


def switch(user: User, active: bool) -> None:
    """Put an account out of use, or back into it. Whom they named as deputy is none any longer."""
    before, user.active = user.active, active
    if not active:
        db.session.execute(delete(Role).where(Role.deputy_for_id == user.id))
    _record("account.switched", user, user.municipality_ags, {"active": before}, {"active": active})


def account_subject(user: User) -> Subject:
    """How the audit log names an account: by a number that says nothing about the person."""
    return Subject("account", str(user.id))


def _record(action: str, user: User, municipality: str | None, before: Change, after: Change) -> None:
    subject = account_subject(user)
    record(action, subject, before=before, after=after, municipality=municipality, about=user.id)


def _own(user: User) -> list[Role]:
    return [role for role in user.roles if role.deputy_for_id is None]


def _checked_address(email: str) -> str:
    try:
        address = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise AccountNotValid(_("»%(email)s« ist keine E-Mail-Adresse.", email=email)) from None
    if db.session.scalar(select(User.id).where(User.email == address)):
        raise AccountNotValid(_("Ein Konto mit der Adresse »%(email)s« gibt es schon.", email=address))
    return address


def check_place(roles: Collection[str], municipality: str | None, district: str | None = None) -> None:
    """Raise ``AccountNotValid`` unless the roles exist, go together, and belong where they are given."""
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        known = ", ".join(ROLES)
        text = _("Rolle »%(roles)s« ist unbekannt. Möglich sind: %(known)s.", roles=", ".join(unknown), known=known)
        raise AccountNotValid(text)
    if len({_kind(name) for name in roles}) > 1:
        raise AccountNotValid(_("Ein Konto ist entweder für die Agentur, für Kommunen oder zum Lesen für einen Kreis."))
    _PLACES[_kind(next(iter(roles)))](municipality, district)


def _kind(role: str) -> str:
    return "municipal" if role in MUNICIPAL_ROLES else role


def _check_kind(user: User, roles: Collection[str]) -> None:
    if {_kind(role.name) for role in user.roles} - {_kind(name) for name in roles}:
        raise AccountNotValid(_("Ein Konto ist entweder für die Agentur, für Kommunen oder zum Lesen für einen Kreis."))


def _needs_municipality(municipality: str | None, district: str | None) -> None:
    if municipality is None or district is not None:
        raise AccountNotValid(_("Diese Rolle gehört zu einer Kommune. Geben Sie ihren achtstelligen Schlüssel an."))
    if db.session.get(Municipality, municipality) is None:
        raise AccountNotValid(_("Eine Kommune mit dem Schlüssel »%(ags)s« gibt es nicht.", ags=municipality))


def _needs_district(municipality: str | None, district: str | None) -> None:
    if district is None or municipality is not None:
        raise AccountNotValid(_("Diese Rolle gehört zu einem Kreis. Geben Sie seinen fünfstelligen Schlüssel an."))
    if db.session.get(District, district) is None:
        raise AccountNotValid(_("Einen Kreis mit dem Schlüssel »%(ags)s« gibt es nicht.", ags=district))


def _needs_no_place(municipality: str | None, district: str | None) -> None:
    if municipality is not None or district is not None:
        raise AccountNotValid(_("Die Agentur gehört zu keiner Kommune. Lassen Sie den Gemeindeschlüssel weg."))


_PLACES = {"municipal": _needs_municipality, READER: _needs_district, AGENCY: _needs_no_place}

"""Deputies: who coordinates or approves names somebody who may do the same for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.management import account_subject
from app.accounts.models import DEPUTISED, Role, User
from app.audit import record
from app.database import db, today
from app.region.models import Municipality

LONGEST = dt.timedelta(days=366)


class DeputyNotPossible(ValueError):
    """Somebody cannot be named as deputy so; the message says what to change."""


def roles_to_lend(user: User, municipality: Municipality) -> list[str]:
    """The roles that the user holds in their own right there, and may have a deputy for."""
    own = {role.name for role in user.roles if role.municipality_ags == municipality.ags and not role.deputy_for_id}
    return [name for name in DEPUTISED if name in own]


def colleagues(user: User, municipality: Municipality) -> Sequence[User]:
    """Whom the user can name: everybody else with an account in use in the same municipality."""
    there = select(Role.user_id).where(Role.municipality_ags == municipality.ags, Role.deputy_for_id.is_(None))
    others = select(User).where(User.id.in_(there), User.id != user.id, User.active)
    return db.session.scalars(others.order_by(User.email)).all()


def deputies_of(user: User, municipality: Municipality) -> Sequence[Role]:
    """Who stands in for the user there, now or later, the first to begin first."""
    named = select(Role).where(
        Role.deputy_for_id == user.id, Role.municipality_ags == municipality.ags, Role.ends >= today()
    )
    return db.session.scalars(named.join(Role.user).order_by(Role.starts, User.email)).all()


def name_deputy(
    user: User, municipality: Municipality, deputy: User, role: str, starts: dt.date, ends: dt.date
) -> None:
    """Let ``deputy`` act in the user's role from ``starts`` to ``ends``; raises ``DeputyNotPossible``."""
    if role not in roles_to_lend(user, municipality):
        raise DeputyNotPossible(_("Vertreten lassen können Sie sich nur in einer Aufgabe, die Sie selbst haben."))
    _check_period(starts, ends)
    place = (municipality.ags, role, user.id)
    if any((held.municipality_ags, held.name, held.deputy_for_id) == place for held in deputy.roles if held.current):
        raise DeputyNotPossible(_("Diese Person vertritt Sie schon. Beenden Sie erst die laufende Vertretung."))
    # What is over makes room: a person can stand in again.
    deputy.roles = [h for h in deputy.roles if (h.municipality_ags, h.name, h.deputy_for_id) != place]
    db.session.flush()
    held = Role(name=role, municipality_ags=municipality.ags, deputy_for_id=user.id, starts=starts, ends=ends)
    deputy.roles.append(held)
    after = {"roles": [role], "starts": starts.isoformat(), "ends": ends.isoformat()}
    record("deputy.named", account_subject(deputy), after=after, municipality=municipality.ags, about=deputy.id)


def end_deputy(held: Role) -> None:
    """End it at once."""
    before = {"roles": [held.name], "starts": str(held.starts), "ends": str(held.ends)}
    place = held.municipality_ags
    record("deputy.ended", account_subject(held.user), before=before, municipality=place, about=held.user_id)
    db.session.delete(held)


def _check_period(starts: dt.date, ends: dt.date) -> None:
    if ends < starts:
        raise DeputyNotPossible(_("Der letzte Tag liegt vor dem ersten. Bitte tauschen Sie die beiden."))
    if ends < today():
        raise DeputyNotPossible(_("Dieser Zeitraum ist schon vorbei. Wählen Sie einen letzten Tag ab heute."))
    if ends - starts > LONGEST:
        raise DeputyNotPossible(
            _("Eine Vertretung dauert höchstens ein Jahr. Bitte wählen Sie einen kürzeren Zeitraum.")
        )

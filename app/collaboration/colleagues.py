"""The people of one municipality, and the short names by which notes speak to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import lazyload, load_only

from app.accounts.models import Role, User
from app.database import db, today

SPOKEN_TO = re.compile(r"(?<![\w@])@([\w-]+)")


def colleagues_of(municipality_ags: str) -> Sequence[User]:
    """Everybody with an active account who works for the municipality today, in one statement."""
    here = select(Role.user_id).where(
        Role.municipality_ags == municipality_ags,
        Role.starts.is_(None) | ((Role.starts <= today()) & (Role.ends >= today())),
    )
    statement = select(User).where(User.id.in_(here), User.active).order_by(User.function, User.email)
    return db.session.scalars(statement.options(load_only(User.email, User.function), lazyload(User.roles))).all()


def name_of(user: User | None) -> str:
    """How colleagues see a person: the function, else the address; empty for an account that is gone."""
    return "" if user is None else user.function or user.email


def handles(people: Sequence[User]) -> dict[str, User]:
    """The short name of each: made of the function, else of the address, with a number where two would be the same."""
    found: dict[str, User] = {}
    for person in people:
        base = re.sub(r"[^\w]+", "-", (person.function or person.email.split("@")[0]).lower()).strip("-") or "konto"
        name, number = base, 2
        while name in found:
            name, number = f"{base}-{number}", number + 1
        found[name] = person
    return found


def spoken_to(text: str, people: Sequence[User]) -> tuple[list[User], list[str]]:
    """Who is spoken to in a text with ``@name``, and the names that nobody has."""
    known = handles(people)
    names = list(dict.fromkeys(match.lower() for match in SPOKEN_TO.findall(text)))
    return [known[name] for name in names if name in known], [name for name in names if name not in known]

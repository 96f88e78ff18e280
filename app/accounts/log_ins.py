"""Where somebody is logged in: listed for them alone, and ended by them, one by one or all at once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, after_this_request, request, session
from flask_login import user_logged_in, user_logged_out
from sqlalchemy import delete, select

from app.accounts.models import LogIn, User
from app.database import db

KEY = "wk_login"
"""Where the session keeps the number of its log-in."""
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def still_open(user: User) -> bool:
    """Whether the log-in of this session has not been ended elsewhere."""
    found = db.session.get(LogIn, session.get(KEY, ""))
    return found is not None and found.user_id == user.id


def of(user: User) -> Sequence[LogIn]:
    """Every open log-in of the user, the newest first."""
    return db.session.scalars(select(LogIn).where(LogIn.user_id == user.id).order_by(LogIn.began_at.desc())).all()


def end(user: User, number: str) -> bool:
    """End one log-in of the user; false if it is not theirs or already over. Does not commit."""
    found = db.session.get(LogIn, number)
    if found is None or found.user_id != user.id:
        return False
    db.session.delete(found)
    return True


def end_all(user: User) -> None:
    """End every log-in of the user, this one included. Does not commit."""
    db.session.execute(delete(LogIn).where(LogIn.user_id == user.id))


def device(agent: str) -> str:
    """What kind of browser and system it is: enough to tell one's own, too little to recognise anybody."""
    names = [next((name for part, name in known if re.search(part, agent)), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in names if name)


def _begin(_app: Flask, user: User, **_rest: Any) -> None:
    if session.get(KEY) and still_open(user):
        return  # The password was changed; it is still the same log-in.
    entry = LogIn(id=secrets.token_urlsafe(24), user_id=user.id, device=device(request.user_agent.string))
    db.session.add(entry)
    session[KEY] = entry.id
    after_this_request(_commit)


def _end(_app: Flask, user: User, **_rest: Any) -> None:
    found = db.session.get(LogIn, session.pop(KEY, ""))
    if found is not None:  # Else it was ended elsewhere, and this is only somebody asking for a page with it.
        db.session.delete(found)
        after_this_request(_commit)


def _commit(response: Response) -> Response:
    db.session.commit()
    return response


def init_app(app: Flask) -> None:
    """Note every log-in and log-out of this application."""
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)

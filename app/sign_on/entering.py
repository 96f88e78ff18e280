"""From a person at the provider to somebody who is logged in here, or has confirmed that it is still them."""

from __future__ import annotations

import datetime as dt
import time

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, login_user
from flask_security.proxies import _security
from flask_security.utils import validate_redirect_url

from app.accounts.models import User
from app.database import begin_writing, db
from app.sign_on.binding import account_of
from app.sign_on.provider import Claims
from app.sign_on.refusals import SignOnRefused

ONWARD = "wk_sign_on_next"
"""Where the session keeps the page that comes after."""
CONFIRMED = "fs_paa"
"""Where Flask-Security keeps the moment in which somebody showed last who they are."""
JUST_NOW = dt.timedelta(minutes=2)


def remember_onward(address: str) -> None:
    """Keep where to go afterwards, if it is a page of ours."""
    session.pop(ONWARD, None)
    if address and validate_redirect_url(address):
        session[ONWARD] = address


def enter(claims: Claims) -> ResponseReturnValue:
    """Log the person in, by way of their second factor where they have one; ``SignOnRefused`` if not. Commits."""
    begin_writing()
    user, onward = account_of(claims), session.pop(ONWARD, None)
    db.session.commit()
    step = _security.two_factor_plugins.tf_enter(user, False, "oidc", next_loc=onward)
    if step is not None:
        return step
    login_user(user, authn_via=["oidc"])
    db.session.commit()
    return redirect(onward or url_for("accounts.home"))


def confirm(claims: Claims) -> ResponseReturnValue:
    """Note that it is still the same person; ``SignOnRefused`` if it is another one, or if nobody asked. Commits."""
    begin_writing()
    user: User = account_of(claims)
    if user.id != current_user.id:
        db.session.rollback()
        raise SignOnRefused("not-you")
    if claims.asked_at is None or abs(time.time() - claims.asked_at) > JUST_NOW.total_seconds():
        raise SignOnRefused("not-fresh")
    db.session.commit()
    session[CONFIRMED] = time.time()
    return redirect(session.pop(ONWARD, None) or url_for("accounts.home"))

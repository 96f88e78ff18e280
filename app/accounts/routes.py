"""Pages of one's own account, and where to go after logging in or out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from app.accounts.models import AGENCY
from app.accounts.permissions import ACCOUNT, PUBLIC
from app.web.permission import requires

blueprint = Blueprint("accounts", __name__, url_prefix="/konto", template_folder="templates")


@blueprint.get("/")
@requires(ACCOUNT)
def account() -> ResponseReturnValue:
    """The account: who is logged in, for which municipality, and the way to a new password."""
    return render_template("accounts/account.html")


@blueprint.get("/start")
@requires(ACCOUNT)
def home() -> ResponseReturnValue:
    """The page that somebody who just logged in wants to see."""
    return redirect(url_for("agency.overview" if current_user.has_any(AGENCY) else "assessment.overview"))


@blueprint.get("/abgemeldet")
@requires(PUBLIC)
def goodbye() -> ResponseReturnValue:
    """Says that the log-out worked."""
    return render_template("accounts/goodbye.html")

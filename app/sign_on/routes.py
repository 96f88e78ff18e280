"""The way to the provider and back."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import ACCOUNT, PUBLIC
from app.database import db
from app.sign_on import binding, entering, provider
from app.sign_on.refusals import SignOnRefused
from app.web.permission import requires

blueprint = Blueprint("sign_on", __name__, url_prefix="/konto/anmelden/dienst")


@blueprint.get("/")
@requires(PUBLIC)
def begin() -> ResponseReturnValue:
    """To the provider; who is logged in already only confirms who they are."""
    if not provider.name():
        abort(404)
    entering.remember_onward(request.args.get("next", ""))
    try:
        return provider.send_there(url_for(".answer", _external=True), ask_again=current_user.is_authenticated)
    except SignOnRefused as refused:
        return _back(refused)


@blueprint.get("/antwort")
@requires(PUBLIC)
def answer() -> ResponseReturnValue:
    """Back from the provider."""
    if not provider.name():
        abort(404)
    try:
        claims = provider.who_came_back()
        return entering.confirm(claims) if current_user.is_authenticated else entering.enter(claims)
    except SignOnRefused as refused:
        db.session.rollback()
        return _back(refused)


@blueprint.post("/loesen")
@requires(ACCOUNT)
def release() -> ResponseReturnValue:
    """Let the account belong to nobody at the provider."""
    binding.release(current_user)
    db.session.commit()
    flash(_("Die Verknüpfung ist gelöst. Bei der nächsten Anmeldung über den Dienst entsteht sie neu."), "success")
    return redirect(url_for("accounts.account"))


def _back(refused: SignOnRefused) -> ResponseReturnValue:
    """To where there is another way, with the sentence."""
    flash(str(refused), "error")
    return redirect(url_for("security.verify" if current_user.is_authenticated else "security.login"))

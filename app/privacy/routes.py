"""Pages of data protection: one's own data, erasing an account, retention and the records of processing."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.models import User
from app.accounts.permissions import ACCOUNT
from app.database import db
from app.privacy import records, retention, subjects
from app.web.permission import fresh, requires

blueprint = Blueprint("privacy", __name__, template_folder="templates")


@blueprint.get("/konto/auskunft.json")
@requires(ACCOUNT)
@fresh
def own_data() -> ResponseReturnValue:
    """Everything that is stored about the reader's account."""
    return _download(current_user, "meine-daten.json")


@blueprint.get("/agentur/datenschutz")
@requires("agency.accounts")
def processing() -> ResponseReturnValue:
    """What is stored about people, why, and for how long."""
    return render_template("privacy/records.html", activities=records.activities(), rules=retention.RULES)


@blueprint.get("/agentur/konten/<int:user_id>/auskunft.json")
@requires("agency.accounts")
@fresh
def account_data(user_id: int) -> ResponseReturnValue:
    """The same about any account, for somebody who asks for it."""
    return _download(_account_or_404(user_id), f"konto-{user_id}.json")


@blueprint.get("/agentur/konten/<int:user_id>/loeschen")
@requires("agency.accounts")
@fresh
def confirm_erasure(user_id: int) -> ResponseReturnValue:
    """Say what erasing means, and ask once."""
    return render_template("privacy/erase.html", account=_account_or_404(user_id))


@blueprint.post("/agentur/konten/<int:user_id>/loeschen")
@requires("agency.accounts")
@fresh
def erase(user_id: int) -> ResponseReturnValue:
    """Erase an account for good."""
    account = _account_or_404(user_id)
    if account.id == current_user.id:
        flash(_("Ihr eigenes Konto können Sie nicht löschen. Bitten Sie jemand anderen in der Agentur."), "danger")
        return redirect(url_for("agency.accounts"))
    subjects.erase(account)
    db.session.commit()
    flash(_("Das Konto ist gelöscht. Die Arbeit der Kommune ist geblieben."), "success")
    return redirect(url_for("agency.accounts"))


def _account_or_404(user_id: int) -> User:
    return db.session.get(User, user_id) or abort(404, _("Ein solches Konto gibt es nicht."))


def _download(user: User, filename: str) -> Response:
    response = make_response(subjects.as_json(subjects.everything_about(user)))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.cache_control.no_store = True
    return response

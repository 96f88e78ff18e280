"""The agency's pages: reading what was handed in, showing it, sending it back, withdrawing it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.database import db
from app.practices.blueprint import blueprint, own_or_404
from app.practices.forms import ReviewForm
from app.practices.models import ALL, FAILED, Practice
from app.practices.reading import to_read, withdrawn
from app.practices.reading_pages import wording
from app.practices.writing import PracticeRefused, publish, send_back, set_visibility, show_again, withdraw
from app.web.permission import requires


@blueprint.get("/durchsicht")
@requires("agency.practices")
def queue() -> ResponseReturnValue:
    """What waits to be read, and what was withdrawn."""
    return render_template("practices/queue.html", waiting=to_read(), withdrawn=withdrawn())


@blueprint.route("/<int(max=2147483647):id>/durchsicht", methods=["GET", "POST"])
@requires("agency.practices")
def review(id: int) -> ResponseReturnValue:
    """Read a version and decide: show it to whom, or send it back with a remark."""
    practice, form = own_or_404(id), ReviewForm()
    version = practice.open
    if version is None:
        flash(_("Diese Fassung wartet nicht mehr auf die Agentur."), "info")
        return redirect(url_for(".queue"))
    if not form.is_submitted():
        form.visibility.data = "participants" if version.outcome == FAILED else practice.visibility
    back = request.form.get("dann") == "zurueck"
    if form.is_submitted() and form.validate():
        if not back or form.remark.data:
            return _decide(practice, form, back)
        form.remark.errors = [_("Schreiben Sie der Kommune, was sie ergänzen soll.")]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template("practices/review.html", practice=practice, version=version, form=form, **wording()), status


@blueprint.post("/<int(max=2147483647):id>/sichtbarkeit")
@requires("agency.practices")
def change_visibility(id: int) -> ResponseReturnValue:
    """Show to participants only, or to all."""
    wanted = request.form.get("sichtbar", "")
    done = _("Jetzt öffentlich.") if wanted == ALL else _("Jetzt nur für die Kommunen der Initiative.")
    return _step(id, lambda practice: set_visibility(practice, wanted), done, url_for(".practice", id=id))


@blueprint.route("/<int(max=2147483647):id>/zuruecknehmen", methods=["GET", "POST"])
@requires("agency.practices")
def withdraw_practice(id: int) -> ResponseReturnValue:
    """Ask once, then let nobody see it any more."""
    if request.method == "GET":
        return render_template("practices/withdraw.html", practice=own_or_404(id))
    done = _("Das Beispiel ist nicht mehr zu sehen. Sie können es jederzeit wieder zeigen.")
    return _step(id, withdraw, done, url_for(".queue"))


@blueprint.post("/<int(max=2147483647):id>/wieder-zeigen")
@requires("agency.practices")
def show_practice_again(id: int) -> ResponseReturnValue:
    """Undo a withdrawal."""
    return _step(id, show_again, _("Das Beispiel ist wieder zu sehen."), url_for(".practice", id=id))


def _decide(practice: Practice, form: ReviewForm, back: bool) -> ResponseReturnValue:
    if back:
        done = _("Die Rückfrage ist verschickt.")
        return _step(practice.id, lambda found: send_back(found, form.remark.data), done, url_for(".queue"))
    onward = url_for(".practice", id=practice.id)
    return _step(practice.id, lambda found: publish(found, form.visibility.data), _("Veröffentlicht."), onward)


def _step(id: int, step: Callable[[Practice], object], done: str, onward: str) -> ResponseReturnValue:
    try:
        step(own_or_404(id))
    except PracticeRefused as refused:
        db.session.rollback()
        flash(str(refused), "danger")
        return redirect(url_for(".queue"))
    db.session.commit()
    flash(done, "success")
    return redirect(onward)

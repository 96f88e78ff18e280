"""Pages of one's own account, and where to go after logging in or out."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, logout_user
from flask_security.utils import validate_redirect_url

from app.accounts import deputies, invitations, log_ins
from app.accounts import second_factor as factors
from app.accounts.deputies import DeputyNotPossible
from app.accounts.forms import DeputyForm, FirstPasswordForm
from app.accounts.invitations import InvitationNotValid
from app.accounts.models import Role
from app.accounts.names import ROLE_NAMES
from app.accounts.permissions import ACCOUNT, CHOICE, PUBLIC, may, own_municipality_or_404
from app.database import db
from app.web.permission import fresh, requires

STARTS = (
    ("agency.view", "agency.overview"),
    ("results.district", "results.district"),
    ("assessment.view", "assessment.overview"),
)
"""The first page of those who have a permission."""

blueprint = Blueprint("accounts", __name__, url_prefix="/konto", template_folder="templates")


@blueprint.get("/")
@requires(ACCOUNT)
def account() -> ResponseReturnValue:
    """The account: who is logged in, for which municipality, and the way to a new password."""
    return render_template("accounts/account.html", role_names=ROLE_NAMES)


@blueprint.get("/start")
@requires(ACCOUNT)
def home() -> ResponseReturnValue:
    """The page that somebody who just logged in wants to see."""
    if len(current_user.municipalities) > 1 and current_user.municipality is None:
        return redirect(url_for(".choose"))
    return redirect(url_for(next((page for permission, page in STARTS if may(permission)), ".account")))


@blueprint.get("/zweiter-faktor")
@requires(ACCOUNT)
def second_factor() -> ResponseReturnValue:
    """What protects the account beside its password, and setting up more."""
    return render_template(
        "accounts/second_factor.html",
        needed=factors.needs_one(current_user),
        excused=factors.excused(current_user) and current_user.weighty,
        missing=factors.must_set_up(current_user),
        codes=len(current_user.mf_recovery_codes or ()),
    )


@blueprint.get("/anmeldungen")
@requires(ACCOUNT)
def sessions() -> ResponseReturnValue:
    """Where the reader is logged in."""
    return render_template("accounts/sessions.html", found=log_ins.of(current_user), here=session.get(log_ins.KEY))


@blueprint.post("/anmeldungen/beenden")
@requires(ACCOUNT)
def end_session() -> ResponseReturnValue:
    """End one log-in, or all of them."""
    if request.form.get("alle"):
        log_ins.end_all(current_user)
        db.session.commit()
        logout_user()
        return redirect(url_for(".goodbye"))
    if not log_ins.end(current_user, request.form.get("anmeldung", "")):
        abort(404, _("Diese Anmeldung gibt es nicht. Vielleicht ist sie schon beendet."))
    db.session.commit()
    flash(_("Die Anmeldung ist beendet."), "success")
    return redirect(url_for(".sessions"))


@blueprint.get("/kommune")
@requires(ACCOUNT)
def choose() -> ResponseReturnValue:
    """For which of several municipalities somebody is working now."""
    return render_template("accounts/choose.html", onward=request.args.get("next", ""), role_names=ROLE_NAMES)


@blueprint.post("/kommune")
@requires(ACCOUNT)
def chosen() -> ResponseReturnValue:
    """Work for this municipality from here on."""
    ags = request.form.get("kommune", "")
    if ags not in {municipality.ags for municipality in current_user.municipalities}:
        abort(404, _("Für diese Kommune hat Ihr Konto keine Aufgabe."))
    session[CHOICE] = ags
    # A form that is still open in another window belongs to the other municipality: its token ends with the choice.
    session.pop("csrf_token", None)
    onward = request.form.get("next", "")
    return redirect(onward if onward and validate_redirect_url(onward) else url_for(".home"))


@blueprint.route("/vertretung", methods=["GET", "POST"])
@requires("deputies.name")
@fresh
def deputy() -> ResponseReturnValue:
    """Who stands in for the reader, and naming somebody."""
    municipality, form = own_municipality_or_404(), DeputyForm()
    people = deputies.colleagues(current_user, municipality)
    form.offer(people, deputies.roles_to_lend(current_user, municipality))
    if not form.validate_on_submit():
        return _deputies_page(form), 422 if form.is_submitted() else 200
    person = next((p for p in people if p.id == form.person.data), None) or abort(404)
    try:
        deputies.name_deputy(current_user, municipality, person, form.role.data, form.starts.data, form.ends.data)
        db.session.commit()
    except DeputyNotPossible as refused:
        db.session.rollback()
        form.ends.errors = [str(refused)]
        return _deputies_page(form), 409
    flash(_("%(email)s vertritt Sie im gewählten Zeitraum.", email=person.email), "success")
    return redirect(url_for(".deputy"))


@blueprint.post("/vertretung/<int:role_id>/beenden")
@requires("deputies.name")
@fresh
def end_deputy(role_id: int) -> ResponseReturnValue:
    """End a deputy's time at once."""
    held = db.session.get(Role, role_id)
    if held is None or held.deputy_for_id != current_user.id or held.municipality != own_municipality_or_404():
        abort(404, _("Eine solche Vertretung gibt es nicht. Vielleicht ist sie schon beendet."))
    deputies.end_deputy(held)
    db.session.commit()
    flash(_("Die Vertretung ist beendet."), "success")
    return redirect(url_for(".deputy"))


def _deputies_page(form: DeputyForm) -> str:
    named = deputies.deputies_of(current_user, own_municipality_or_404())
    return render_template("accounts/deputies.html", form=form, named=named, role_names=ROLE_NAMES)


@blueprint.route("/einladung/<token>", methods=["GET", "POST"])
@requires(PUBLIC)
def invitation(token: str) -> ResponseReturnValue:
    """Where the link of an invitation leads: to the first password, or to a page that says what to do instead."""
    try:
        found = invitations.invitation_of(token)
    except InvitationNotValid as refused:
        page = render_template("accounts/invitation_gone.html", sentence=str(refused), reason=refused.reason)
        return page, HTTPStatus.GONE
    form = FirstPasswordForm()
    form.owner = found.user
    if not form.validate_on_submit():
        page = render_template("accounts/invitation.html", form=form, invitation=found, token=token)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    invitations.accept(found, form.normalized)
    db.session.commit()
    flash(_("Ihr Konto ist eingerichtet. Bitte melden Sie sich mit dem neuen Passwort an."), "success")
    return redirect(url_for("security.login"))


@blueprint.get("/abgemeldet")
@requires(PUBLIC)
def goodbye() -> ResponseReturnValue:
    """Says that the log-out worked."""
    return render_template("accounts/goodbye.html")

"""Accounts: who may log in for the agency, for each municipality and for the districts, and inviting more."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import management
from app.accounts.management import AccountNotValid
from app.accounts.models import User
from app.accounts.names import ROLE_NAMES
from app.agency.blueprint import blueprint
from app.agency.forms import AccountForm, RolesForm
from app.agency.inviting import MailNotSent, create_invited, send_invitation
from app.database import db
from app.region.models import District, Municipality
from app.web.permission import requires


@blueprint.get("/konten")
@requires("agency.accounts")
def accounts() -> ResponseReturnValue:
    """All accounts, the agency's first, then municipality by municipality."""
    found = db.session.scalars(select(User).order_by(User.email)).all()
    return render_template("agency/accounts.html", accounts=sorted(found, key=_place), role_names=ROLE_NAMES)


@blueprint.route("/konten/neu", methods=["GET", "POST"])
@requires("agency.accounts")
def new_account() -> ResponseReturnValue:
    """Create an account and invite its owner by mail."""
    form = AccountForm()
    form.offer(_municipalities(), _districts())
    if not form.validate_on_submit():
        return render_template("agency/account_new.html", form=form), 422 if form.is_submitted() else 200
    try:
        user = create_invited(form.email.data, form.role_names, form.place, form.function.data, form.district)
        db.session.commit()
    except (AccountNotValid, IntegrityError) as refusal:
        db.session.rollback()
        taken = _("Ein Konto mit dieser Adresse gibt es schon.")
        form.email.errors = [str(refusal) if isinstance(refusal, AccountNotValid) else taken]
        return render_template("agency/account_new.html", form=form), 409
    return _invite(user)


@blueprint.post("/konten/<int:user_id>/einladung")
@requires("agency.accounts")
def invite_again(user_id: int) -> ResponseReturnValue:
    """Send the invitation once more."""
    return _invite(_account_or_404(user_id))


@blueprint.route("/konten/<int:user_id>/aufgaben", methods=["GET", "POST"])
@requires("agency.accounts")
def account_roles(user_id: int) -> ResponseReturnValue:
    """The roles of an account, in which municipality, and giving it more."""
    account, form = _account_or_404(user_id), RolesForm()
    form.offer(_municipalities(), _districts(), agency=False)
    if not form.validate_on_submit():
        return _roles_page(account, form), 422 if form.is_submitted() else 200
    try:
        management.grant(account, form.role_names, form.place, form.district)
        db.session.commit()
    except AccountNotValid as refusal:
        db.session.rollback()
        form.municipality.errors = [str(refusal)]
        return _roles_page(account, form), 409
    flash(_("Die Aufgaben von %(email)s sind geändert. Das gilt ab sofort.", email=account.email), "success")
    return redirect(url_for(".account_roles", user_id=account.id))


@blueprint.post("/konten/<int:user_id>/aufgaben/<int:role_id>/entziehen")
@requires("agency.accounts")
def revoke_role(user_id: int, role_id: int) -> ResponseReturnValue:
    """Take one role away."""
    account = _account_or_404(user_id)
    role = next((role for role in account.roles if role.id == role_id), None)
    if role is None:
        abort(404, _("Diese Aufgabe hat das Konto nicht mehr."))
    if account.id == current_user.id:
        flash(
            _("Ihre eigenen Aufgaben können Sie nicht entziehen. Bitten Sie jemand anderen in der Agentur."), "danger"
        )
        return redirect(url_for(".account_roles", user_id=account.id))
    management.revoke(account, role)
    db.session.commit()
    flash(_("Die Aufgaben von %(email)s sind geändert. Das gilt ab sofort.", email=account.email), "success")
    return redirect(url_for(".account_roles", user_id=account.id))


@blueprint.get("/konten/<int:user_id>/stilllegen")
@requires("agency.accounts")
def confirm_deactivation(user_id: int) -> ResponseReturnValue:
    """Ask once before an account is put out of use."""
    return render_template("agency/account_deactivate.html", account=_account_or_404(user_id))


@blueprint.post("/konten/<int:user_id>/stilllegen")
@requires("agency.accounts")
def deactivate(user_id: int) -> ResponseReturnValue:
    """Put an account out of use; what it wrote stays."""
    account = _account_or_404(user_id)
    if account.id == current_user.id:
        flash(_("Ihr eigenes Konto können Sie nicht stilllegen. Bitten Sie jemand anderen in der Agentur."), "danger")
        return redirect(url_for(".accounts"))
    management.switch(account, active=False)
    db.session.commit()
    flash(_("Das Konto %(email)s ist stillgelegt.", email=account.email), "success")
    return redirect(url_for(".accounts"))


@blueprint.post("/konten/<int:user_id>/aktivieren")
@requires("agency.accounts")
def activate(user_id: int) -> ResponseReturnValue:
    """Let an account log in again."""
    account = _account_or_404(user_id)
    management.switch(account, active=True)
    db.session.commit()
    flash(_("Mit dem Konto %(email)s kann man sich wieder anmelden.", email=account.email), "success")
    return redirect(url_for(".accounts"))


def _place(account: User) -> str:
    return account.municipalities[0].name if account.municipalities else ""


def _municipalities() -> list[Municipality]:
    return list(db.session.scalars(select(Municipality).order_by(Municipality.name)))


def _districts() -> list[District]:
    return list(db.session.scalars(select(District).order_by(District.name)))


def _roles_page(account: User, form: RolesForm) -> str:
    return render_template("agency/account_roles.html", account=account, form=form, role_names=ROLE_NAMES)


def _account_or_404(user_id: int) -> User:
    return db.session.get(User, user_id) or abort(404, _("Ein solches Konto gibt es nicht."))


def _invite(user: User) -> ResponseReturnValue:
    try:
        send_invitation(user)
        flash(_("Eine Einladung ist an %(email)s unterwegs.", email=user.email), "success")
    except MailNotSent:
        failed = _("Das Konto %(email)s gibt es, aber die Einladung ließ sich nicht verschicken.", email=user.email)
        flash(f"{failed} {_('Versuchen Sie es später noch einmal.')}", "warning")
    return redirect(url_for(".accounts"))

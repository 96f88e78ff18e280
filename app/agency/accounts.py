"""Accounts: who may log in for the agency, for each municipality and for the districts, and inviting more."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import invitations, management, second_factor
from app.accounts.invitations import create_invited
from app.accounts.management import AccountNotValid
from app.accounts.models import User
from app.accounts.names import ROLE_NAMES
from app.agency.blueprint import blueprint
from app.agency.forms import AccountForm, RolesForm
from app.audit import Subject, record
from app.database import db
from app.outbox import bouncing, sending
from app.outbox.models import CAME_BACK, OutgoingMail
from app.outbox.sending import PROBLEMS
from app.region.models import District, Municipality
from app.web.permission import fresh, requires


@blueprint.get("/konten")
@requires("agency.accounts")
def accounts() -> ResponseReturnValue:
    """All accounts, the agency's first, then municipality by municipality."""
    found = db.session.scalars(select(User).order_by(User.email)).all()
    return render_template(
        "agency/accounts.html",
        accounts=sorted(found, key=_place),
        role_names=ROLE_NAMES,
        standings=invitations.standings(),
        problems=PROBLEMS,
    )


@blueprint.route("/konten/neu", methods=["GET", "POST"])
@requires("agency.accounts")
@fresh
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
    return _invited(user)


@blueprint.post("/konten/<int:user_id>/einladung")
@requires("agency.accounts")
def invite_again(user_id: int) -> ResponseReturnValue:
    """Send a new link; the earlier one ends with it."""
    account = _account_or_404(user_id)
    invitations.invite(account)
    db.session.commit()
    return _invited(account)


@blueprint.post("/konten/<int:user_id>/einladung/zurueckziehen")
@requires("agency.accounts")
def withdraw_invitation(user_id: int) -> ResponseReturnValue:
    """Let the open link end."""
    account = _account_or_404(user_id)
    withdrawn = invitations.withdraw(account)
    db.session.commit()
    if withdrawn:
        flash(
            _("Die Einladung an %(email)s ist zurückgezogen, ihr Link gilt nicht mehr.", email=account.email), "success"
        )
    else:
        flash(_("Für %(email)s gibt es keine offene Einladung.", email=account.email), "info")
    return redirect(url_for(".accounts"))


@blueprint.get("/post")
@requires("agency.accounts")
def mails() -> ResponseReturnValue:
    """The newest mails and what became of them."""
    found = sending.newest()
    bounced = bouncing.bounced([mail.recipient for mail in found])
    return render_template("agency/mails.html", mails=found, problems=PROBLEMS, bounced=bounced)


@blueprint.post("/post/<int:mail_id>/unzustellbar")
@requires("agency.accounts")
def mark_bounced(mail_id: int) -> ResponseReturnValue:
    """Note that a mail came back, or that its address takes mail again (``wieder``)."""
    mail = db.session.get(OutgoingMail, mail_id) or abort(404, _("Eine solche Mail gibt es nicht mehr."))
    again = bool(request.form.get("wieder"))
    if again:
        bouncing.clear(mail.recipient)
    else:
        bouncing.mark(mail.recipient, CAME_BACK, mail.user_id)
    record("address.cleared" if again else "address.bounced", Subject("account", str(mail.user_id)))
    db.session.commit()
    takes = _("An %(address)s wird wieder erinnert.", address=mail.recipient)
    refuses = _("%(address)s ist als unzustellbar vermerkt und bekommt keine Erinnerungen.", address=mail.recipient)
    flash(takes if again else refuses, "success")
    return redirect(url_for(".mails"))


@blueprint.post("/post/<int:mail_id>/nochmal")
@requires("agency.accounts")
def send_again(mail_id: int) -> ResponseReturnValue:
    """Try a mail again now."""
    sending.try_again(db.session.get(OutgoingMail, mail_id) or abort(404, _("Eine solche Mail gibt es nicht mehr.")))
    db.session.commit()
    return redirect(url_for(".mails"))


@blueprint.route("/konten/<int:user_id>/aufgaben", methods=["GET", "POST"])
@requires("agency.accounts")
@fresh
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
@fresh
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
@fresh
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
@fresh
def activate(user_id: int) -> ResponseReturnValue:
    """Let an account log in again."""
    account = _account_or_404(user_id)
    management.switch(account, active=True)
    db.session.commit()
    flash(_("Mit dem Konto %(email)s kann man sich wieder anmelden.", email=account.email), "success")
    return redirect(url_for(".accounts"))


@blueprint.post("/konten/<int:user_id>/zweiter-faktor")
@requires("agency.accounts")
@fresh
def reset_factor(user_id: int) -> ResponseReturnValue:
    """Take away a lost second factor."""
    account = _account_or_404(user_id)
    second_factor.reset(account)
    db.session.commit()
    done = _("Der zweite Faktor von %(email)s ist zurückgesetzt und wird neu eingerichtet.", email=account.email)
    flash(done, "success")
    return redirect(url_for(".account_roles", user_id=account.id))


def _place(account: User) -> str:
    return account.municipalities[0].name if account.municipalities else ""


def _municipalities() -> list[Municipality]:
    return list(db.session.scalars(select(Municipality).order_by(Municipality.name)))


def _districts() -> list[District]:
    return list(db.session.scalars(select(District).order_by(District.name)))


def _roles_page(account: User, form: RolesForm) -> str:
    has_factor = second_factor.has_one(account)
    return render_template(
        "agency/account_roles.html", account=account, form=form, role_names=ROLE_NAMES, has_factor=has_factor
    )


def _account_or_404(user_id: int) -> User:
    return db.session.get(User, user_id) or abort(404, _("Ein solches Konto gibt es nicht."))


def _invited(user: User) -> ResponseReturnValue:
    flash(_("Eine Einladung ist an %(email)s unterwegs.", email=user.email), "success")
    return redirect(url_for(".accounts"))

"""The page of reminders: choose whom, write what, see who gets it, send it."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from app.agency.blueprint import blueprint, round_or_404
from app.agency.choosing import ChoiceForm
from app.agency.reminding import DRAFTS, FIELDS, Mailing, filled, mailing, mistake, send
from app.agency.standing import Place, cockpit
from app.database import db
from app.outbox.models import LONGEST_SUBJECT
from app.rounds.lifecycle import current_round
from app.rounds.models import Round
from app.web.permission import requires

LONGEST_BODY = 4000
FITS = {"not_started": "beginnen", "few": "einladen", "undecided": "beschluss", "renewal": "beschluss"}
"""The draft that fits a selection; all others begin with the one about handing in."""


class ReminderForm(FlaskForm):
    """Subject and text."""

    subject = StringField(
        lazy_gettext("Betreff"),
        filters=[lambda text: " ".join((text or "").replace("\0", "").split())],
        validators=[
            DataRequired(lazy_gettext("Schreiben Sie einen Betreff.")),
            Length(max=LONGEST_SUBJECT - 60, message=lazy_gettext("Kürzen Sie den Betreff auf höchstens 140 Zeichen.")),
        ],
    )
    body = TextAreaField(
        lazy_gettext("Text"),
        filters=[lambda text: (text or "").replace("\0", "").replace("\r\n", "\n").strip()],
        validators=[
            DataRequired(lazy_gettext("Schreiben Sie einen Text.")),
            Length(max=LONGEST_BODY, message=lazy_gettext("Kürzen Sie den Text auf höchstens 4.000 Zeichen.")),
        ],
    )

    def validate_subject(self, field: StringField) -> None:
        """Its fields exist."""
        if wrong := mistake(field.data or ""):
            raise ValidationError(wrong)

    def validate_body(self, field: TextAreaField) -> None:
        """Its fields exist."""
        if wrong := mistake(field.data or ""):
            raise ValidationError(wrong)


@blueprint.get("/erinnern")
@requires("agency.rounds")
def remind() -> ResponseReturnValue:
    """Whom the choice reaches, and a text to begin with; ``vorlage`` names another one."""
    round_, choice, places = _chosen()
    draft = DRAFTS.get(request.args.get("vorlage", "")) or DRAFTS[FITS.get(choice.auswahl.data, "abgeben")]
    form = ReminderForm(formdata=None, subject=draft.subject, body=draft.body)
    return _page(form, round_, choice, mailing(round_, places, draft.subject, draft.body))


@blueprint.post("/erinnern")
@requires("agency.rounds")
def send_reminders() -> ResponseReturnValue:
    """Show what would be sent; send it once exactly that was shown."""
    round_, choice, places = _chosen()
    form = ReminderForm()
    if not form.validate_on_submit():
        shown = mailing(round_, places, form.subject.data or "", form.body.data or "")
        return _page(form, round_, choice, shown), HTTPStatus.UNPROCESSABLE_ENTITY
    found = mailing(round_, places, form.subject.data, form.body.data)
    if request.form.get("gezeigt") != found.shown:
        return _preview(form, round_, choice, found, changed="gezeigt" in request.form)
    try:
        number = send(round_, found)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        flash(_("Diese Mails wurden gerade schon auf den Weg gebracht. Jede geht nur einmal hinaus."), "info")
        return redirect(url_for(".mails"))
    flash(ngettext("%(num)s Mail ist unterwegs.", "%(num)s Mails sind unterwegs.", number), "success")
    return redirect(url_for(".mails"))


def _chosen() -> tuple[Round, ChoiceForm, list[Place]]:
    key = request.args.get("runde", "")
    round_ = round_or_404(key) if key else current_round()
    if round_ is None:
        abort(HTTPStatus.NOT_FOUND, _("Es gibt noch keine Erhebungsrunde, an die erinnert werden könnte."))
    found, choice = cockpit(round_), ChoiceForm(request.args)
    choice.offer(found.districts)
    return round_, choice, choice.chosen(found.places)


def _address(choice: ChoiceForm) -> dict[str, str]:
    """The choice, and the round if one was asked for, as they stand in addresses."""
    asked = {"runde": request.args["runde"]} if request.args.get("runde") else {}
    return {**choice.in_address, **asked}


def _page(form: ReminderForm, round_: Round, choice: ChoiceForm, found: Mailing) -> str:
    return render_template(
        "agency/remind.html",
        form=form,
        round=round_,
        choice=choice,
        mailing=found,
        drafts=DRAFTS,
        fields=FIELDS,
        address=_address(choice),
    )


def _preview(form: ReminderForm, round_: Round, choice: ChoiceForm, found: Mailing, *, changed: bool) -> str:
    first = next(iter(found.to_send), None)
    example = (filled(found.subject, round_, first.place), filled(found.body, round_, first.place)) if first else None
    return render_template(
        "agency/remind_preview.html", form=form, round=round_, choice=choice, mailing=found, first=first,
        example=example, changed=changed, address=_address(choice),
    )  # fmt: skip

"""The contact that newcomers read on the thank-you page: each municipality enters its own."""

from __future__ import annotations

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from app import audit
from app.database import db
from app.region.models import Municipality, WelcomeContact

WAYS = ("phone", "email", "website")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{3,38}")
_WEBSITE = re.compile(r"https?://[^\s/@:]+\.[^\s/@:]+(:[0-9]+)?(/\S*)?")


def _tidy(text: str | None) -> str:
    """One line of what can be seen."""
    return " ".join("".join(c for c in text or "" if c.isprintable()).split())


class ContactForm(FlaskForm):
    """An office and how to reach it; all empty means that the town hall stands in."""

    name = StringField(
        _("Stelle"),
        filters=[_tidy],
        validators=[Length(max=120, message=_("Kürzen Sie den Namen auf höchstens 120 Zeichen."))],
        description=_("Nach ihrer Aufgabe, zum Beispiel »Willkommensbüro«. Kein Name einer Person."),
    )
    phone = StringField(_("Telefon"), filters=[_tidy], description=_("Zum Beispiel 02931 123-0."))
    email = StringField(_("E-Mail"), filters=[_tidy])
    website = StringField(_("Internetseite"), filters=[_tidy], description=_("Beginnt mit https://"))

    def validate_name(self, field: StringField) -> None:
        """An office needs a name and a way to reach it, or there is neither."""
        ways = any(self[way].data for way in WAYS)
        if ways and not field.data:
            raise ValidationError(gettext("Nennen Sie die Stelle, oder lassen Sie alle Felder leer."))
        if field.data and not ways:
            raise ValidationError(gettext("Tragen Sie mindestens Telefon, E-Mail oder Internetseite ein."))

    def validate_phone(self, field: StringField) -> None:
        """Digits, and what people put between them."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError(gettext("Schreiben Sie die Nummer mit Vorwahl, zum Beispiel 02931 123-0."))

    def validate_email(self, field: StringField) -> None:
        """An address that mail can be sent to."""
        if not field.data:
            return
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(gettext("Diese E-Mail-Adresse ist nicht vollständig.")) from None

    def validate_website(self, field: StringField) -> None:
        """An address in the web."""
        if field.data and (len(field.data) > 300 or not _WEBSITE.fullmatch(field.data)):
            raise ValidationError(gettext("Schreiben Sie die Adresse ganz, zum Beispiel https://www.arnsberg.de."))


def contact_of(municipality: Municipality) -> WelcomeContact | None:
    """What the municipality has entered."""
    return db.session.get(WelcomeContact, municipality.ags)


def save(municipality: Municipality, form: ContactForm) -> None:
    """Keep what was entered; an empty form takes the contact away."""
    contact = contact_of(municipality)
    before = _plain(contact)
    if form.name.data:
        contact = contact or WelcomeContact(municipality_ags=municipality.ags)
        form.populate_obj(contact)
        db.session.add(contact)
    elif contact:
        db.session.delete(contact)
        contact = None
    audit.record(
        "contact.set",
        audit.Subject("contact", municipality.ags),
        before=before,
        after=_plain(contact),
        municipality=municipality.ags,
    )


def _plain(contact: WelcomeContact | None) -> dict[str, Any]:
    ways = {way: getattr(contact, way, "") for way in WAYS}
    return {"office": getattr(contact, "name", ""), **ways}

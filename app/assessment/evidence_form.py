"""The form of a piece of evidence: an address, a text or a file, and what it shows."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.assessment.evidence import Piece
from app.assessment.forms import tidy
from app.rounds.forms import DAYS_OF_PEOPLE, Day
from app.rounds.lifecycle import today
from app.uploads.receiving import receive
from app.uploads.refusals import FileRefused

LONGEST_TITLE, LONGEST_ADDRESS, LONGEST_BODY = 200, 1000, 4000
FIRST_YEAR = 1990


class EvidenceForm(FlaskForm):
    """One piece of evidence; exactly one of file, address and text is given."""

    title = StringField(
        _("Bezeichnung"),
        filters=[tidy],
        validators=[
            DataRequired(_("Sagen Sie in wenigen Worten, was das für ein Nachweis ist.")),
            Length(max=LONGEST_TITLE, message=_("Kürzen Sie die Bezeichnung auf höchstens 200 Zeichen.")),
        ],
    )
    dated = Day(
        _("Stand"),
        format=DAYS_OF_PEOPLE,
        validators=[InputRequired(_("Nennen Sie den Tag, von dem der Nachweis ist."))],
    )
    file = FileField(_("Datei"))
    address = StringField(_("Link"), filters=[tidy])
    body = TextAreaField(_("Text"), filters=[tidy])
    shows_check = BooleanField(_("Er zeigt, dass Nutzung oder Zufriedenheit überprüft wurde."))
    shows_improvement = BooleanField(_("Er zeigt, dass daraus eine Verbesserung entstanden ist."))

    @property
    def piece(self) -> Piece:
        """The evidence as the form has it, its file kept; ``FileRefused`` if the file cannot be taken."""
        return Piece(
            title=self.title.data or "",
            dated=self.dated.data or dt.date.min,
            shows_check=self.shows_check.data,
            shows_improvement=self.shows_improvement.data,
            address=self.address.data or "",
            body=self.body.data or "",
            file=receive(self.file.data) if self.file.data else None,
        )

    def refuse(self, refusal: FileRefused) -> None:
        """Say at the file why it was not taken."""
        self.file.errors = [*self.file.errors, str(refusal)]

    def validate_dated(self, field: Day) -> None:
        """Refuse evidence of tomorrow, and years nobody means."""
        if field.data and field.data > today():
            raise ValidationError(gettext("Dieser Tag liegt in der Zukunft. Nennen Sie den Stand des Nachweises."))
        if field.data and field.data.year < FIRST_YEAR:
            raise ValidationError(gettext("Das Jahr stimmt nicht. Schreiben Sie es mit vier Ziffern."))

    def validate_file(self, field: FileField) -> None:
        """Ask for exactly one of the three."""
        given = [bool(part) for part in (field.data, self.address.data, self.body.data)]
        if sum(given) == 0:
            raise ValidationError(gettext("Geben Sie eine Datei, einen Link oder einen Text an."))
        if sum(given) > 1:
            raise ValidationError(
                gettext("Geben Sie nur eines an: Datei, Link oder Text. Für mehrere legen Sie mehrere Nachweise an.")
            )

    def validate_address(self, field: StringField) -> None:
        """Refuse what is no address of a page."""
        if not field.data:
            return
        if len(field.data) > LONGEST_ADDRESS or not _is_web_address(field.data):
            raise ValidationError(
                gettext("Das ist keine Adresse einer Seite. Kopieren Sie sie vollständig, mit https:// am Anfang.")
            )

    def validate_body(self, field: TextAreaField) -> None:
        """Refuse what is too long to be read."""
        over = len(field.data or "") - LONGEST_BODY
        if over > 0:
            raise ValidationError(
                gettext(
                    "Der Text ist um %(over)s Zeichen zu lang. Möglich sind %(limit)s.", over=over, limit=LONGEST_BODY
                )
            )


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not any(map(str.isspace, text))

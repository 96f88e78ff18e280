"""The two forms of the workspace: one criterion's answer, and the hand-in."""

from __future__ import annotations

import re

from flask_babel import gettext, lazy_gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.assessment.hand_in import Signature, fingerprint
from app.assessment.models import LONGEST_REASON
from app.assessment.workspace import Answer, Workspace
from app.rounds.forms import DAYS_OF_PEOPLE, Day
from questionnaires.catalogue import LEVELS, Criterion

NOT_APPLICABLE, OPEN = "na", "open"
CHOICES = [*map(str, LEVELS), NOT_APPLICABLE, OPEN]
FIRST_YEAR, LAST_YEAR = 2000, 2100
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def tidy(text: str | None) -> str:
    """Line ends as one character, no characters that nobody can see, no space around."""
    return CONTROL_CHARACTERS.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


class AnswerForm(FlaskForm):
    """One criterion's answer; ``version`` and ``round_key`` say what the person had before them."""

    level = RadioField(_("Reifegrad"), choices=CHOICES, default=OPEN, validate_choice=False)
    reason = TextAreaField(_("Begründung"), filters=[tidy])
    responsible = StringField(
        _("Zuständig"),
        filters=[tidy],
        validators=[Length(max=160, message=_("Kürzen Sie die Angabe auf höchstens 160 Zeichen."))],
    )
    due = Day(_("Termin"), format=DAYS_OF_PEOPLE, validators=[Optional()])
    regulated = BooleanField(_("geregelt: durch Beschluss, Konzept oder feste Zuständigkeit"))
    lived = BooleanField(_("gelebt: in der Verwaltung wird danach gearbeitet"))
    visible = BooleanField(_("sichtbar: Neue merken davon etwas"))
    version = HiddenField(default="0")
    round_key = HiddenField()

    SAME = ("reason", "responsible", "due", "regulated", "lived", "visible")
    """Parts of an answer that have a field of the same name."""

    def __init__(self, criterion: Criterion, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.criterion = criterion

    @property
    def answer(self) -> Answer:
        """The answer as the form has it."""
        choice = self.level.data
        level = int(choice) if choice in CHOICES[:5] else None
        return Answer(
            level,
            choice == NOT_APPLICABLE,
            reason=self.reason.data or "",
            regulated=self.regulated.data,
            lived=self.lived.data,
            visible=self.visible.data,
            responsible=self.responsible.data or "",
            due=self.due.data,
        )

    @property
    def seen(self) -> int:
        """The version of the answer the person had before them; 0 if there was none."""
        text = self.version.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0

    def validate_level(self, field: RadioField) -> None:
        """Refuse levels that do not exist, and "not applicable" where the catalogue does not offer it."""
        field.data = field.data or OPEN
        if field.data not in CHOICES:
            field.data = OPEN
            raise ValidationError(gettext("Diesen Reifegrad gibt es nicht. Bitte wählen Sie einen von 0 bis 4."))
        if field.data == NOT_APPLICABLE and not self.criterion.may_not_apply:
            field.data = OPEN
            raise ValidationError(
                gettext("»Nicht zutreffend« gibt es bei diesem Kriterium nicht. Bitte wählen Sie einen Reifegrad.")
            )

    def validate_reason(self, field: TextAreaField) -> None:
        """Refuse what cannot be stored, and "not applicable" without a reason."""
        if any(CONTROL_CHARACTERS.search(text) for text in field.raw_data or ()):
            raise ValidationError(
                gettext("Der Text enthielt unsichtbare Steuerzeichen. Wir haben sie entfernt; bitte prüfen Sie ihn.")
            )
        if len(field.data or "") > LONGEST_REASON:
            over = len(field.data or "") - LONGEST_REASON
            raise ValidationError(
                gettext(
                    "Der Text ist um %(over)s Zeichen zu lang. Möglich sind %(limit)s.", over=over, limit=LONGEST_REASON
                )
            )
        if self.level.data == NOT_APPLICABLE and not field.data:
            raise ValidationError(gettext("Bitte begründen Sie kurz, warum das Kriterium nicht zutrifft."))

    def validate_due(self, field: Day) -> None:
        """Refuse years nobody means."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(gettext("Das Jahr stimmt nicht. Schreiben Sie es mit vier Ziffern."))


class ReplyForm(FlaskForm):
    """The answer to a question of the agency."""

    reply = TextAreaField(_("Ihre Antwort an die Agentur"), filters=[tidy])


class HandInForm(FlaskForm):
    """The approver's word. ``seen`` is the fingerprint of the answers on the page."""

    seen = HiddenField()
    name = StringField(
        _("Ihr Name"),
        filters=[tidy],
        validators=[
            DataRequired(_("Geben Sie Ihren Namen an; er steht auf der Abgabe.")),
            Length(max=120, message=_("Kürzen Sie die Angabe auf höchstens 120 Zeichen.")),
        ],
    )
    function = StringField(
        _("Ihre Funktion"),
        filters=[tidy],
        validators=[
            DataRequired(_("Geben Sie Ihre Funktion an, zum Beispiel »Bürgermeisterin«.")),
            Length(max=120, message=_("Kürzen Sie die Angabe auf höchstens 120 Zeichen.")),
        ],
    )
    incomplete = BooleanField(_("Ich gebe die Selbsteinschätzung ab, obwohl noch Kriterien offen sind."))
    confirmed = BooleanField(
        _("Ich habe die Angaben geprüft und gebe sie für meine Kommune frei. Danach sind sie nicht mehr änderbar.")
    )
    consented = BooleanField(
        _("Unsere Ergebnisse dürfen mit dem Namen der Kommune öffentlich gezeigt werden (freiwillig).")
    )

    def __init__(self, workspace: Workspace, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    @property
    def signature(self) -> Signature:
        """Who signs."""
        return Signature(self.name.data or "", self.function.data or "")

    def show_current_state(self) -> None:
        """Tie the form to the answers that stand on the page it is part of."""
        self.seen.data = fingerprint(self.workspace)

    def validate_incomplete(self, field: BooleanField) -> None:
        """An incomplete hand-in is possible, but never by oversight."""
        if self.workspace.total.open and not field.data:
            raise ValidationError(_MUST_CONFIRM)

    def validate_confirmed(self, field: BooleanField) -> None:
        """Without the approver's word nothing is handed in."""
        if not field.data:
            raise ValidationError(_MUST_CONFIRM)


_MUST_CONFIRM = lazy_gettext("Bitte bestätigen Sie das, um abzugeben.")

"""Forms of projects: the project, its indicators, values entered by hand, and the day to look at."""

from __future__ import annotations

import re
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.assessment.forms import tidy
from app.practices.forms import at_most, is_web_address
from app.projects.measures import names
from app.projects.models import LONGEST_TEXT, MOST
from app.rounds.forms import DAYS_OF_PEOPLE, Day

FIRST_YEAR, LAST_YEAR = 2000, 2100
GERMAN = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,10})(?:,(\d{1,2}))?", re.ASCII)
ENGLISH = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,10})\.(\d{1,2})", re.ASCII)


def cents_of(typed: str) -> int | None:
    """Cents of an amount as people write it; ``None`` if it is none.

    >>> [cents_of(text) for text in ("305.309,80", "305309.80 €", "1.000", "-5", "viel")]
    [30530980, 30530980, 100000, None, None]
    """
    text = re.sub(r"\s|€|EUR", "", typed)
    found = GERMAN.fullmatch(text) or ENGLISH.fullmatch(text)
    if found is None:
        return None
    whole = re.sub(r"[.,]", "", found[1])
    cents = int(Decimal(f"{whole}.{found[2] or 0}") * 100)
    return cents if cents <= MOST * 100 else None


class Money(StringField):
    """Euros and cents; ``data`` are cents, and what was typed stays."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount."""
        self.typed, self.data = (valuelist[0] if valuelist else "").strip(), None
        if self.typed.lstrip("\N{MINUS SIGN}-") != self.typed:
            raise ValueError(gettext("Eine Fördersumme ist nicht negativ."))
        if self.typed and (cents := cents_of(self.typed)) is None:
            raise ValueError(
                gettext("»%(text)s« ist kein Betrag. Schreiben Sie ihn wie 305.309,80.", text=self.typed[:40])
            )
        self.data = cents if self.typed else None

    def _value(self) -> str:
        if self.typed or self.data is None:
            return self.typed
        return f"{self.data // 100},{self.data % 100:02}"


class Whole(StringField):
    """A whole number that is not negative; what was typed stays."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, with or without dots between thousands."""
        self.typed, self.data = (valuelist[0] if valuelist else "").strip(), None
        if not self.typed:
            return
        digits = self.typed.replace(".", "") if GERMAN.fullmatch(self.typed) else ""
        if not digits.isdigit() or int(digits) > MOST:
            raise ValueError(gettext("»%(text)s« ist keine ganze Zahl ab 0.", text=self.typed[:40]))
        self.data = int(digits)

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else str(self.data))


def _check_year(_form: Form, field: Field) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(gettext("Das Jahr stimmt nicht. Schreiben Sie es mit vier Ziffern."))


class ProjectForm(FlaskForm):
    """What the funder's decision says."""

    title = StringField(
        _("Titel"), filters=[tidy], validators=[DataRequired(_("Geben Sie dem Projekt einen Titel.")), at_most(200)]
    )
    fund = StringField(
        _("Fonds oder Förderprogramm"), filters=[tidy],
        validators=[DataRequired(_("Nennen Sie, woher das Geld kommt.")), at_most(200)],
    )  # fmt: skip
    grant_cents = Money(
        _("Fördersumme in Euro"), validators=[InputRequired(_("Nennen Sie die Fördersumme."))],
        description=_("Zum Beispiel 305.309,80"),
    )  # fmt: skip
    begins = Day(
        _("Erster Tag der Laufzeit"), format=DAYS_OF_PEOPLE,
        validators=[InputRequired(_("Nennen Sie den ersten Tag.")), _check_year],
    )  # fmt: skip
    ends = Day(
        _("Letzter Tag der Laufzeit"), format=DAYS_OF_PEOPLE,
        validators=[InputRequired(_("Nennen Sie den letzten Tag.")), _check_year],
    )  # fmt: skip
    term = StringField(
        _("Laufzeit in Worten"), filters=[tidy], validators=[at_most(120)],
        description=_("Nur wenn die genauen Tage nicht bekannt sind."),
    )  # fmt: skip
    areas = TextAreaField(
        _("Handlungsfelder"), filters=[lambda text: (text or "").replace("\0", "").strip()],
        validators=[at_most(LONGEST_TEXT)], description=_("Je Zeile eines."),
    )  # fmt: skip
    source = StringField(
        _("Quelle"), filters=[tidy], validators=[at_most(500)],
        description=_("Adresse einer öffentlichen Seite, falls es eine gibt."),
    )  # fmt: skip

    def validate_ends(self, field: Day) -> None:
        """Refuse a term that ends before it begins."""
        if field.data and self.begins.data and field.data < self.begins.data:
            raise ValidationError(gettext("Die Laufzeit endet vor ihrem Beginn. Vertauschen Sie die beiden Tage."))

    def validate_source(self, field: StringField) -> None:
        """Refuse what is no address."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(
                gettext("Das ist keine Adresse mit https:// am Anfang. Kopieren Sie sie vollständig.")
            )


class IndicatorForm(FlaskForm):
    """What is counted, up to which number, and who knows it."""

    title = StringField(
        _("Indikator"), filters=[tidy],
        validators=[DataRequired(_("Nennen Sie, was gezählt wird.")), at_most(200)],
    )  # fmt: skip
    target = Whole(
        _("Zielwert"), validators=[InputRequired(_("Ein Indikator braucht einen Zielwert, zum Beispiel 59."))]
    )
    measure = SelectField(
        _("Woher der Wert kommt"), default="",
        description=_("Was der Dienst selbst zählt, füllt er für jeden Tag. Alles andere tragen Sie mit Nachweis ein."),
    )  # fmt: skip

    def offer(self) -> None:
        """Let one of the service's figures be the value."""
        own = [SelectChoice(key, name) for key, name in names().items()]
        self.measure.choices = [SelectChoice("", gettext("wird von Hand eingetragen")), *own]

    def validate_target(self, field: Whole) -> None:
        """Refuse nothing as a target: no share of it can be reached."""
        if field.data == 0:
            raise ValidationError(gettext("Der Zielwert ist mindestens 1."))


class ValueForm(FlaskForm):
    """A value, from which day on, and what shows it."""

    day = Day(
        _("Erreicht am"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den Tag.")), _check_year]
    )
    value = Whole(_("Wert"), validators=[InputRequired(_("Nennen Sie den Wert."))])
    evidence = StringField(
        _("Nachweis"), filters=[tidy], description=_("Was es belegt: ein Dokument, eine Liste, eine Adresse."),
        validators=[DataRequired(_("Nennen Sie, was den Wert belegt.")), at_most(500)],
    )  # fmt: skip


class DayForm(Form):
    """The day to look at."""

    stand = Day(_("Stand am"), format=DAYS_OF_PEOPLE, validators=[Optional(), _check_year])

"""Forms of projects: the project, its indicators, values entered by hand, and the day to look at."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.assessment.forms import tidy
from app.database import today
from app.practices.forms import at_most, is_web_address
from app.projects.amounts import PER_CENT, plain, read_here
from app.projects.measures import names
from app.projects.models import LONGEST_TEXT, LONGEST_UNIT, Indicator
from app.rounds.forms import DAYS_OF_PEOPLE, Day
from app.web.formats import long_date

FIRST_YEAR, LAST_YEAR = 2000, 2100
EURO = ("", "€", "EUR", "Euro")


class Amount(StringField):
    """A number that is not negative, with up to two decimals; what was typed stays, a unit behind it too."""

    data: Decimal | int | None
    typed = ""
    typed_unit = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        self.typed, self.data = (valuelist[0] if valuelist else "").strip(), None
        if not self.typed:
            return
        found = read_here(self.typed)
        if found is None:
            raise ValueError(self.refusal(self.typed[:40]))
        self.typed_unit = found.unit
        self.data = found.number

    def refusal(self, text: str) -> str:
        """The sentence for what is no amount."""
        return gettext(
            "»%(text)s« ist keine Zahl ab 0 mit höchstens zwei Nachkommastellen. Schreiben Sie sie wie %(example)s.",
            text=text, example=plain(Decimal("12.5")),
        )  # fmt: skip

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else plain(self.data))


class Money(Amount):
    """Euros and cents; ``data`` are cents."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount."""
        super().process_formdata(valuelist)
        if self.typed_unit not in EURO:
            self.data = None
            raise ValueError(self.refusal(self.typed[:40]))
        self.data = None if self.data is None else int(self.data * 100)

    def refusal(self, text: str) -> str:
        """The sentence for what is no amount of money."""
        if text.startswith(("-", "\N{MINUS SIGN}")):
            return gettext("Eine Fördersumme ist nicht negativ.")
        return gettext(
            "»%(text)s« ist kein Betrag. Schreiben Sie ihn wie %(example)s.",
            text=text, example=format_decimal(Decimal("305309.80"), format="#,##0.00"),
        )  # fmt: skip

    def _value(self) -> str:
        if self.typed or self.data is None:
            return self.typed
        return str(format_decimal(Decimal(self.data) / 100, format="0.00"))


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
    target = Amount(
        _("Zielwert"), validators=[InputRequired(_("Ein Indikator braucht einen Zielwert, zum Beispiel 59."))]
    )
    unit = StringField(
        _("Einheit"), filters=[tidy], validators=[at_most(LONGEST_UNIT)],
        description=_("Zum Beispiel »Std.« oder »%«. Bleibt das Feld leer, wird in Stück gezählt."),
    )  # fmt: skip
    measure = SelectField(
        _("Woher der Wert kommt"), default="",
        description=_("Was der Dienst selbst zählt, füllt er für jeden Tag. Alles andere tragen Sie mit Nachweis ein."),
    )  # fmt: skip

    def offer(self) -> None:
        """Let one of the service's figures be the value."""
        own = [SelectChoice(key, name) for key, name in names().items()]
        self.measure.choices = [SelectChoice("", gettext("wird von Hand eingetragen")), *own]

    def validate_target(self, field: Amount) -> None:
        """Refuse nothing as a target, of which no share can be reached, and another unit than the one beside it."""
        if field.data == 0:
            raise ValidationError(gettext("Der Zielwert ist größer als 0."))
        _check_unit(field, tidy(self.unit.data))

    def validate_unit(self, field: StringField) -> None:
        """Refuse per cent of what the service counts."""
        if field.data == PER_CENT and self.measure.data:
            raise ValidationError(
                gettext("Der Dienst zählt und kennt keine Prozentwerte. Lassen Sie die Einheit weg, oder wählen Sie "
                        "»wird von Hand eingetragen«.")
            )  # fmt: skip


def _check_unit(field: Amount, unit: str) -> None:
    if field.typed_unit in ("", unit):
        return
    if unit:
        raise ValidationError(
            gettext("Hinter der Zahl steht »%(typed)s«, die Einheit des Indikators ist »%(unit)s«. "
                    "Schreiben Sie nur die Zahl.", typed=field.typed_unit[:40], unit=unit)
        )  # fmt: skip
    raise ValidationError(
        gettext("Dieser Indikator hat keine Einheit. Tragen Sie »%(typed)s« beim Indikator unter »Einheit« ein.",
                typed=field.typed_unit[:40])
    )  # fmt: skip


class ValueForm(FlaskForm):
    """A value, from which day on, and what shows it; ``indicator`` is what it is a value of."""

    indicator: Indicator

    day = Day(
        _("Erreicht am"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den Tag.")), _check_year]
    )
    value = Amount(_("Wert"), validators=[InputRequired(_("Nennen Sie den Wert."))])
    evidence = StringField(
        _("Nachweis"), filters=[tidy], description=_("Was es belegt: ein Dokument, eine Liste, eine Adresse."),
        validators=[DataRequired(_("Nennen Sie, was den Wert belegt.")), at_most(500)],
    )  # fmt: skip

    def validate_value(self, field: Amount) -> None:
        """Refuse another unit than the indicator's."""
        _check_unit(field, self.indicator.unit)

    def validate_day(self, field: Day) -> None:
        """Refuse a day that has not been yet, and one outside the project's term."""
        project = self.indicator.project
        if field.data is None:
            return
        if field.data > today():
            raise ValidationError(gettext("Dieser Tag liegt in der Zukunft. Tragen Sie ein, was schon erreicht ist."))
        if field.data > project.ends:
            raise ValidationError(
                gettext("Die Laufzeit ist seit dem %(day)s abgeschlossen. Was danach kam, zählt für dieses Projekt "
                        "nicht mehr.", day=long_date(project.ends))
            )  # fmt: skip
        if field.data < project.begins:
            raise ValidationError(
                gettext("Die Laufzeit beginnt erst am %(day)s. Einen Ausgangswert tragen Sie für diesen Tag ein.",
                        day=long_date(project.begins))
            )  # fmt: skip


class DayForm(Form):
    """The day to look at."""

    stand = Day(_("Stand am"), format=DAYS_OF_PEOPLE, validators=[Optional(), _check_year])

    def validate_stand(self, field: Day) -> None:
        """Refuse a day of which nobody knows anything yet."""
        if field.data and field.data > today():
            raise ValidationError(gettext("Dieser Tag liegt in der Zukunft. Zahlen gibt es bis heute."))

"""Forms of round tables: planning one, signing somebody up, saying what one thought of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.assessment.forms import tidy
from app.practices.forms import at_most, is_web_address
from app.region.models import Municipality
from app.round_tables.models import LONGEST_TEXT, AgendaItem, RoundTable
from app.rounds.forms import DAYS_OF_PEOPLE, Day

FIRST_YEAR, LAST_YEAR = 2013, 2100
MOST_ITEMS = 40


class _Hour(TimeField):
    """A time of day, with a sentence that helps when it does not exist."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Diese Uhrzeit gibt es nicht. Schreiben Sie sie wie 09:30.")) from None


class _Number(IntegerField):
    """A number, with a sentence that helps where it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; empty is none."""
        self.data = None
        typed = (valuelist[0] if valuelist else "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and int(typed[:9]) <= 100_000):
            raise ValueError(gettext("»%(text)s« ist keine Zahl.", text=typed[:40]))
        self.data = int(typed) if typed else None


class TableForm(FlaskForm):
    """When, where, what about; afterwards what was said and how many came."""

    number = _Number(_("Nummer"), validators=[Optional(), NumberRange(1, 999, _("Die Nummer liegt von 1 bis 999."))])
    held_on = Day(_("Tag"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den Tag."))])
    begins = _Hour(_("Beginn"), validators=[Optional()])
    ends = _Hour(_("Ende"), validators=[Optional()])
    place = StringField(
        _("Ort"), filters=[tidy], validators=[at_most(200)],
        description=_("Haus und Anschrift. Leer, wenn der Runde Tisch nur online ist."),
    )  # fmt: skip
    link = StringField(_("Link zur Teilnahme online"), filters=[tidy], validators=[at_most(500)])
    host_ags = SelectField(_("Gastgebende Kommune"), validate_choice=False, default="")
    about = TextAreaField(_("Worum es geht"), filters=[tidy], validators=[at_most(LONGEST_TEXT)])
    agenda = TextAreaField(
        _("Tagesordnung"), filters=[tidy], validators=[at_most(LONGEST_TEXT)],
        description=_("Je Zeile ein Punkt; nach einem senkrechten Strich die Funktion der Vortragenden, zum Beispiel: "
                      "Begrüßungstasche | Stadtmarketing Werdohl"),
    )  # fmt: skip
    presented = SelectMultipleField(_("Vorgestellte Praxisbeispiele"), coerce=int)
    minutes = TextAreaField(_("Ergebnisse und Niederschrift"), filters=[tidy], validators=[at_most(LONGEST_TEXT)])
    people = _Number(_("Gäste"), validators=[Optional()])
    places = _Number(_("Kommunen"), validators=[Optional()])

    def offer(self, municipalities: Iterable[Municipality], practices: Iterable[tuple[int, str]]) -> None:
        """Let one of these be the host, and some of those be presented."""
        names = [SelectChoice(place.ags, place.name) for place in municipalities]
        self.host_ags.choices = [SelectChoice("", gettext("keine")), *names]
        self.presented.choices = [SelectChoice(id, title) for id, title in practices]

    def fill(self, table: RoundTable) -> None:
        """Show what is stored."""
        for name in ("number", "held_on", "begins", "ends", "place", "link", "about", "minutes", "people", "places"):
            self[name].data = getattr(table, name)
        self.host_ags.data = table.host_ags or ""
        self.agenda.data = "\n".join(f"{item.title} | {item.speaker}".rstrip(" |") for item in table.agenda)
        self.presented.data = [shown.practice_id for shown in table.presented]

    def items(self) -> list[AgendaItem]:
        """The agenda as rows."""
        lines = [line for line in (self.agenda.data or "").splitlines() if line.strip()]
        parts = [line.partition("|") for line in lines]
        return [
            AgendaItem(position=position, title=title.strip()[:200], speaker=speaker.strip()[:160])
            for position, (title, _bar, speaker) in enumerate(parts)
        ]

    def validate_agenda(self, field: TextAreaField) -> None:
        """Refuse an agenda nobody gets through."""
        lines = (field.data or "").splitlines()
        if len(lines) > MOST_ITEMS or any(len(line) > 300 for line in lines):
            raise ValidationError(gettext("Höchstens 40 Punkte mit je 300 Zeichen."))

    def validate_held_on(self, field: Day) -> None:
        """Refuse years nobody means."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(gettext("Das Jahr stimmt nicht. Schreiben Sie es mit vier Ziffern."))

    def validate_ends(self, field: _Hour) -> None:
        """Refuse an end before the beginning."""
        begins: dt.time | None = self.begins.data
        if field.data and (begins is None or field.data <= begins):
            raise ValidationError(gettext("Das Ende liegt nicht nach dem Beginn."))

    def validate_link(self, field: StringField) -> None:
        """Refuse what is no address; ask for a place where there is no link."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(
                gettext("Das ist keine Adresse mit https:// am Anfang. Kopieren Sie sie vollständig.")
            )
        if not field.data and not self.place.data:
            raise ValidationError(gettext("Nennen Sie einen Ort oder einen Link zur Teilnahme online."))


class GuestForm(FlaskForm):
    """One person who will come."""

    name = StringField(
        _("Name"),
        filters=[tidy],
        validators=[DataRequired(_("Geben Sie den Namen an, er steht auf dem Namensschild.")), at_most(120)],
    )
    function = StringField(_("Funktion"), filters=[tidy], validators=[Length(max=160)])
    listed = BooleanField(_("Name, Funktion und Kommune dürfen auf der Liste stehen, die alle Gäste bekommen."))
    consented = BooleanField(
        _("Die Person ist einverstanden, dass diese Angaben bis 180 Tage nach dem Runden Tisch gespeichert werden.")
    )

    def validate_consented(self, field: BooleanField) -> None:
        """Without consent nobody is stored."""
        if not field.data:
            raise ValidationError(gettext("Ohne Einverständnis können wir niemanden anmelden."))


class OutsideGuestForm(GuestForm):
    """The same for the agency: from any municipality, or from elsewhere."""

    municipality_ags = SelectField(_("Kommune"), validate_choice=False, default="")

    def offer(self, municipalities: Iterable[Municipality]) -> None:
        """Let one of these be chosen, or none."""
        names = [SelectChoice(place.ags, place.name) for place in municipalities]
        self.municipality_ags.choices = [SelectChoice("", gettext("von anderswo")), *names]


class OpinionForm(FlaskForm):
    """Two questions, anonymous."""

    useful = RadioField(
        _("Wie viel haben Sie für Ihre Arbeit mitgenommen?"),
        choices=[
            SelectChoice(str(value), label)
            for value, label in (
                (5, _("sehr viel")), (4, _("viel")), (3, _("teils, teils")), (2, _("wenig")), (1, _("nichts")),
            )
        ],
        validators=[InputRequired(_("Wählen Sie eine Antwort."))],
    )  # fmt: skip
    wish = TextAreaField(_("Was wünschen Sie sich beim nächsten Mal?"), filters=[tidy], validators=[at_most(2000)])

"""Forms of commitment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.commitment.models import COMMITTEE, COUNCIL, LONGEST_TEXT, OUTCOMES, Conference
from app.commitment.standing import STATES, Standing
from app.region.models import District, Municipality
from app.rounds.forms import DAYS_OF_PEOPLE, Day
from app.rounds.lifecycle import today

FIRST_YEAR = 2010
LONGEST_NOTE = 500
MOST_VOTES = 999


def options(labels: Mapping[str, str]) -> list[SelectChoice]:
    """What a select field offers: value → label, in this order."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def _tidy(text: str | None) -> str:
    return " ".join((text or "").replace("\0", "").split())


def _lines(text: str | None) -> str:
    return (text or "").replace("\0", "").replace("\r\n", "\n").strip()


def _at_most(length: int) -> Length:
    return Length(max=length, message=_("Kürzen Sie auf höchstens %(length)s Zeichen.", length=length))


def _past_day(form: Form, day_field: Day) -> None:
    if day_field.data and day_field.data.year < FIRST_YEAR:
        raise ValidationError(gettext("Das Jahr stimmt nicht. Schreiben Sie es mit vier Ziffern, zum Beispiel 2026."))
    if day_field.data and day_field.data > today():
        raise ValidationError(gettext("Dieser Tag liegt in der Zukunft. Tragen Sie ein, was schon war."))


class FilterForm(Form):
    """Narrows the list of municipalities; what does not exist narrows nothing."""

    kreis = SelectField(_("Kreis"), validate_choice=False, default="")
    stand = SelectField(_("Stand"), choices=options({"": _("alle"), **STATES}), validate_choice=False, default="")

    def offer(self, districts: Iterable[District]) -> None:
        """Let the reader choose among these districts."""
        self.kreis.choices = options({"": gettext("alle"), **{district.ags: district.name for district in districts}})

    def fits(self, one: Standing) -> bool:
        """Whether the reader asked for this municipality."""
        return self.kreis.data in ("", one.municipality.district_ags) and self.stand.data in ("", one.state)


class _Votes(IntegerField):
    """A number of votes; an empty field is no number, and anything else is called by what was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = None
        typed = _tidy(valuelist[0]) if valuelist else ""
        if typed:
            if not (typed.isascii() and typed.isdigit()) or int(typed[:9]) > MOST_VOTES:
                raise ValueError(gettext("»%(text)s« ist keine Zahl von 0 bis %(most)s.", text=typed, most=MOST_VOTES))
            self.data = int(typed)


class ResolutionForm(FlaskForm):
    """A resolution of a council, or of a committee for it."""

    municipality_ags = SelectField(
        _("Kommune"), validate_choice=False, validators=[DataRequired(_("Wählen Sie die Kommune."))]
    )
    body = RadioField(
        _("Wer hat beschlossen?"),
        choices=options({COUNCIL: _("der Rat"), COMMITTEE: _("ein Ausschuss")}),
        default=COUNCIL,
        validators=[DataRequired(_("Wählen Sie, wer beschlossen hat."))],
    )
    body_name = StringField(
        _("Name des Ausschusses"),
        filters=[_tidy],
        validators=[_at_most(120)],
        description=_("Nur wenn ein Ausschuss beschlossen hat, zum Beispiel »Haupt- und Finanzausschuss«."),
    )
    decided_on = Day(
        _("Tag des Beschlusses"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den Tag.")), _past_day]
    )
    paper_number = StringField(_("Nummer der Vorlage"), filters=[_tidy], validators=[_at_most(60)])
    link = StringField(
        _("Adresse im Internet"),
        filters=[_tidy],
        validators=[_at_most(500)],
        description=_("Der Eintrag im Ratsinformationssystem, falls er öffentlich ist."),
    )
    wording = TextAreaField(_("Wortlaut"), filters=[_lines], validators=[_at_most(LONGEST_TEXT)])
    votes_for = _Votes(_("Ja-Stimmen"), validators=[Optional(), NumberRange(0, MOST_VOTES)])
    votes_against = _Votes(_("Nein-Stimmen"), validators=[Optional(), NumberRange(0, MOST_VOTES)])
    abstentions = _Votes(_("Enthaltungen"), validators=[Optional(), NumberRange(0, MOST_VOTES)])
    named = BooleanField(
        _("Die Kommune darf in Veröffentlichungen als teilnehmend genannt werden."),
        description=_("Nur mit ausdrücklicher Zustimmung ankreuzen."),
    )
    renew_by = Day(
        _("Erneuern bis"),
        format=DAYS_OF_PEOPLE,
        validators=[Optional()],
        description=_("Leer lassen, wenn der Beschluss bis auf Weiteres gilt."),
    )

    def offer(self, municipalities: Iterable[Municipality]) -> None:
        """Let the agency choose among these."""
        names = {place.ags: place.name for place in municipalities}
        self.municipality_ags.choices = options({"": gettext("bitte wählen"), **names})

    def validate_municipality_ags(self, field: SelectField) -> None:
        """One of those offered."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Wählen Sie eine Kommune aus der Liste."))

    def validate_body_name(self, field: StringField) -> None:
        """A committee has a name; the council needs none."""
        if self.body.data == COMMITTEE and not field.data:
            raise ValidationError(gettext("Nennen Sie den Ausschuss."))
        if self.body.data == COUNCIL and field.data:
            raise ValidationError(gettext("Hat der Rat beschlossen, bleibt dieses Feld leer."))

    def validate_link(self, field: StringField) -> None:
        """An address begins with its protocol."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(gettext("Die Adresse beginnt mit https://. Kopieren Sie sie aus dem Browser."))

    def validate_abstentions(self, field: IntegerField) -> None:
        """Votes are known all three, or not at all."""
        known = [votes.data is not None for votes in (self.votes_for, self.votes_against, field)]
        if any(known) and not all(known):
            raise ValidationError(gettext("Tragen Sie alle drei Zahlen ein oder keine. Niemand heißt 0."))

    def validate_renew_by(self, field: Day) -> None:
        """Renewal comes after the decision."""
        if field.data and self.decided_on.data and field.data <= self.decided_on.data:
            raise ValidationError(gettext("Erneuert wird nach dem Beschluss. Prüfen Sie beide Tage."))


class ConferenceForm(FlaskForm):
    """A mayors' conference."""

    district_ags = SelectField(_("Kreis"), validators=[DataRequired(_("Wählen Sie den Kreis."))])
    held_on = Day(
        _("Tag der Konferenz"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den Tag.")), _past_day]
    )
    agenda = TextAreaField(_("Tagesordnung"), filters=[_lines], validators=[_at_most(LONGEST_TEXT)])
    presented = TextAreaField(_("Was vorgestellt wurde"), filters=[_lines], validators=[_at_most(LONGEST_TEXT)])

    def offer(self, districts: Iterable[District]) -> None:
        """Let the agency choose among these."""
        names = {district.ags: district.name for district in districts}
        self.district_ags.choices = options({"": gettext("bitte wählen"), **names})


@dataclass
class Line:
    """One municipality in the form of outcomes: what was chosen and what was typed."""

    municipality: Municipality
    outcome: str
    note: str
    error: str = ""

    @property
    def field_id(self) -> str:
        """Id and name of the choice; the note's begins the same."""
        return f"ergebnis-{self.municipality.ags}"


@dataclass
class OutcomesForm:
    """What a conference led to, one line for each municipality of the district; an empty choice is none."""

    lines: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, conference: Conference, municipalities: Sequence[Municipality]) -> OutcomesForm:
        """The form as the conference stands."""
        known = {outcome.municipality_ags: outcome for outcome in conference.outcomes}
        lines = []
        for place in municipalities:
            found = known.get(place.ags)
            lines.append(Line(place, found.outcome if found else "", found.note if found else ""))
        return cls(lines)

    def read(self, sent: MultiDict[str, str]) -> bool:
        """Take over what was sent; whether all of it can be used."""
        for line in self.lines:
            line.outcome = sent.get(line.field_id, "")
            line.note = _tidy(sent.get(f"{line.field_id}-bemerkung"))
            line.error = self._mistake(line)
        return not any(line.error for line in self.lines)

    @staticmethod
    def _mistake(line: Line) -> str:
        if line.outcome not in ("", *OUTCOMES):
            return gettext("Dieses Ergebnis gibt es nicht. Wählen Sie eines aus der Liste.")
        if line.note and not line.outcome:
            return gettext("Wählen Sie zur Bemerkung ein Ergebnis.")
        if len(line.note) > LONGEST_NOTE:
            return gettext("Kürzen Sie die Bemerkung auf höchstens %(length)s Zeichen.", length=LONGEST_NOTE)
        return ""

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What is wrong, as (id of the field, sentence)."""
        return ((line.field_id, f"{line.municipality.name}: {line.error}") for line in self.lines if line.error)

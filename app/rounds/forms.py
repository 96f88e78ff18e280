"""Forms of a round: planning one, changing its window, saying who takes part."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.region.models import Municipality
from app.rounds.models import Round

DAYS_OF_PEOPLE = ["%Y-%m-%d", "%d.%m.%Y"]
"""What a date field sends, and what people type where it is a plain text field."""
FIRST_YEAR, LAST_YEAR = 2000, 2999
MOST_NEWCOMERS = 1_000_000


def _tidy(text: str | None) -> str:
    """One line without what nobody can see."""
    return " ".join((text or "").replace("\0", "").split())


class Day(DateField):
    """A day, with a sentence that helps when it does not exist."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; ``ValueError`` becomes the field's error."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Diesen Tag gibt es nicht. Schreiben Sie ihn wie 31.12.2026.")) from None


class WindowForm(FlaskForm):
    """Title and window of a round."""

    title = StringField(
        _("Titel"),
        filters=[_tidy],
        validators=[
            DataRequired(_("Geben Sie der Runde einen Titel.")),
            Length(max=160, message=_("Kürzen Sie den Titel auf höchstens 160 Zeichen.")),
        ],
        description=_("So heißt die Runde auf allen Seiten und in den Berichten, zum Beispiel »Erhebung 2026«."),
    )
    opens = Day(_("Erster Tag"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den ersten Tag."))])
    closes = Day(_("Letzter Tag"), format=DAYS_OF_PEOPLE, validators=[InputRequired(_("Nennen Sie den letzten Tag."))])

    def validate_opens(self, field: Day) -> None:
        """Refuse years nobody means."""
        _check_year(field.data)

    def validate_closes(self, field: Day) -> None:
        """Refuse a window that ends before it begins."""
        _check_year(field.data)
        if field.data and self.opens.data and field.data < self.opens.data:
            raise ValidationError(gettext("Der letzte Tag liegt vor dem ersten. Vertauschen Sie die beiden Tage."))


class RoundForm(WindowForm):
    """A new round."""

    key = StringField(
        _("Kürzel"),
        filters=[_tidy],
        validators=[DataRequired(_("Geben Sie ein Kürzel ein, zum Beispiel 2026."))],
        description=_("Steht in Adressen und bleibt für immer. Kleinbuchstaben, Ziffern und Bindestriche."),
    )

    def validate_key(self, field: StringField) -> None:
        """The key stands in addresses."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", field.data or ""):
            raise ValidationError(
                gettext("Benutzen Sie nur Kleinbuchstaben, Ziffern und Bindestriche, höchstens 40 Zeichen.")
            )
        if field.data == "neu":
            raise ValidationError(gettext("Dieses Kürzel ist vergeben. Wählen Sie ein anderes."))


def _check_year(day: dt.date | None) -> None:
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(gettext("Das Jahr stimmt nicht. Schreiben Sie es mit vier Ziffern, zum Beispiel 2026."))


@dataclass
class Place:
    """One municipality in the form of participation: what was ticked and what was typed."""

    municipality: Municipality
    invited: bool
    typed: str
    error: str = ""

    @property
    def field_id(self) -> str:
        """Id and name of the number field."""
        return f"neue-{self.municipality.ags}"

    @property
    def newcomers(self) -> int | None:
        """The number, ``None`` if nothing was typed."""
        return int(self.typed) if self.typed else None


@dataclass
class ParticipationForm:
    """Who takes part, and how many people moved there. One row for each municipality of the region."""

    places: list[Place] = field(default_factory=list)

    @classmethod
    def of(cls, round_: Round, municipalities: Sequence[Municipality]) -> ParticipationForm:
        """The form as the round stands; once it is open only those who take part are in it."""
        present = {participation.municipality_ags: participation.newcomers for participation in round_.participations}
        shown = [m for m in municipalities if round_.state == "draft" or m.ags in present]
        return cls([Place(m, m.ags in present, str(present.get(m.ags) or "")) for m in shown])

    def read(self, sent: MultiDict[str, str], *, fixed: bool) -> bool:
        """Take over what was sent; whether all of it can be used. ``fixed``: nobody comes or goes any more."""
        invited = set(sent.getlist("eingeladen"))
        for place in self.places:
            place.invited = fixed or place.municipality.ags in invited
            place.typed = _tidy(sent.get(place.field_id))[:20]
            place.error = self._mistake(place)
        return not any(place.error for place in self.places)

    @staticmethod
    def _mistake(place: Place) -> str:
        known = re.fullmatch(r"[0-9]{1,7}", place.typed, re.ASCII) and 0 < int(place.typed) <= MOST_NEWCOMERS
        if known or not place.typed:
            return ""
        return gettext("»%(text)s« ist keine Zahl ab 1. Lassen Sie das Feld leer, wenn Sie sie nicht kennen.",
                       text=place.typed)  # fmt: skip

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What is wrong, as (id of the field, sentence)."""
        return ((p.field_id, f"{p.municipality.name}: {p.error}") for p in self.places if p.error)

    @property
    def newcomers(self) -> dict[str, int | None]:
        """Those who take part, with their number."""
        return {place.municipality.ags: place.newcomers for place in self.places if place.invited}

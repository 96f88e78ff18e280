"""Choosing among the municipalities of the cockpit: filters, selections and orders, all of them in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField

from app.agency.forms import options
from app.agency.standing import STAGES, Place
from app.region.models import District

Test = Callable[[Place], bool]
SELECTIONS: dict[str, tuple[Any, Test]] = {
    "": (_("alle"), lambda place: True),
    "undecided": (_("nehmen teil, Beschluss fehlt"), lambda place: place.undecided),
    "renewal": (_("Beschluss zu erneuern"), lambda place: place.commitment.state == "renewal"),
    "guest": (_("Gäste"), lambda place: place.guest),
    "not_started": (
        _("Selbsteinschätzung nicht begonnen"), lambda place: place.invited and place.progress.state == "not_started"
    ),
    "unfinished": (
        _("Selbsteinschätzung nicht abgegeben"), lambda place: place.invited and place.progress.state != "handed_in"
    ),
    "unchecked": (_("abgegeben, nicht geprüft"), lambda place: place.stage == "handed_in"),
    "few": (_("zu wenige Rückmeldungen"), lambda place: place.missing > 0),
}  # fmt: skip
"""Questions that the agency asks, with who belongs to the answer."""
PLACES_OF_STAGES = {name: number for number, name in enumerate(STAGES)}
ORDERS: dict[str, tuple[Any, Callable[[Place], Any]]] = {
    "": (_("Kreis und Name"), lambda place: 0),
    "name": (_("Name"), lambda place: place.municipality.name),
    "schritt": (_("Schritt, die hintersten zuerst"), lambda place: PLACES_OF_STAGES[place.stage]),
    "selbst": (_("Selbsteinschätzung, am wenigsten zuerst"), lambda place: place.percent),
    "rueckmeldungen": (_("Rückmeldungen, die wenigsten zuerst"), lambda place: place.responses),
    "zuletzt": (_("zuletzt gespeichert, die längste Pause zuerst"), lambda place: _saved(place)),
}
"""How the municipalities can be ordered; the first one groups them by district."""


class ChoiceForm(Form):
    """Narrows and orders the municipalities; what does not exist does neither."""

    kreis = SelectField(_("Kreis"), validate_choice=False, default="")
    stand = SelectField(_("Schritt"), validate_choice=False, default="")
    auswahl = SelectField(_("Auswahl"), validate_choice=False, default="")
    sortierung = SelectField(_("Reihenfolge"), validate_choice=False, default="")

    def offer(self, districts: Iterable[District]) -> None:
        """Let the reader choose among these."""
        every = {"": gettext("alle")}
        self.kreis.choices = options({**every, **{district.ags: district.name for district in districts}})
        self.stand.choices = options({**every, **STAGES})
        self.auswahl.choices = options({name: label for name, (label, _test) in SELECTIONS.items()})
        self.sortierung.choices = options({name: label for name, (label, _key) in ORDERS.items()})

    @property
    def in_address(self) -> dict[str, str]:
        """What was chosen, as it stands in addresses."""
        return {name: value for name, value in self.data.items() if value}

    @property
    def grouped(self) -> bool:
        """Whether the municipalities stay together by district."""
        return self.sortierung.data not in ORDERS or not self.sortierung.data

    def chosen(self, places: Sequence[Place]) -> list[Place]:
        """Those asked for, in the order asked for."""
        _label, fits = SELECTIONS.get(self.auswahl.data, SELECTIONS[""])
        _name, key = ORDERS.get(self.sortierung.data, ORDERS[""])
        shown = [
            place
            for place in places
            if self.kreis.data in ("", place.municipality.district_ags)
            and self.stand.data in ("", place.stage)
            and fits(place)
        ]
        return sorted(shown, key=key)


def _saved(place: Place) -> str:
    return place.progress.saved_at.isoformat() if place.progress.saved_at else ""

"""How a column says that it holds something about a person: why, what kind, and for how long.

``mapped_column(info=personal(ACCOUNT, "…"))``; the records of processing (Art. 30 GDPR) are made from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import Column

KEY = "personal"


@dataclass(frozen=True)
class Processing:
    """Why something about people is stored, what kind of data it is, and when it goes."""

    purpose: LazyString
    category: LazyString
    retention: LazyString


ACCOUNT = Processing(
    _("Anmeldung und Zuordnung der Aufgaben"),
    _("Dienstliche Adresse, Funktion, Aufgaben"),
    _("bis das Konto gelöscht wird"),
)
PROTECTION = Processing(
    _("Schutz des Kontos"),
    _("Prüfwerte und Schlüssel, die niemand lesen kann; Art des Geräts"),
    _("bis das Konto gelöscht wird; Anmeldungen 14 Tage"),
)
INVITING = Processing(_("Einladung zu einem Konto"), _("Dienstliche Adresse"), _("90 Tage nach dem Ende der Einladung"))
MAILING = Processing(
    _("Versand von Mails des Dienstes"), _("Dienstliche Adresse, Betreff, Text bis zum Versand"), _("30 Tage")
)
WORK = Processing(
    _("Gemeinsame Arbeit an der Selbsteinschätzung"),
    _("Wer etwas getan hat"),
    _("bis das Konto gelöscht wird; die Arbeit der Kommune bleibt"),
)
AUDIT = Processing(
    _("Nachvollziehbarkeit von Änderungen"),
    _("Wer etwas getan hat, vorher und nachher"),
    _("Person 3 Jahre, Einzelheiten 10 Jahre oder bis das Konto gelöscht wird"),
)
SIGNING = Processing(
    _("Freigabe der Selbsteinschätzung"),
    _("Name und Funktion der freigebenden Person"),
    _("wie die abgegebene Selbsteinschätzung, deren Teil sie sind"),
)
CONTACT = Processing(
    _("Auskunft für Zugezogene"),
    _("Dienstliche Adresse einer Stelle, öffentlich gezeigt"),
    _("bis die Kommune sie ändert oder entfernt; in Auswertungsständen auf Dauer"),
)
GUESTS = Processing(
    _("Anmeldung zu einem Runden Tisch"),
    _("Name, Funktion und Kommune der Gäste, ob sie kamen"),
    _("180 Tage nach dem Runden Tisch; wie viele kamen, bleibt"),
)


def personal(processing: Processing, *, secret: bool = False) -> dict[str, Any]:
    """The ``info`` of a column; ``secret`` ones are stored so that they say nothing, and are not given out."""
    return {KEY: processing, "secret": secret}


def processing_of(column: Column[Any]) -> Processing | None:
    """What a column declares, ``None`` if it declares nothing."""
    return column.info.get(KEY)

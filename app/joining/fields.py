"""The fields of a template, in words for those who write one."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

FIELD_NOTES: dict[str, LazyString] = {
    "kommune": _("Name der Kommune"),
    "kommune_voll": _("Name mit »Stadt« oder »Gemeinde« davor"),
    "kreis": _("Name des Kreises"),
    "region": _("Name der Region"),
    "einwohner": _("Zahl der Einwohnerinnen und Einwohner"),
    "agentur": _("wer die Vorlage entworfen hat"),
    "dienst": _("Adresse dieses Dienstes"),
    "datum": _("Tag, an dem der Entwurf erstellt wird"),
    "runde": _("Titel der laufenden oder nächsten Erhebungsrunde; leer, wenn keine geplant ist"),
    "zeitraum": _("deren erster und letzter Tag; leer, wenn keine geplant ist"),
    "betreff": _("Betreff der Vorlage"),
    "sachverhalt": _("worum es geht, zwei bis drei Absätze"),
    "teilnahme": _("was die Teilnahme bedeutet, fünf Absätze; am besten als Aufzählung formatieren"),
    "kosten": _("Aufwand und Kosten, zwei Absätze"),
    "stand_region": _("wie viele Kommunen schon teilnehmen und was die letzte Runde ergab"),
    "beschluss": _("Beschlussvorschlag, fünf Absätze"),
}
"""By the name between the braces."""

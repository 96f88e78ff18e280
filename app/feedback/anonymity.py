"""What the newcomer's page promises about anonymity: each sentence under a key, so that a test can prove it.

The page at ``/f/anonym`` shows exactly these sentences, in every language. A new one comes with a test against the
database and the log that fails if it is not true.
"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

STORED: dict[str, LazyString] = {
    "ratings": _("Ihre Antworten auf die Fragen."),
    "profile": _("Ihre freiwilligen Angaben zu sich, nur so grob, wie Sie sie auswählen."),
    "place": _("Für welche Stadt oder Gemeinde und in welcher Befragung Sie geantwortet haben."),
    "day": _("Der Tag, an dem Sie geantwortet haben. Keine Uhrzeit."),
    "language": _("Die Sprache, in der Sie geantwortet haben."),
    "channel": _("Auf welchem Weg Ihre Antworten gekommen sind, zum Beispiel online oder auf Papier."),
    "number": _(
        "Eine zufällige Nummer. Damit zählen Ihre Antworten nur einmal, auch wenn Sie zweimal auf »Absenden« tippen. "
        "Die Nummer sagt nichts über Sie."
    ),
    "texts": _(
        "Was Sie mit eigenen Worten schreiben. Das steht getrennt von allen anderen Antworten, nur mit dem Ort und der "
        "Befragung."
    ),
    "doubt": _(
        "Ob Ihre Antworten von einem Programm kommen könnten, zum Beispiel weil sie viel zu schnell da waren. Dann "
        "sieht sie zuerst jemand an."
    ),
}
"""What is stored, and nothing else is."""

NOT_STORED: dict[str, LazyString] = {
    "no_name": _("Ihr Name, Ihre Anschrift und Ihr Geburtstag. Danach fragen wir nicht."),
    "no_address": _("Die Adresse Ihres Geräts im Internet (IP-Adresse)."),
    "no_device": _("Welches Gerät und welches Programm Sie benutzen."),
    "no_time": _("Die Uhrzeit."),
    "no_code": _(
        "Ihr Zugangscode, wenn Sie einen haben. Wir merken uns nur, dass er benutzt ist, nicht, welche Antworten dazu "
        "gehören."
    ),
    "no_cookie": _("Cookies. Diese Seiten legen keine auf Ihrem Gerät ab."),
    "no_others": _("Nichts geht an andere Firmen, und nichts wird von dort geladen."),
}
"""What is not stored and not sent."""

CONSEQUENCES: dict[str, LazyString] = {
    "on_your_device": _(
        "Bis Sie absenden, merkt sich Ihr eigenes Gerät, was Sie tippen, höchstens einen Tag. Wir sehen das nicht."
    ),
    "no_way_back": _(
        "Wir wissen nicht, welche Antworten von Ihnen sind. Darum können wir sie später nicht heraussuchen, ändern "
        "oder löschen."
    ),
    "read_first": _("Was Sie mit eigenen Worten schreiben, wird erst geprüft, bevor etwas davon weitergegeben wird."),
    "together": _(
        "Wir zeigen nur, was viele zusammen sagen. Haben weniger als 10 Menschen eine Frage beantwortet, "
        "veröffentlichen wir dazu keinen Wert."
    ),
}
"""What follows from it."""

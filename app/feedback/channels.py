"""Where a newcomer found the open link: one word in the address, and nothing else about the way."""

from __future__ import annotations

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

ARGUMENT = "von"
PLACES: dict[str, str] = {
    "willkommen": "welcome",
    "schalter": "counter",
    "arbeitgeber": "employer",
    "schule": "school",
}
"""The word in the address -> the channel that is stored."""

NAMES: dict[str, LazyString] = {
    "open": _("offener Link ohne Ort"),
    "welcome": _("Willkommenspaket"),
    "counter": _("Schalter im Rathaus"),
    "employer": _("Arbeitgeber"),
    "school": _("Schule oder Hochschule"),
    "code": _("Zugangscode"),
    "paper": _("Papierbogen"),
}


def channel_asked() -> str:
    """The channel that this address names; ``open`` for none and for what we never printed."""
    return PLACES.get(request.args.get(ARGUMENT, ""), "open")

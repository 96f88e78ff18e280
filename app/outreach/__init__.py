"""How a municipality reaches its newcomers: doors, print, access codes, paper sheets, how many still needed."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app import audit
from app.accounts.permissions import may
from app.outreach import routes, text_routes
from app.web import navigation

audit.describe(
    actions={
        "contact.set": _("Kontakt für Neue geändert"),
        "doors.set": _("Wege für Rückmeldungen geändert"),
        "codes.issued": _("Zugangscodes ausgegeben"),
    },
    subjects={"contact": _("Kontakt für Neue"), "participation": _("Teilnahme an der Runde")},
    fields={
        "open_link": _("offener Link"),
        "codes": _("Zugangscodes"),
        "paper": _("Papierbogen"),
        "number": _("Anzahl"),
        "office": _("Stelle"),
        "phone": _("Telefon"),
        "website": _("Internetseite"),
    },
)


def init_app(app: Flask) -> None:
    """Register pages and the menu entry."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(text_routes.blueprint)
    navigation.add(app, "outreach.overview", _("Befragung der Neuen"), 15, lambda: may("outreach.view"))

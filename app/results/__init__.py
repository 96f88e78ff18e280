"""Public pages and downloads, from releases only, and each municipality's own view."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.results import api, archive, comparison, criteria, discovery, district, keeping, opendata, own, press, routes
from app.results.blueprint import blueprint
from app.web import navigation

__all__ = ["archive", "comparison", "criteria", "discovery", "init_app", "opendata", "press", "routes"]

own.register(blueprint)
district.register(blueprint)


def init_app(app: Flask) -> None:
    """Register the pages; the own view stands in the menu of those who may see it."""
    keeping.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(api.blueprint)
    navigation.add(app, "results.own", _("Ergebnis"), order=30, visible=lambda: may("results.own"))
    navigation.add(app, "results.district", _("Ergebnisse im Kreis"), 30, lambda: may("results.district"))

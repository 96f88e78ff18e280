"""The pages on which the agency and each municipality read the audit log."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.logbook.routes import blueprint
from app.web import navigation


def init_app(app: Flask) -> None:
    """Register pages and menu entries."""
    app.register_blueprint(blueprint)
    navigation.add(app, "logbook.agency", _("Protokoll"), 95, partial(may, "audit.all"), navigation.ADMINISTRATION)
    navigation.add(app, "logbook.municipality", _("Protokoll"), 95, partial(may, "audit.own"))

"""Microdata of a round for the agency: written in the background, listed with checksums, every download recorded."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.audit import describe
from app.exports import routes

describe(
    actions={
        "microdata.ordered": _("Mikrodaten angefordert"),
        "microdata.downloaded": _("Mikrodaten heruntergeladen"),
        "microdata.deleted": _("Mikrodaten gelöscht"),
    },
    subjects={"microdata": _("Mikrodaten der Runde")},
    fields={"file": _("Datei"), "rows": _("Zeilen")},
)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(routes.blueprint)

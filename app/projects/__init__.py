"""Funded projects: indicators against their targets on any day, and the factual report for the funder."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.audit import describe
from app.projects import cli, pages, report
from app.web import navigation

__all__ = ["init_app", "pages", "report"]


def init_app(app: Flask) -> None:
    """Register pages, the menu entry, the command, and the words of the audit log."""
    describe(
        actions={
            "project.saved": _("Förderprojekt gespeichert"),
            "project.removed": _("Förderprojekt gelöscht"),
            "indicator.saved": _("Indikator gespeichert"),
            "indicator.removed": _("Indikator gelöscht"),
            "value.saved": _("Wert eines Indikators eingetragen"),
            "value.removed": _("Wert eines Indikators gelöscht"),
        },
        subjects={"project": _("Förderprojekt")},
        fields={"title": _("Titel"), "target": _("Zielwert"), "value": _("Wert"), "evidence": _("Nachweis")},
    )
    app.register_blueprint(pages.blueprint)
    app.cli.add_command(cli.group)
    navigation.add(app, "projects.overview", _("Förderprojekte"), 66, lambda: may("agency.projects"), navigation.REGION)

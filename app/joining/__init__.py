"""Winning municipalities: draft council papers, and the invitation that is handed out."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.audit import describe
from app.joining import invitation, routes
from app.web import navigation


def init_app(app: Flask) -> None:
    """Register pages, menu entry and the words of the audit log."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(invitation.blueprint)
    navigation.add(app, "joining.overview", _("Ratsvorlagen"), 65, partial(may, "agency.commitment"), navigation.REGION)
    describe(
        actions={
            "paper_template.uploaded": _("Eigene Ratsvorlage hochgeladen"),
            "paper_template.switched": _("Ratsvorlage gewechselt"),
        },
        subjects={"paper_template": _("Vorlage für Ratsvorlagen")},
        fields={"file": _("Datei"), "in_use": _("in Gebrauch")},
    )

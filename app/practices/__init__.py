"""The exchange of practices: what municipalities tried, whether it worked, and what others made of it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.audit import describe
from app.practices import cli, matching_pages, reading_pages, review_pages, talking_pages, writing_pages
from app.practices.blueprint import blueprint, public_blueprint
from app.practices.digest import send_digests
from app.practices.models import Attachment
from app.releases.queue import DAILY
from app.uploads import sweeping
from app.web import navigation

__all__ = ["init_app", "matching_pages", "reading_pages", "review_pages", "talking_pages", "writing_pages"]


def init_app(app: Flask) -> None:
    """Register pages, menu entries, commands, the digest, and the words of the audit log."""
    describe(
        actions={
            "practice.begun": _("Praxisbeispiel begonnen"),
            "practice.submitted": _("Praxisbeispiel abgegeben"),
            "practice.taken_back": _("Praxisbeispiel zurückgezogen"),
            "practice.published": _("Praxisbeispiel veröffentlicht"),
            "practice.returned": _("Praxisbeispiel zurückgegeben"),
            "practice.visibility": _("Sichtbarkeit eines Praxisbeispiels geändert"),
            "practice.withdrawn": _("Praxisbeispiel nicht mehr gezeigt"),
            "practice.shown_again": _("Praxisbeispiel wieder gezeigt"),
            "practice.discarded": _("Entwurf eines Praxisbeispiels gelöscht"),
            "practice.adopted": _("Übernahme eines Praxisbeispiels angegeben"),
        },
        subjects={"practice": _("Praxisbeispiel")},
        fields={"visibility": _("sichtbar für"), "remark": _("Rückfrage"), "adoption": _("Übernahme")},
    )
    app.register_blueprint(blueprint)
    app.register_blueprint(public_blueprint)
    app.cli.add_command(cli.group)
    app.extensions.setdefault(DAILY, []).append(send_digests)
    sweeping.in_use["practices"] = Attachment.in_use
    navigation.add(
        app, "practices.overview", _("Praxisbeispiele"), 80, lambda: may("practices.read"), navigation.EXCHANGE
    )

"""Round tables: invitations, sign-up, check-in, minutes, and how many came over the years."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.audit import describe
from app.outbox import attaching
from app.round_tables import agency_pages, calendar, cli, pages, using
from app.round_tables.models import Handout
from app.uploads import sweeping
from app.web import navigation

__all__ = ["agency_pages", "init_app", "pages"]


def init_app(app: Flask) -> None:
    """Register pages, the menu entry, the command, and the words of the audit log."""
    describe(
        actions={
            "round_table.saved": _("Runder Tisch gespeichert"),
            "round_table.removed": _("Runder Tisch gelöscht"),
            "round_table.invited": _("Zu einem Runden Tisch eingeladen"),
            "round_table.cancelled": _("Runder Tisch abgesagt"),
        },
        subjects={"round_table": _("Runder Tisch")},
        fields={"recipients": _("Empfänger")},
    )
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(pages.public_blueprint)
    app.cli.add_command(cli.group)
    attaching.makers[using.CALENDAR] = calendar.attachment
    sweeping.in_use["round_tables"] = Handout.in_use
    navigation.add(app, "round_tables.overview", _("Runde Tische"), 81, lambda: may("tables.read"), navigation.EXCHANGE)

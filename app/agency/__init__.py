"""The agency's overview: rounds, who stands where, releases, free texts, accounts."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _

from app import audit
from app.accounts.permissions import may
from app.agency import (
    access,
    accounts,
    comments,
    doubts,
    guests,
    places,
    plausibility,
    releases,
    reminders,
    rounds,
    rules,
)
from app.agency.blueprint import blueprint
from app.web import navigation

__all__ = [
    "access",
    "accounts",
    "comments",
    "doubts",
    "guests",
    "init_app",
    "places",
    "plausibility",
    "releases",
    "reminders",
    "rounds",
    "rules",
]


def init_app(app: Flask) -> None:
    """Register pages and menu entries."""
    app.register_blueprint(blueprint)
    audit.describe(
        actions={
            "round.guests": _("Gäste der Runde festgelegt"),
            "reminder.sent": _("Erinnerung verschickt"),
            "address.bounced": _("Adresse als unzustellbar vermerkt"),
            "address.cleared": _("Adresse wieder freigegeben"),
        },
        subjects={"round": _("Erhebungsrunde")},
        fields={"guests": _("Gäste (AGS)"), "subject": _("Betreff"), "number": _("Anzahl")},
    )
    entries = (
        ("agency.overview", _("Überblick"), "agency.view"),
        ("agency.rounds", _("Erhebungsrunden"), "agency.rounds"),
        ("agency.comments", _("Freie Texte"), "agency.comments"),
        ("agency.accounts", _("Konten"), "agency.accounts"),
    )
    for order, (endpoint, label, permission) in enumerate(entries, start=60):
        navigation.add(app, endpoint, label, order, partial(may, permission))

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
        ("agency.overview", _("Überblick"), 60, "agency.view", None),
        ("agency.rounds", _("Erhebungsrunden"), 61, "agency.rounds", navigation.SURVEY),
        ("agency.comments", _("Freie Texte"), 62, "agency.comments", navigation.SURVEY),
        ("agency.accounts", _("Konten"), 94, "agency.accounts", navigation.ADMINISTRATION),
    )
    for endpoint, label, order, permission, group in entries:
        navigation.add(app, endpoint, label, order, partial(may, permission), group)

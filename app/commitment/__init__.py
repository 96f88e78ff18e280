"""How municipalities commit: mayors' conferences, council resolutions, and how many have joined over the years."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.audit import describe
from app.commitment import conferences, resolutions
from app.commitment.blueprint import blueprint
from app.commitment.releasing import for_release
from app.releases import stated
from app.web import navigation

__all__ = ["conferences", "init_app", "resolutions"]


def init_app(app: Flask) -> None:
    """Register pages, menu entries and the words of the audit log."""
    app.register_blueprint(blueprint)
    if for_release not in stated.decision_sources:
        stated.decision_sources.append(for_release)
    entries = (
        ("commitment.overview", _("Beschlüsse"), 63),
        ("commitment.all_conferences", _("Konferenzen"), 64),
    )
    for endpoint, label, order in entries:
        navigation.add(app, endpoint, label, order, partial(may, "agency.commitment"), navigation.REGION)
    describe(
        actions={
            "resolution.recorded": _("Beschluss eingetragen"),
            "resolution.changed": _("Beschluss geändert"),
            "resolution.removed": _("Beschluss gelöscht"),
            "conference.recorded": _("Konferenz eingetragen"),
            "conference.changed": _("Konferenz geändert"),
            "conference.removed": _("Konferenz gelöscht"),
            "conference.outcome": _("Ergebnis einer Konferenz festgehalten"),
        },
        subjects={"resolution": _("Beschluss"), "conference": _("Konferenz")},
        fields={
            "body": _("Gremium"),
            "body_name": _("Name des Ausschusses"),
            "decided_on": _("Tag des Beschlusses"),
            "paper_number": _("Nummer der Vorlage"),
            "link": _("Adresse im Internet"),
            "wording": _("Wortlaut"),
            "votes_for": _("Ja-Stimmen"),
            "votes_against": _("Nein-Stimmen"),
            "abstentions": _("Enthaltungen"),
            "named": _("Zustimmung zur Nennung"),
            "renew_by": _("Erneuern bis"),
            "held_on": _("Tag der Konferenz"),
            "agenda": _("Tagesordnung"),
            "presented": _("Vorgestellt"),
            "outcome": _("Ergebnis"),
            "note": _("Bemerkung"),
        },
    )

"""What a municipality makes of its result: up to three development goals a round, and next steps to think of."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.audit import describe
from app.goals import routes
from app.goals.releasing import for_release
from app.releases import standing
from app.web import navigation


def init_app(app: Flask) -> None:
    """Register the pages, the menu entry, and the words of the log."""
    describe(
        actions={"goal.saved": _("Entwicklungsziel gespeichert"), "goal.removed": _("Entwicklungsziel entfernt")},
        subjects={"goal": _("Entwicklungsziel")},
        fields={"target": _("angestrebter Reifegrad"), "due": _("Termin"), "progress": _("Fortschritt")},
    )
    app.register_blueprint(routes.blueprint)
    if for_release not in standing.goal_sources:
        standing.goal_sources.append(for_release)
    navigation.add(app, "goals.overview", _("Ziele"), 35, lambda: may("assessment.view"))

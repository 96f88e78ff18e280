"""The municipality's workspace: its self-assessment, from the first criterion to the hand-in."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts.permissions import may
from app.assessment import evidence, evidence_pages, progress, routes, together_pages, words
from app.audit import describe
from app.rounds import lifecycle
from app.uploads import sweeping
from app.web import navigation


def init_app(app: Flask) -> None:
    """Register pages and menu entries, and tell rounds how to count what is kept here."""
    describe(actions=words.ACTIONS, subjects=words.SUBJECTS, fields=words.FIELDS)
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(evidence_pages.blueprint)
    app.register_blueprint(together_pages.blueprint)
    sweeping.in_use["evidence"] = evidence.files_in_use
    lifecycle.contents["assessment"] = _("Selbsteinschätzungen"), progress.assessments_with_answers
    navigation.add(app, "assessment.overview", _("Selbsteinschätzung"), 10, lambda: may("assessment.view"))
    navigation.add(app, "assessment.summary", _("Prüfen und abgeben"), 20, lambda: may("assessment.view"))

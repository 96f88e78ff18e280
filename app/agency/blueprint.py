"""The blueprint of the agency's pages, and what several of them load first."""

from __future__ import annotations

from flask import Blueprint, abort
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.database import db
from app.region.models import Municipality
from app.rounds.models import Round
from questionnaires.catalogue import LocalizedText

blueprint = Blueprint("agency", __name__, url_prefix="/agentur", template_folder="templates")


def in_language(text: LocalizedText) -> str:
    """A text of the catalogue in the reader's language."""
    return text[get_locale().language]


def round_or_404(key: str, *, for_change: bool = False) -> Round:
    """The round of that key; ``for_change`` lets one change at a time happen."""
    query = select(Round).where(Round.key == key)
    found = db.session.scalar(query.with_for_update() if for_change else query)
    return found or abort(404, _("Eine Erhebungsrunde mit diesem Kürzel gibt es nicht."))


def municipality_or_404(ags: str) -> Municipality:
    """The municipality of that key."""
    return db.session.get(Municipality, ags) or abort(404, _("Eine Kommune mit diesem Schlüssel gibt es nicht."))

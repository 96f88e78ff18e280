"""The two blueprints of the exchange: for who is logged in, and for everybody; and what their pages load first."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import may
from app.practices.models import Practice, Version
from app.practices.reading import practice_by_id
from app.rounds.lifecycle import catalogue_of, rounds_newest_first
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin

blueprint = Blueprint("practices", __name__, url_prefix="/austausch", template_folder="templates")
public_blueprint = Blueprint("public_practices", __name__, url_prefix="/praxis", template_folder="templates")


def catalogue() -> Catalogue:
    """The criteria that practices are about now: those of the newest round that has any, else our own."""
    newest = next((found for found in rounds_newest_first() if found.catalogue_sha256), None)
    return catalogue_of(newest) if newest else builtin()


def shown_or_404(id: int, *, public: bool = False) -> tuple[Practice, Version]:
    """A practice that may be read here, and what is shown of it."""
    practice = practice_by_id(id)
    if practice is None or practice.withdrawn or practice.shown is None:
        abort(HTTPStatus.NOT_FOUND, _("Dieses Praxisbeispiel gibt es nicht, oder es wurde zurückgezogen."))
    if public and practice.visibility != "all":
        abort(HTTPStatus.NOT_FOUND, _("Dieses Praxisbeispiel gibt es nicht, oder es wurde zurückgezogen."))
    return practice, practice.shown


def own_or_404(id: int) -> Practice:
    """A practice that the reader may change: one of their municipality; the agency may change any."""
    practice = practice_by_id(id)
    if practice is None or not may_change(practice):
        abort(HTTPStatus.NOT_FOUND, _("Dieses Praxisbeispiel gibt es nicht, oder es wurde gelöscht."))
    return practice


def may_change(practice: Practice) -> bool:
    """Whether the reader works for the municipality whose practice it is, or for the agency."""
    if may("agency.practices"):
        return True
    own = current_user.municipality_ags
    return own is not None and practice.municipality_ags == own and may("practices.write")

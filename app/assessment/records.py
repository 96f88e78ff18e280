"""Records of hand-ins as PDF: rendered from the signed document, after its checksum was compared."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Response, abort, make_response
from flask_babel import gettext as _
from sqlalchemy import select

from app.assessment.models import HandIn
from app.assessment.workspace import Workspace
from app.database import db
from app.web.language import current_language
from questionnaires.handed_in import HandedIn
from reports.documents import hand_in_record
from reports.wording import LOCALES, LanguageNotOffered


def pdf_of(workspace: Workspace, number: int) -> Response:
    """The record of that number as PDF; 404 if there is none, and a plain word if it is no longer what was signed."""
    found = _record_or_404(workspace, number)
    if hashlib.sha256(found.document.encode()).hexdigest() != found.sha256:
        abort(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            _("Die Abgabe passt nicht mehr zu ihrer Prüfsumme. Sie wird deshalb nicht gezeigt. Bitte sagen Sie der "
              "Agentur Bescheid."),
        )  # fmt: skip
    language = current_language().tag
    if language not in LOCALES:
        raise LanguageNotOffered(language)
    content = hand_in_record(HandedIn.model_validate_json(found.document), workspace.catalogue, language)
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="abgabe-{workspace.municipality.slug}-{number}.pdf"'
    response.cache_control.no_store = True
    return response


def _record_or_404(workspace: Workspace, number: int) -> HandIn:
    if workspace.assessment is None:
        abort(HTTPStatus.NOT_FOUND)
    statement = select(HandIn).where(HandIn.assessment_id == workspace.assessment.id, HandIn.number == number)
    return db.session.scalar(statement) or abort(HTTPStatus.NOT_FOUND)

"""Answers to the script that saves while somebody writes: short JSON instead of a page.

Each function gives ``None`` where a page was asked for, so that the caller goes on to make it.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from wtforms import Form

from app.assessment.models import CriterionAnswer
from app.web.fields import mistakes


def asked() -> bool:
    """Whether the request comes from the script."""
    return request.headers.get("Accept", "").startswith("application/json")


def saved(row: CriterionAnswer | None) -> Response | None:
    """Saved: the version that stands there now, and the time for people. For before the commit, which forgets it."""
    if not asked():
        return None
    if row is None:
        return jsonify(version=0, at="")
    return jsonify(version=row.version, at=format_time(row.saved_at, "short"))


def mistakes_of(form: Form) -> Response | None:
    """Not saved: what has to be mended."""
    return jsonify(problem=" ".join(sentence for _field, sentence in mistakes(form))) if asked() else None


def refusal(error: Exception) -> Response | None:
    """Not saved: why not."""
    return jsonify(problem=str(error)) if asked() else None


def conflict() -> ResponseReturnValue | None:
    """Not saved, because somebody else was faster."""
    return (jsonify(conflict=True), HTTPStatus.CONFLICT) if asked() else None

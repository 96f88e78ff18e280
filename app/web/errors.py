"""What a person or a program reads when a request cannot be answered: what is wrong and what to do about it.

Nothing here asks the database or the session, so these pages come even when those are down.
"""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, NotFound, SecurityError


@dataclass(frozen=True)
class Explanation:
    """The headline of an error page and the one sentence that says what to do."""

    headline: LazyString
    advice: LazyString


EXPLANATIONS: dict[int, Explanation] = {
    400: Explanation(
        _("Diese Anfrage haben wir nicht verstanden"),
        _("Bitte gehen Sie einen Schritt zurück, prüfen Sie Ihre Angaben und senden Sie sie noch einmal ab."),
    ),
    401: Explanation(_("Bitte melden Sie sich an"), _("Diese Seite ist nur nach einer Anmeldung zu sehen.")),
    403: Explanation(
        _("Diese Seite ist für Sie nicht freigegeben"),
        _("Wenn Sie sie für Ihre Aufgabe brauchen, bitten Sie die Ansprechperson Ihrer Kommune um die Berechtigung."),
    ),
    404: Explanation(
        _("Diese Seite gibt es nicht"),
        _("Bitte prüfen Sie die Adresse auf Tippfehler oder gehen Sie zur Startseite."),
    ),
    405: Explanation(
        _("So lässt sich diese Seite nicht aufrufen"),
        _("Bitte gehen Sie zur Startseite und öffnen Sie von dort die Seite, die Sie brauchen."),
    ),
    409: Explanation(
        _("Das passt nicht mehr zum aktuellen Stand"),
        _("Bitte laden Sie die Seite neu, sehen Sie sich den neuen Stand an und wiederholen Sie Ihre Änderung."),
    ),
    410: Explanation(
        _("Diese Seite gibt es nicht mehr"),
        _("Ihr Inhalt wurde zurückgezogen. Den aktuellen Stand finden Sie über die Startseite."),
    ),
    413: Explanation(
        _("Das ist zu viel auf einmal"),
        _("Bitte kürzen Sie Ihren Text oder verkleinern Sie die Datei und senden Sie noch einmal ab."),
    ),
    415: Explanation(_("Dieses Format können wir nicht lesen"), _("Bitte senden Sie das Formular dieser Website ab.")),
    429: Explanation(
        _("Das waren zu viele Anfragen in kurzer Zeit"),
        _("Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal."),
    ),
    500: Explanation(
        _("Hier ist uns ein Fehler unterlaufen"),
        _("Bitte versuchen Sie es in einigen Minuten noch einmal. Der Fehler ist aufgezeichnet."),
    ),
    503: Explanation(
        _("Der Dienst ist gerade nicht erreichbar"),
        _("Bitte versuchen Sie es in einigen Minuten noch einmal."),
    ),
    507: Explanation(
        _("Auf dem Server ist kein Platz mehr"),
        _(
            "Es wurde nichts gespeichert. Gehen Sie im Browser einen Schritt zurück: Dort stehen Ihre Angaben noch. "
            "Bitte versuchen Sie es später noch einmal."
        ),
    ),
}
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_DATABASE = frozenset({"SQLITE_FULL", "53100"})
"""What SQLite and PostgreSQL call a disk without room."""


class StorageFull(HTTPException):
    """There is no room left for what was sent (RFC 4918, 11.5)."""

    code = 507


class Explained(HTTPException):
    """An error with words and a page of its own; its slice says which."""

    explanation: Explanation
    template: str


FORM_TOO_OLD = Explanation(
    _("Diese Seite war zu lange geöffnet"),
    _("Es wurde nichts gespeichert. Bitte laden Sie die Seite neu und senden Sie Ihre Eingaben noch einmal ab."),
)


def explain(error: HTTPException) -> Explanation:
    """The explanation for ``error``; what its raiser wrote as description takes the place of the general advice."""
    if isinstance(error, CSRFError):
        return FORM_TOO_OLD
    if isinstance(error, Explained):
        return error.explanation
    code = error.code or 500
    general = EXPLANATIONS.get(code, EXPLANATIONS[400 if code < 500 else 500])
    if error.description and error.description != type(error).description:
        return Explanation(general.headline, error.description)
    return general


def answer(error: HTTPException) -> Response | HTTPException:
    """The error as a page, or as an RFC 9457 problem document where a program asks."""
    if error.response is not None or (error.code or 500) < 400:
        return error
    if isinstance(error, SecurityError):  # A host that is not ours: no page, because its links would lead there.
        refusal = str(_("Unter diesem Namen gibt es diesen Dienst nicht."))
        return Response(refusal, 400, mimetype="text/plain")
    body = _problem(error) if _asked_by_program() else _page(error)
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    body.status_code = error.code or 500
    body.headers.extend(headers)
    return body


def _asked_by_program() -> bool:
    return request.path.startswith("/api/")


def _page(error: HTTPException) -> Response:
    template = error.template if isinstance(error, Explained) else "web/error.html"
    return current_app.make_response(render_template(template, explanation=explain(error), code=error.code or 500))


def _problem(error: HTTPException) -> Response:
    explanation = explain(error)
    return problem(error.code or 500, f"{explanation.headline}. {explanation.advice}")


def problem(code: int, detail: str) -> Response:
    """A problem document (RFC 9457): what is wrong with this request, for a program and the person who wrote it."""
    title = HTTPStatus(code).phrase
    response = jsonify(type="about:blank", title=title, status=code, detail=detail, instance=request.path)
    response.status_code = code
    response.mimetype = "application/problem+json"
    return response


def refuse_zero_byte() -> None:
    """No address has a zero byte in it; PostgreSQL would refuse even to look for one."""
    if "\0" in request.path:
        raise NotFound


def not_storable(error: DataError) -> ResponseReturnValue:
    """The database cannot hold or compare what was sent, a zero byte for instance: the sender's mistake, not ours."""
    current_app.logger.warning("The database refused a value: %s", error.orig)
    return current_app.handle_http_exception(BadRequest())


def storage_full(error: OperationalError | OSError | sqlite3.OperationalError) -> ResponseReturnValue:
    """Say so if the disk is full; every other error of these kinds goes on as it came."""
    cause = getattr(error, "orig", None) or error
    names = {getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None)}
    if not (names & FULL_DATABASE or getattr(cause, "errno", None) in FULL):
        raise error
    current_app.logger.error("The disk is full: %s", cause)
    return current_app.handle_http_exception(StorageFull())


def register(app: Flask) -> None:
    """Answer every error of this application with a page or a problem document."""
    app.before_request(refuse_zero_byte)
    app.register_error_handler(DataError, not_storable)
    for kind in (OperationalError, sqlite3.OperationalError, OSError):
        app.register_error_handler(kind, storage_full)
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(InternalServerError, answer)

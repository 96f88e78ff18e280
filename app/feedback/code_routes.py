"""Addresses for access codes: ``/c/`` to type one, ``/c/<code>`` for the QR code on a letter. Public, no cookie."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import csrf
from app.accounts.permissions import PUBLIC
from app.feedback import pages
from app.feedback.codes import CodeMistyped, read_code
from app.feedback.places import NotCollecting
from app.feedback.redeeming import TooManyTries, opened_by
from app.feedback.writing import CodeNotFitting
from app.web.language import requested_tag
from app.web.permission import requires

blueprint = Blueprint("codes", __name__, url_prefix="/c", template_folder="templates")


@blueprint.get("/")
@requires(PUBLIC)
def enter() -> ResponseReturnValue:
    """Where somebody types the code of a letter."""
    return pages.code_entry()


@blueprint.post("/", endpoint="read")
@csrf.exempt
@requires(PUBLIC)
def read() -> ResponseReturnValue:
    """On to the form, if what was typed can be a code."""
    code = read_code(request.form.get("code", ""))
    return redirect(url_for("codes.form", code=code, lang=requested_tag()), 303)


@blueprint.get("/<code>")
@requires(PUBLIC)
def form(code: str) -> ResponseReturnValue:
    """The form that this code opens; the one way of writing it is the address."""
    meant = read_code(code)
    if meant != code:
        return redirect(url_for("codes.form", code=meant, lang=requested_tag()), 301)
    return pages.form_with(*opened_by(code))


@blueprint.errorhandler(CodeMistyped)
def mistyped(_reason: CodeMistyped) -> ResponseReturnValue:
    """A slip of the finger; what was typed stays."""
    typed = request.form.get("code") or (request.view_args or {}).get("code", "")
    return pages.code_entry(typed, mistake="mistyped"), 422


@blueprint.errorhandler(CodeNotFitting)
def not_fitting(_reason: CodeNotFitting) -> ResponseReturnValue:
    """Unknown or used: nobody is told which."""
    return pages.code_entry((request.view_args or {}).get("code", ""), mistake="not_fitting"), 404


@blueprint.errorhandler(TooManyTries)
def too_many(_reason: TooManyTries) -> ResponseReturnValue:
    """Somebody seems to be guessing."""
    return pages.code_entry("", mistake="too_many"), 429


@blueprint.errorhandler(NotCollecting)
def not_collecting(reason: NotCollecting) -> ResponseReturnValue:
    """The code fits, but nobody can answer now."""
    return pages.not_collecting(reason)

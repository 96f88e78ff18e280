"""Addresses of the newcomers' pages. Public, without session and cookie."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts import csrf
from app.accounts.permissions import PUBLIC
from app.feedback import pages
from app.feedback.channels import ARGUMENT, PLACES
from app.feedback.doubts import TooManyForms
from app.feedback.front import may_take_the_next
from app.feedback.places import (
    MunicipalityUnknown,
    NotCollecting,
    collecting,
    districts_collecting,
    place_named,
    why_not,
)
from app.feedback.receiving import receiving
from app.feedback.sending import NothingAnswered, send
from app.feedback.storing import NoLongerCollecting
from app.feedback.straight import straight
from app.feedback.tokens import TokenNotValid
from app.feedback.typed import Typed
from app.feedback.writing import CodeNotFitting
from app.web.language import requested_tag
from app.web.permission import requires
from questionnaires.answers import AnswersNotValid

blueprint = Blueprint("feedback", __name__, url_prefix="/f", template_folder="templates")

THANKS = "/danke"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@blueprint.get("/")
@requires(PUBLIC)
def choose() -> ResponseReturnValue:
    """Where do you live? Leads to the form of each municipality."""
    return render_template("feedback/choose.html", districts=districts_collecting())


@blueprint.get("/anonym")
@requires(PUBLIC)
def anonymity() -> ResponseReturnValue:
    """What is stored and what is not, in plain words."""
    return pages.anonymity()


@blueprint.get("/<slug>")
@requires(PUBLIC)
def form(slug: str) -> ResponseReturnValue:
    """The newcomer's form."""
    if slug != slug.lower():
        found = request.args.get(ARGUMENT)
        return redirect(url_for("feedback.form", slug=slug.lower(), von=found if found in PLACES else None), 301)
    return pages.fresh_form(collecting(slug))


# There is no session that another site's page could ride: the signed token in the form takes the place of CSRF.
@blueprint.post("/<slug>", endpoint="send")
@csrf.exempt
@requires(PUBLIC)
def take(slug: str) -> ResponseReturnValue:
    """Take a filled-in form."""
    place_named(slug)
    typed = _typed()
    here = receiving(slug, typed)
    language = pages.reader_language(here.round).tag
    try:
        send(here, typed, language, request.remote_addr or "")
    except (TokenNotValid, AnswersNotValid, NothingAnswered, TooManyForms, CodeNotFitting) as refused:
        return pages.repaired_form(here, typed, refused)
    except NoLongerCollecting:
        raise why_not(slug) from None
    may_take_the_next(straight(slug, here.round, language))
    asked = f"?lang={tag}" if (tag := requested_tag()) else ""
    return Response(status=303, headers={"Location": f"{request.script_root}{request.path}{THANKS}{asked}"})


@blueprint.get(f"/<slug>{THANKS}")
@requires(PUBLIC)
def thanks(slug: str) -> ResponseReturnValue:
    """Thanks; the address says nothing about the response."""
    return pages.thanks(place_named(slug))


@blueprint.errorhandler(MunicipalityUnknown)
def unknown(_reason: MunicipalityUnknown) -> ResponseReturnValue:
    """No municipality has this address."""
    return render_template("feedback/unknown.html"), 404


@blueprint.errorhandler(NotCollecting)
def not_collecting(reason: NotCollecting) -> ResponseReturnValue:
    """Nobody can answer for this municipality now; for a form that was sent, this is a conflict."""
    return pages.not_collecting(reason), 409 if request.method == "POST" else 200


def _typed() -> Typed:
    """What was sent; 415 if it is no form, 413 if it is larger than anybody types."""
    if request.mimetype not in FORM_TYPES:
        abort(415)
    try:
        _check_complete()
        return Typed(request.form)
    except RequestEntityTooLarge:
        abort(
            413,
            _(
                "Ein Text darf höchstens 2.000 Zeichen haben. Gehen Sie im Browser einen Schritt zurück: Dort "
                "stehen Ihre Angaben noch. Kürzen Sie den Text und senden Sie noch einmal ab."
            ),
        )


def _check_complete() -> None:
    """400 if the connection broke in the middle: some servers hand on what had arrived as if it were everything."""
    if len(request.get_data()) < (request.content_length or 0):
        abort(400, _("Ihre Antworten sind nicht vollständig angekommen. Bitte senden Sie noch einmal ab."))

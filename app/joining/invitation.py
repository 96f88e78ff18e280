"""The invitation to municipalities: a public page for each of them and one for all, and the flyer that leads there."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import PUBLIC
from app.joining.facts import Place, counts, places
from app.web.language import current_language
from app.web.layout import operator
from app.web.permission import requires
from reports.documents.printed import invitation
from reports.documents.printed.invitation import Content
from reports.figures.joined import Count

ADDRESS = "/mitmachen"

blueprint = Blueprint("invitation", __name__, template_folder="templates")


@blueprint.get(ADDRESS)
@requires(PUBLIC)
def everybody() -> ResponseReturnValue:
    """The invitation to all."""
    return _page("")


@blueprint.get(f"{ADDRESS}/<slug>")
@requires(PUBLIC)
def one(slug: str) -> ResponseReturnValue:
    """The invitation to one municipality."""
    return _page(slug)


@blueprint.get("/agentur/faltblatt.pdf")
@blueprint.get("/agentur/faltblatt/<slug>.pdf")
@requires("agency.commitment")
def flyer(slug: str = "") -> ResponseReturnValue:
    """The flyer; ``beschnitt`` gives it bleed and marks for the print shop, ``sprache`` says it in English.

    Whoever reads the service in English still hands out German flyers: the language of the page decides nothing here.
    """
    language = "en" if request.args.get("sprache") == "en" else "de"
    content = as_pdf(_told(slug, language), _place_or_404(slug), press=bool(request.args.get("beschnitt")))
    response = Response(content, mimetype="application/pdf")
    name = "-".join(["faltblatt", slug or "alle", *(["en"] if language == "en" else [])])
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.cache_control.no_store = True
    return response


def told(place: Place, history: list[Count], language: str, *, neutral: bool) -> Content:
    """What the invitation says, with the address of its page."""
    slug = "" if neutral else f"/{place.standing.municipality.slug}"
    address = f"{operator().address}{ADDRESS}{slug}"
    return invitation.content(place.facts, address, history, language, neutral=neutral)


def as_pdf(content: Content, place: Place, *, press: bool) -> bytes:
    """The flyer of that content."""
    return invitation.flyer(content, place.facts.day, press=press)


def _told(slug: str, language: str) -> Content:
    return told(_place_or_404(slug), counts(language), language, neutral=not slug)


def _place_or_404(slug: str) -> Place:
    """The municipality; for the neutral invitation any, since it is not named."""
    found = (place for place in places() if slug in ("", place.standing.municipality.slug))
    return next(found, None) or abort(HTTPStatus.NOT_FOUND, _("Eine Kommune mit dieser Adresse gibt es nicht."))


def _page(slug: str) -> str:
    language = "en" if current_language().tag == "en" else "de"
    settings = operator()
    return render_template("joining/invitation.html", told=_told(slug, language), contact=settings.operator_email)

"""Pages on which practices are found and read: one set behind the log-in, one for everybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from app.accounts.permissions import PUBLIC, may
from app.database import db
from app.practices import search
from app.practices.blueprint import blueprint, catalogue, may_change, public_blueprint, shown_or_404
from app.practices.forms import (
    ADOPTION_NAMES,
    OUTCOME_NAMES,
    AdoptionForm,
    AnswerForm,
    QuestionForm,
    SearchForm,
    criterion_names,
)
from app.practices.models import ALL, PUBLISHED, REPLACED, Attachment, Practice, Version
from app.practices.reading import Wish, find
from app.practices.talking import followed_by
from app.region.models import WelcomeContact
from app.web.language import current_language
from app.web.permission import requires


@blueprint.get("/")
@requires("practices.read")
def overview() -> ResponseReturnValue:
    """What is shown to participants: searched, narrowed, page by page."""
    values, status = _found(public=False)
    return render_template("practices/overview.html", followed=followed_by(current_user), **values), status


@public_blueprint.get("/")
@requires(PUBLIC)
def examples() -> ResponseReturnValue:
    """The same for everybody: what may be shown to all."""
    values, status = _found(public=True)
    return render_template("practices/public_overview.html", **values), status


@blueprint.get("/<int(max=2147483647):id>")
@requires("practices.read")
def practice(id: int) -> ResponseReturnValue:
    """One practice, with who adopted it, what was asked, and what the reader may do with it."""
    return practice_page(*shown_or_404(id))


@public_blueprint.get("/<int(max=2147483647):id>")
@requires(PUBLIC)
def example(id: int) -> ResponseReturnValue:
    """One practice for everybody, with the municipality's office for newcomers to turn to."""
    found, version = shown_or_404(id, public=True)
    contact = db.session.get(WelcomeContact, found.municipality_ags) if found.municipality_ags else None
    return render_template(
        "practices/public_practice.html", practice=found, version=version, contact=contact, **wording()
    )


@blueprint.get("/<int(max=2147483647):id>/fassungen")
@requires("practices.read")
def versions(id: int) -> ResponseReturnValue:
    """Every version that was ever shown, the newest first."""
    found, _version = shown_or_404(id)
    shown = [version for version in reversed(found.versions) if version.state in (PUBLISHED, REPLACED)]
    return render_template("practices/versions.html", practice=found, shown=shown, **wording())


@blueprint.get("/datei/<int(max=2147483647):id>")
@requires("practices.read")
def file(id: int) -> ResponseReturnValue:
    """A file of a practice that the reader sees or may change."""
    found = db.session.get(Attachment, id) or abort(HTTPStatus.NOT_FOUND)
    version = found.version
    read = version.state in (PUBLISHED, REPLACED) and not version.practice.withdrawn
    if not read and not may_change(version.practice):
        abort(HTTPStatus.NOT_FOUND)
    return found.handed_out()


@public_blueprint.get("/datei/<int(max=2147483647):id>")
@requires(PUBLIC)
def public_file(id: int) -> ResponseReturnValue:
    """A file of a practice that everybody may see."""
    found = db.session.get(Attachment, id) or abort(HTTPStatus.NOT_FOUND)
    whole = found.version.practice
    if found.version.state != PUBLISHED or whole.withdrawn or whole.visibility != ALL:
        abort(HTTPStatus.NOT_FOUND)
    return found.handed_out()


def practice_page(found: Practice, version: Version, status: int = HTTPStatus.OK, **forms: Any) -> ResponseReturnValue:
    """The page of a practice; a form that was sent with mistakes takes the place of an empty one."""
    own = current_user.municipality_ags
    mine = next((one for one in found.adoptions if one.municipality_ags == own), None)
    values: dict[str, Any] = {
        "question_form": QuestionForm(formdata=None),
        "answer_form": AnswerForm(formdata=None),
        "adoption_form": AdoptionForm(formdata=None, obj=mine),
        "answering": None,
        "mine": mine,
        "changeable": may_change(found),
        "adoptable": own is not None and own != found.municipality_ags and may("practices.write"),
    }
    page = render_template(
        "practices/practice.html", practice=found, version=version, **{**values, **forms}, **wording()
    )
    return make_response(page, status)


def wording() -> dict[str, Any]:
    """What things are called on every page that shows a practice."""
    known, tag = catalogue(), current_language().tag
    return {
        "criteria": criterion_names(known),
        "group_names": {group.id: group.name[tag] for group in known.target_groups},
        "outcomes": OUTCOME_NAMES,
        "adoptions": ADOPTION_NAMES,
    }


def _found(*, public: bool) -> tuple[dict[str, Any], int]:
    form, known = SearchForm(request.args), catalogue()
    form.offer(known)
    status, question = HTTPStatus.OK, None
    try:
        question = search.ask(form.suche.data or "")
    except search.QueryRefused as refused:
        form.suche.errors, status = [str(refused)], HTTPStatus.UNPROCESSABLE_ENTITY
    filters = {name: form[name].data or "" for name in ("kriterium", "groesse", "aufwand", "ergebnis")}
    wish = Wish(question, filters["kriterium"], filters["groesse"], filters["aufwand"], filters["ergebnis"])
    number = min(max(request.args.get("seite", 1, int), 1), 10_000)
    page = find(wish, number, public=public)
    narrowed = {**{name: value for name, value in filters.items() if value}}
    if question is not None:
        narrowed["suche"] = form.suche.data or ""
    values = {"form": form, "page": page, "question": question, "narrowed": narrowed, **wording()}
    return values, status

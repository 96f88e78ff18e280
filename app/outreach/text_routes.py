"""Where a municipality reads and codes what newcomers wrote to it, under ``/kommune/befragung/texte``."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.accounts.permissions import own_municipality_or_404
from app.database import db
from app.feedback.screening import pieces
from app.feedback.themes import themes
from app.outreach import reading
from app.rounds.lifecycle import StepRefused, catalogue_of
from app.rounds.models import Round
from app.web.language import current_language
from app.web.permission import requires

blueprint = Blueprint("texts", __name__, url_prefix="/kommune/befragung/texte", template_folder="templates")

MOST_PAGES = 1000
STATE_NAMES = {reading.UNCODED: lazy_gettext("noch ohne Thema"), reading.CODED: lazy_gettext("eingeordnet")}


@blueprint.get("/")
@requires("outreach.texts")
def overview() -> ResponseReturnValue:
    """A page of the texts of a round that has ended."""
    return _texts(request.args.get("runde"))


@blueprint.post("/<key>/<comment_id>")
@requires("outreach.texts")
def code(key: str, comment_id: str) -> ResponseReturnValue:
    """Say what a text is about."""
    municipality = own_municipality_or_404()
    round_ = _round(reading.ended_rounds(municipality), key) or abort(HTTPStatus.NOT_FOUND)
    try:
        if not reading.code(round_, municipality, comment_id, request.form.getlist("thema")):
            abort(HTTPStatus.NOT_FOUND, _("Diesen Text gibt es hier nicht oder nicht mehr."))
    except StepRefused as refused:
        db.session.rollback()
        return _texts(key, str(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    flash(_("Die Themen sind gespeichert."), "success")
    return redirect(
        url_for(".overview", runde=key, stand=_state(), seite=_page() if _state() == reading.CODED else None),
        HTTPStatus.SEE_OTHER,
    )


def _texts(key: str | None, refused: str = "") -> str:
    municipality = own_municipality_or_404()
    rounds = reading.ended_rounds(municipality)
    if not rounds:
        return render_template("outreach/texts_none.html", municipality=municipality)
    round_ = _round(rounds, key) or rounds[0]
    return render_template(
        "outreach/texts.html",
        municipality=municipality,
        rounds=rounds,
        round=round_,
        state=_state(),
        page=_page(),
        reading=reading.read(round_, municipality, _state(), _page()),
        fewest=reading.FEWEST,
        on_a_page=reading.ON_A_PAGE,
        state_names=STATE_NAMES,
        questions={q.id: q.text[current_language().tag] for q in catalogue_of(round_).open_questions},
        themes={code: names[current_language().tag] for code, names in themes().items()},
        pieces=pieces,
        refused=refused,
    )


def _round(rounds: list[Round], key: str | None) -> Round | None:
    return next((round_ for round_ in rounds if round_.key == key), None)


def _state() -> str:
    state = request.values.get("stand", reading.UNCODED)
    return state if state in reading.STATES else reading.UNCODED


def _page() -> int:
    return min(max(request.values.get("seite", 1, type=int), 1), MOST_PAGES)

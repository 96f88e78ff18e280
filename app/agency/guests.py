"""Who takes part in a round as a guest: checking itself without a resolution, in no comparison."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.agency.blueprint import blueprint, round_or_404
from app.agency.standing import by_district, cockpit
from app.audit import Subject, record
from app.commitment.standing import STATES
from app.database import db
from app.feedback.counting import responses_by_municipality
from app.rounds.guests import guests_of, set_guests
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Round
from app.web.permission import requires


@blueprint.get("/runden/<key>/gaeste")
@requires("agency.rounds")
def guests(key: str) -> ResponseReturnValue:
    """Who is a guest; ``vorschlag`` ticks everybody without a resolution in force."""
    return _page(round_or_404(key))


@blueprint.post("/runden/<key>/gaeste")
@requires("agency.rounds")
def save_guests(key: str) -> ResponseReturnValue:
    """Say who is a guest."""
    round_ = round_or_404(key, for_change=True)
    try:
        _set(round_, request.form.getlist("gast"))
    except StepRefused as refusal:
        db.session.rollback()
        return _page(round_or_404(key), str(refusal), request.form.getlist("gast")), 409
    db.session.commit()
    flash(_("Die Gäste der Runde sind gespeichert."), "success")
    return redirect(url_for(".overview", runde=key))


def _set(round_: Round, keys: Collection[str]) -> None:
    """``StepRefused`` where newcomers have answered already: their answers would count nowhere."""
    before = guests_of(round_)
    answered = responses_by_municipality(round_)
    taken = [p.municipality.name for p in round_.participations
             if p.municipality_ags in set(keys) - before and answered.get(p.municipality_ags)]  # fmt: skip
    if taken:
        raise StepRefused(
            _("Dort haben schon Neue geantwortet, ihre Antworten würden nirgends zählen: %(names)s. Diese Kommunen "
              "bleiben Teilnehmende.", names=", ".join(sorted(taken)))
        )  # fmt: skip
    set_guests(round_, keys)
    after = guests_of(round_)
    if after != before:
        before_and_after = {"guests": ", ".join(sorted(before))}, {"guests": ", ".join(sorted(after))}
        record("round.guests", Subject("round", round_.key), before=before_and_after[0], after=before_and_after[1])


def _page(round_: Round, refused: str = "", typed: Collection[str] | None = None) -> str:
    places = [place for place in cockpit(round_).places if place.invited]
    proposed = "vorschlag" in request.args
    ticked = {p.municipality.ags for p in places if p.guest or (proposed and p.undecided and not p.responses)}
    return render_template(
        "agency/guests.html",
        round=round_,
        districts=by_district(places),
        ticked=ticked if typed is None else set(typed),
        refused=refused,
        states=STATES,
    )

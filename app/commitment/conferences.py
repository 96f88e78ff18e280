"""Pages of mayors' conferences: the list, one conference, and what it led to in each municipality."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from app.audit import Subject, record
from app.commitment.blueprint import blueprint, conference_or_404, logged
from app.commitment.forms import ConferenceForm, OutcomesForm
from app.commitment.models import OUTCOMES, Conference, Outcome
from app.commitment.standing import STATES
from app.database import db
from app.region.models import District, Municipality
from app.web.permission import requires

FIELDS = ("held_on", "agenda", "presented")


@blueprint.get("/konferenzen")
@requires("agency.commitment")
def all_conferences() -> ResponseReturnValue:
    """All conferences, the newest first."""
    found = (
        select(Conference)
        .options(joinedload(Conference.district), selectinload(Conference.outcomes))
        .order_by(Conference.held_on.desc(), Conference.district_ags)
    )
    return render_template(
        "commitment/conferences.html", conferences=db.session.scalars(found).all(), names=_outcomes()
    )


@blueprint.route("/konferenzen/neu", methods=["GET", "POST"])
@requires("agency.commitment")
def new_conference() -> ResponseReturnValue:
    """Record a conference."""
    return _edit(ConferenceForm(), Conference(), "conference.recorded")


@blueprint.route("/konferenzen/<int:key>", methods=["GET", "POST"])
@requires("agency.commitment")
def edit_conference(key: int) -> ResponseReturnValue:
    """Change a conference; what it led to stands below."""
    conference = conference_or_404(key)
    return _edit(ConferenceForm(obj=conference), conference, "conference.changed")


@blueprint.post("/konferenzen/<int:key>/ergebnisse")
@requires("agency.commitment")
def save_outcomes(key: int) -> ResponseReturnValue:
    """Save what the conference led to in each municipality."""
    conference = conference_or_404(key)
    outcomes = OutcomesForm.of(conference, _municipalities_of(conference))
    if not outcomes.read(request.form):
        return _page(ConferenceForm(formdata=None, obj=conference), conference, outcomes), 422
    for line in outcomes.lines:
        _set_outcome(conference, line.municipality.ags, line.outcome, line.note)
    db.session.commit()
    flash(_("Die Ergebnisse sind gespeichert."), "success")
    return redirect(url_for(".edit_conference", key=key))


@blueprint.route("/konferenzen/<int:key>/loeschen", methods=["GET", "POST"])
@requires("agency.commitment")
def remove_conference(key: int) -> ResponseReturnValue:
    """Ask once, then remove a conference that was recorded by mistake, with its outcomes."""
    conference = conference_or_404(key)
    if request.method == "GET":
        return render_template("commitment/conference_remove.html", conference=conference)
    record("conference.removed", Subject("conference", str(key)), before=logged(conference, FIELDS))
    db.session.delete(conference)
    db.session.commit()
    flash(_("Die Konferenz und ihre Ergebnisse sind gelöscht."), "success")
    return redirect(url_for(".all_conferences"))


def _edit(form: ConferenceForm, conference: Conference, action: str) -> ResponseReturnValue:
    form.offer(db.session.scalars(select(District).order_by(District.name)))
    if not form.validate_on_submit():
        return _page(form, conference), 422 if form.is_submitted() else 200
    if conference.id and form.district_ags.data != conference.district_ags:
        form.district_ags.errors = [_("Der Kreis einer Konferenz bleibt. Löschen Sie sie und tragen Sie sie neu ein.")]
        return _page(form, conference), 422
    before = logged(conference, FIELDS) if conference.id else None
    form.populate_obj(conference)
    db.session.add(conference)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        form.held_on.errors = [_("Für diesen Kreis ist an diesem Tag schon eine Konferenz eingetragen.")]
        return _page(form, conference), 409
    record(action, Subject("conference", str(conference.id)), before=before, after=logged(conference, FIELDS))
    db.session.commit()
    flash(_("Die Konferenz ist gespeichert. Halten Sie unten fest, was sie in den Kommunen ergeben hat."), "success")
    return redirect(url_for(".edit_conference", key=conference.id))


def _page(form: ConferenceForm, conference: Conference, outcomes: OutcomesForm | None = None) -> str:
    if not form.district_ags.choices:
        form.offer(db.session.scalars(select(District).order_by(District.name)))
    kept = conference if conference.id else None
    if kept and outcomes is None:
        outcomes = OutcomesForm.of(kept, _municipalities_of(kept))
    return render_template(
        "commitment/conference.html", form=form, conference=kept, outcomes=outcomes, names=_outcomes()
    )


def _set_outcome(conference: Conference, ags: str, outcome: str, note: str) -> None:
    """Store one line, if it differs from what is there; the log says so to the municipality too."""
    found = next((one for one in conference.outcomes if one.municipality_ags == ags), None)
    before = logged(found, ("outcome", "note")) if found else {"outcome": "", "note": ""}
    after = {"outcome": outcome, "note": note}
    if before == after:
        return
    if not outcome and found is not None:
        conference.outcomes.remove(found)
    elif found is None:
        conference.outcomes.append(Outcome(municipality_ags=ags, outcome=outcome, note=note))
    else:
        found.outcome, found.note = outcome, note
    subject = Subject("conference", str(conference.id))
    record("conference.outcome", subject, before=before, after=after, municipality=ags)


def _municipalities_of(conference: Conference) -> list[Municipality]:
    found = select(Municipality).where(Municipality.district_ags == conference.district_ags).order_by(Municipality.name)
    return list(db.session.scalars(found))


def _outcomes() -> dict[str, str]:
    return {name: str(STATES[name]) for name in OUTCOMES}

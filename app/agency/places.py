"""The overview, and one municipality of it."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import Role, User
from app.agency.blueprint import blueprint, in_language, municipality_or_404, round_or_404
from app.agency.choosing import ChoiceForm
from app.agency.forms import ReopenForm
from app.agency.standing import STAGES, Cockpit, by_district, cockpit
from app.agency.tables import cockpit_csv, part_of
from app.assessment.hand_in import ReopeningRefused, reopen
from app.assessment.models import Assessment
from app.assessment.workspace import workspace_of
from app.commitment.standing import STATES
from app.database import db
from app.feedback.counting import responses_by_municipality
from app.outreach.doors import NAMES as DOOR_NAMES
from app.outreach.doors import open_participation
from app.rounds.lifecycle import current_round
from app.web.language import current_language
from app.web.permission import requires
from reports.figures import stage_map
from reports.figures.drawing import Figure


@blueprint.get("/")
@requires("agency.view")
def overview() -> ResponseReturnValue:
    """The cockpit: every municipality in the current round, or the one asked for."""
    found, form = _cockpit(), ChoiceForm(request.args)
    form.offer(found.districts)
    return render_template(
        "agency/overview.html",
        cockpit=found,
        shown=form.chosen(found.places),
        form=form,
        by_district=by_district,
        stages=STAGES,
        states=STATES,
        part_of=part_of,
        figure_of_stages=_map(found),
    )


@blueprint.get("/kommunen.csv")
@requires("agency.view")
def overview_csv() -> ResponseReturnValue:
    """The same as a table for a spreadsheet, narrowed and ordered alike."""
    headers = {"Content-Disposition": "attachment; filename=kommunen.csv"}
    chosen = ChoiceForm(request.args).chosen(_cockpit().places)
    return Response(cockpit_csv(chosen), mimetype="text/csv", headers=headers)


def _cockpit() -> Cockpit:
    key = request.args.get("runde", "")
    return cockpit(round_or_404(key) if key else current_round())


def _map(found: Cockpit) -> Figure:
    steps = tuple(str(label) for label in STAGES.values())
    tiles = tuple(
        stage_map.Tile(m.ags, m.name, m.district_ags, m.latitude, m.longitude, list(STAGES).index(place.stage))
        for place in found.places
        for m in [place.municipality]
    )
    districts = tuple((district.ags, district.name) for district in found.districts)
    return stage_map.draw(tiles, steps, districts, current_language().tag)


@blueprint.get("/kommunen/<ags>")
@requires("agency.view")
def municipality(ags: str) -> ResponseReturnValue:
    """One municipality: its answers, its responses, its accounts."""
    return _show_municipality(ags, ReopenForm())


@blueprint.post("/kommunen/<ags>/zurueckgeben")
@requires("agency.reopen")
def reopen_assessment(ags: str) -> ResponseReturnValue:
    """Give the self-assessment back to the municipality."""
    workspace = workspace_of(municipality_or_404(ags))
    assessment = workspace.assessment if workspace else None
    if assessment is None:
        abort(404)
    form = ReopenForm()
    if not form.validate_on_submit():
        return _show_municipality(ags, form), 422
    db.session.scalar(select(Assessment.id).where(Assessment.id == assessment.id).with_for_update())
    try:
        reopen(assessment, form.reason.data)
    except ReopeningRefused as refusal:
        form.reason.errors = [str(refusal)]
        return _show_municipality(ags, form), 409
    db.session.commit()
    flash(
        _("Die Kommune kann ihre Selbsteinschätzung wieder bearbeiten. Sie sieht den Grund auf ihrer Startseite."),
        "success",
    )
    return redirect(url_for(".municipality", ags=ags))


def _show_municipality(ags: str, form: ReopenForm) -> str:
    place = municipality_or_404(ags)
    workspace = workspace_of(place)
    accounts = db.session.scalars(
        select(User).join(User.roles).where(Role.municipality_ags == ags).distinct().order_by(User.email)
    ).all()
    responses = responses_by_municipality(workspace.round).get(ags, 0) if workspace else 0
    return render_template(
        "agency/municipality.html",
        municipality=place,
        workspace=workspace,
        accounts=accounts,
        responses=responses,
        form=form,
        text=in_language,
        doors=DOOR_NAMES,
        participation=open_participation(place),
    )

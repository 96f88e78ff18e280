"""Pages of development goals. No address names a municipality: everybody sees their own."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import own_municipality_or_404
from app.assessment.pages import text
from app.assessment.workspace import lock
from app.database import db
from app.goals.forms import GoalForm
from app.goals.models import DevelopmentGoal
from app.goals.next_steps import next_steps
from app.goals.setting import MOST, GoalRefused, goals_of, reached, remove_goal, round_of_goals, save_goal
from app.region.models import Municipality
from app.releases import reading
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Round
from app.web.language import current_language
from app.web.permission import requires

blueprint = Blueprint("goals", __name__, url_prefix="/kommune/ziele", template_folder="templates")


@blueprint.get("/")
@requires("assessment.view")
def overview() -> ResponseReturnValue:
    """The goals, whether earlier ones were reached, and the next steps worth thinking of."""
    municipality = own_municipality_or_404()
    round_, record = round_of_goals(municipality), reading.published_record()
    goals = goals_of(municipality)
    return render_template(
        "goals/overview.html",
        municipality=municipality,
        round=round_,
        goals=goals,
        reached=reached(goals),
        catalogues={goal.round_id: catalogue_of(goal.round) for goal in goals},
        steps=next_steps(reading.release_of(record), municipality.ags) if record and round_ else [],
        most=MOST,
        text=text,
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@requires("assessment.edit")
def new() -> ResponseReturnValue:
    """Set a goal; the address may suggest one."""
    municipality, round_ = _place_or_404()
    suggested = {"criterion": request.args.get("kriterium"), "target": request.args.get("reifegrad")}
    return _edit(municipality, round_, None, {name: value for name, value in suggested.items() if value})


@blueprint.route("/<int(max=2147483647):id>", methods=["GET", "POST"])
@requires("assessment.edit")
def edit(id: int) -> ResponseReturnValue:
    """Change a goal of the current round, or say how far it has come."""
    municipality, round_ = _place_or_404()
    goal = _goal_or_404(municipality, round_, id)
    values = {name: getattr(goal, name) for name in ("criterion", "due", "responsible", "measures", "progress")}
    return _edit(municipality, round_, goal, {**values, "target": str(goal.target)})


@blueprint.get("/<int(max=2147483647):id>/entfernen")
@requires("assessment.edit")
def confirm_taking_back(id: int) -> str:
    """Ask once, because measures and progress go with the goal."""
    municipality, round_ = _place_or_404()
    goal = _goal_or_404(municipality, round_, id)
    return render_template(
        "goals/remove.html", goal=goal, criterion=catalogue_of(round_).criterion(goal.criterion), text=text
    )


@blueprint.post("/<int(max=2147483647):id>/entfernen")
@requires("assessment.edit")
def take_back(id: int) -> ResponseReturnValue:
    """Take a goal back."""
    municipality, round_ = _place_or_404()
    remove_goal(_goal_or_404(municipality, round_, id))
    db.session.commit()
    flash(_("Das Ziel ist entfernt."), "success")
    return redirect(url_for(".overview"))


def _place_or_404() -> tuple[Municipality, Round]:
    municipality = own_municipality_or_404()
    if request.method == "POST":
        lock(municipality)
    round_ = round_of_goals(municipality)
    return municipality, round_ or abort(
        HTTPStatus.NOT_FOUND, _("Ziele können Sie setzen, sobald Ergebnisse Ihrer Kommune veröffentlicht sind.")
    )


def _goal_or_404(municipality: Municipality, round_: Round, id: int) -> DevelopmentGoal:
    goal = db.session.get(DevelopmentGoal, id)
    if goal is None or (goal.municipality_ags, goal.round_id) != (municipality.ags, round_.id):
        abort(HTTPStatus.NOT_FOUND)
    return goal


def _edit(
    municipality: Municipality, round_: Round, goal: DevelopmentGoal | None, values: dict[str, object]
) -> ResponseReturnValue:
    form, catalogue = GoalForm(**values), catalogue_of(round_)
    form.offer(catalogue, current_language().tag)
    status = HTTPStatus.OK
    if form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.validate():
            try:
                save_goal(municipality, round_, form.wish, goal)
                db.session.commit()
                flash(_("Das Ziel ist gespeichert."), "success")
                return redirect(url_for(".overview"))
            except GoalRefused as refused:
                db.session.rollback()
                form.form_errors.append(str(refused))
                status = HTTPStatus.CONFLICT
    return render_template("goals/edit.html", form=form, new=goal is None), status

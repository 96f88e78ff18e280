"""The agency's pages of funded projects: the list, one project on a day, changing it, and its report."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_currency
from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import Subject, record
from app.database import db
from app.projects import report
from app.projects.amounts import written
from app.projects.forms import DayForm, IndicatorForm, ProjectForm, ValueForm
from app.projects.models import Indicator, IndicatorValue, Project
from app.projects.standing import project_by_id, standing, usual_day
from app.web.language import current_language
from app.web.permission import requires

blueprint = Blueprint("projects", __name__, url_prefix="/agentur/projekte", template_folder="templates")
ID = "int(max=2147483647):id"
PERMISSION = "agency.projects"
Change = dict[str, object] | None


@blueprint.get("/")
@requires(PERMISSION)
def overview() -> ResponseReturnValue:
    """Every project, the newest first."""
    projects = db.session.scalars(select(Project).order_by(Project.begins.desc(), Project.id)).all()
    return render_template("projects/overview.html", projects=projects, euros=euros)


@blueprint.get(f"/<{ID}>")
@requires(PERMISSION)
def project(id: int) -> ResponseReturnValue:
    """One project with every figure as of a day."""
    shown = _project_or_404(id)
    form, day = _asked_day(shown)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    page = {"standing": standing(shown, day), "form": form, "euros": euros, "written": written}
    return render_template("projects/project.html", **page), status


@blueprint.get(f"/<{ID}>/sachbericht.<kind>")
@requires(PERMISSION)
def factual_report(id: int, kind: str) -> ResponseReturnValue:
    """The factual report as of a day, in one of three formats."""
    if kind not in report.KINDS:
        abort(HTTPStatus.NOT_FOUND)
    shown = _project_or_404(id)
    form, day = _asked_day(shown)
    if form.errors:
        return redirect(url_for(".project", id=id, stand=request.args.get("stand")))
    content, media_type = report.made(standing(shown, day), euros(shown), current_language().tag, kind)
    response: Response = make_response(content)
    response.mimetype = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="sachbericht-{id}-{day}.{kind}"'
    response.cache_control.no_store = True
    return response


@blueprint.route("/neu", methods=["GET", "POST"])
@requires(PERMISSION)
def new() -> ResponseReturnValue:
    """Enter a project."""
    return _edit(Project())


@blueprint.route(f"/<{ID}>/bearbeiten", methods=["GET", "POST"])
@requires(PERMISSION)
def edit(id: int) -> ResponseReturnValue:
    """Change a project."""
    return _edit(_project_or_404(id))


@blueprint.route(f"/<{ID}>/loeschen", methods=["GET", "POST"])
@requires(PERMISSION)
def remove(id: int) -> ResponseReturnValue:
    """Ask once, then delete a project with everything entered for it."""
    gone = _project_or_404(id)
    if request.method == "GET":
        return render_template("projects/remove.html", project=gone, indicator=None)
    _log("project.removed", gone.id, before={"title": gone.title})
    db.session.delete(gone)
    return _saved(_("Das Förderprojekt ist gelöscht."), url_for(".overview"))


@blueprint.route(f"/<{ID}>/indikator", methods=["GET", "POST"])
@requires(PERMISSION)
def new_indicator(id: int) -> ResponseReturnValue:
    """Add an indicator."""
    return _edit_indicator(_project_or_404(id), Indicator())


@blueprint.route(f"/indikator/<{ID}>", methods=["GET", "POST"])
@requires(PERMISSION)
def edit_indicator(id: int) -> ResponseReturnValue:
    """Change an indicator."""
    indicator = _indicator_or_404(id)
    return _edit_indicator(indicator.project, indicator)


@blueprint.route(f"/indikator/<{ID}>/loeschen", methods=["GET", "POST"])
@requires(PERMISSION)
def remove_indicator(id: int) -> ResponseReturnValue:
    """Ask once, then delete an indicator with its values."""
    gone = _indicator_or_404(id)
    if request.method == "GET":
        return render_template("projects/remove.html", project=gone.project, indicator=gone)
    _log("indicator.removed", gone.project_id, before=_told(gone))
    db.session.delete(gone)
    return _saved(_("Der Indikator ist gelöscht."), url_for(".project", id=gone.project_id))


@blueprint.route(f"/indikator/<{ID}>/werte", methods=["GET", "POST"])
@requires(PERMISSION)
def values(id: int) -> ResponseReturnValue:
    """Values entered by hand, and one more; another one for the same day takes its place."""
    indicator, form = _indicator_or_404(id), ValueForm()
    form.indicator = indicator
    if not form.validate_on_submit():
        return _page("projects/values.html", form, indicator=indicator, written=written)
    there = next((value for value in indicator.values if value.day == form.day.data), None)
    value = there or IndicatorValue(indicator_id=id)
    form.populate_obj(value)
    db.session.add(value)
    _log("value.saved", indicator.project_id, after=_shown(indicator, value))
    return _saved(_("Der Wert ist gespeichert."), url_for(".values", id=id))


@blueprint.post(f"/wert/<{ID}>/entfernen")
@requires(PERMISSION)
def remove_value(id: int) -> ResponseReturnValue:
    """Take a value away."""
    gone = db.session.get(IndicatorValue, id) or abort(HTTPStatus.NOT_FOUND)
    onward = url_for(".values", id=gone.indicator_id)
    _log("value.removed", gone.indicator.project_id, before=_shown(gone.indicator, gone))
    db.session.delete(gone)
    return _saved(_("Der Wert ist gelöscht. Im Protokoll steht, was er enthielt."), onward)


def euros(shown: Project) -> str:
    """The grant as people write it."""
    return str(format_currency(shown.grant_cents / 100, "EUR"))


def _asked_day(shown: Project) -> tuple[DayForm, dt.date]:
    form = DayForm(request.args)
    form.validate()
    day = form.stand.data if form.stand.data and not form.errors else usual_day(shown)
    if not request.args.get("stand"):
        form.stand.data = day
    return form, day


def _edit(changed: Project) -> ResponseReturnValue:
    form = ProjectForm(obj=changed)
    if not form.validate_on_submit():
        return _page("projects/edit.html", form, project=changed if changed.id else None)
    form.populate_obj(changed)
    db.session.add(changed)
    db.session.flush()
    _log("project.saved", changed.id, after={"title": changed.title})
    return _saved(_("Das Förderprojekt ist gespeichert."), url_for(".project", id=changed.id))


def _edit_indicator(shown: Project, indicator: Indicator) -> ResponseReturnValue:
    form = IndicatorForm(obj=indicator)
    form.offer()
    if not form.validate_on_submit():
        return _page("projects/indicator.html", form, project=shown, indicator=indicator if indicator.id else None)
    form.populate_obj(indicator)
    indicator.project_id = shown.id
    db.session.add(indicator)
    _log("indicator.saved", shown.id, after=_told(indicator))
    return _saved(_("Der Indikator ist gespeichert."), url_for(".project", id=shown.id))


def _page(template: str, form: ProjectForm | IndicatorForm | ValueForm, **shown: object) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template(template, form=form, **shown), status


def _saved(sentence: str, onward: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return redirect(onward)


def _log(action: str, id: int, before: Change = None, after: Change = None) -> None:
    record(action, Subject("project", str(id)), before=before, after=after)


def _told(indicator: Indicator) -> dict[str, object]:
    return {"title": indicator.title, "target": written(indicator.target, indicator.unit)}


def _shown(indicator: Indicator, value: IndicatorValue) -> dict[str, object]:
    return {"value": written(value.value, indicator.unit), "evidence": value.evidence}


def _project_or_404(id: int) -> Project:
    return project_by_id(id) or abort(HTTPStatus.NOT_FOUND, _("Dieses Förderprojekt gibt es nicht."))


def _indicator_or_404(id: int) -> Indicator:
    return db.session.get(Indicator, id) or abort(HTTPStatus.NOT_FOUND, _("Diesen Indikator gibt es nicht."))

"""Pages of resolutions: where everybody stands, and recording, changing and removing one."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.audit import Subject, record
from app.commitment.blueprint import all_municipalities, blueprint, logged, resolution_or_404
from app.commitment.curve import curve, of_municipalities
from app.commitment.forms import FilterForm, ResolutionForm
from app.commitment.models import Resolution
from app.commitment.standing import STATES, by_district, counted, standings
from app.commitment.tables import standing_csv
from app.database import db
from app.rounds.lifecycle import today
from app.web.language import current_language
from app.web.permission import requires
from reports.figures import joined

Change = dict[str, Any] | None
FIELDS = (
    "body", "body_name", "decided_on", "paper_number", "link", "wording", "votes_for", "votes_against", "abstentions",
    "named", "renew_by",
)  # fmt: skip


@blueprint.get("/beschluesse")
@requires("agency.commitment")
def overview() -> ResponseReturnValue:
    """Where every municipality stands, and how many take part over the years."""
    form, found, counts = FilterForm(request.args), standings(today()), curve(today())
    form.offer(district for district, _rest in by_district(found))
    return render_template(
        "commitment/overview.html",
        found=found,
        shown=by_district([one for one in found if form.fits(one)]),
        form=form,
        states=STATES,
        counted=counted(found),
        counts=counts,
        figure_of_years=joined.draw(tuple(counts), of_municipalities(), current_language().tag),
    )


@blueprint.get("/beschluesse.csv")
@requires("agency.commitment")
def overview_csv() -> ResponseReturnValue:
    """The same as a table for a spreadsheet."""
    headers = {"Content-Disposition": "attachment; filename=beschluesse.csv"}
    return Response(standing_csv(standings(today())), mimetype="text/csv", headers=headers)


@blueprint.route("/beschluesse/neu", methods=["GET", "POST"])
@requires("agency.commitment")
def new_resolution() -> ResponseReturnValue:
    """Record a resolution; ``kommune`` names the municipality beforehand."""
    return _edit(ResolutionForm(municipality_ags=request.args.get("kommune", "")), Resolution(), "resolution.recorded")


@blueprint.route("/beschluesse/<int:key>", methods=["GET", "POST"])
@requires("agency.commitment")
def edit_resolution(key: int) -> ResponseReturnValue:
    """Change a resolution."""
    resolution = resolution_or_404(key)
    return _edit(ResolutionForm(obj=resolution), resolution, "resolution.changed")


@blueprint.route("/beschluesse/<int:key>/loeschen", methods=["GET", "POST"])
@requires("agency.commitment")
def remove_resolution(key: int) -> ResponseReturnValue:
    """Ask once, then remove a resolution that was recorded by mistake."""
    resolution = resolution_or_404(key)
    if request.method == "GET":
        return render_template("commitment/resolution_remove.html", resolution=resolution)
    _log("resolution.removed", resolution, before=logged(resolution, FIELDS))
    db.session.delete(resolution)
    db.session.commit()
    flash(_("Der Beschluss ist gelöscht. Im Protokoll steht, was er enthielt."), "success")
    return redirect(url_for(".overview"))


def _edit(form: ResolutionForm, resolution: Resolution, action: str) -> ResponseReturnValue:
    form.offer(all_municipalities())
    if not form.validate_on_submit():
        return _form_page(form, resolution), 422 if form.is_submitted() else 200
    before = logged(resolution, FIELDS) if resolution.id else None
    form.populate_obj(resolution)
    db.session.add(resolution)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        form.decided_on.errors = [_("Dieser Beschluss ist schon eingetragen: dieselbe Kommune, dasselbe Gremium, "
                                    "derselbe Tag.")]  # fmt: skip
        return _form_page(form, resolution), 409
    _log(action, resolution, before=before, after=logged(resolution, FIELDS))
    db.session.commit()
    flash(_("Der Beschluss ist gespeichert."), "success")
    return redirect(url_for(".overview"))


def _form_page(form: ResolutionForm, resolution: Resolution) -> str:
    return render_template("commitment/resolution.html", form=form, resolution=resolution if resolution.id else None)


def _log(action: str, resolution: Resolution, before: Change, after: Change = None) -> None:
    subject = Subject("resolution", str(resolution.id))
    record(action, subject, before=before, after=after, municipality=resolution.municipality_ags)

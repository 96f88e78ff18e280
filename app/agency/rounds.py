"""Pages of rounds: the list, planning one, and one round with its steps, its participants and its releases."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.agency.blueprint import blueprint, in_language, round_or_404
from app.agency.steps import ROUND_STATES, STEPS, Step, steps_of
from app.database import db
from app.region.models import Municipality
from app.releases import reading, work
from app.releases.jobs import latest_job
from app.rounds import lifecycle
from app.rounds.forms import ParticipationForm, RoundForm, WindowForm
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Participation, Round
from app.web.permission import requires
from questionnaires.loading import builtin


@blueprint.get("/runden")
@requires("agency.rounds")
def rounds() -> ResponseReturnValue:
    """All rounds."""
    invited = dict(
        db.session.execute(select(Participation.round_id, func.count()).group_by(Participation.round_id)).all()
    )
    return render_template(
        "agency/rounds.html", rounds=lifecycle.rounds_newest_first(), invited=invited, names=ROUND_STATES
    )


@blueprint.route("/runden/neu", methods=["GET", "POST"])
@requires("agency.rounds")
def new_round() -> ResponseReturnValue:
    """Plan a round."""
    form = RoundForm()
    if not form.validate_on_submit():
        return render_template("agency/round_new.html", form=form), 422 if form.is_submitted() else 200
    try:
        round_ = lifecycle.create_round(form.key.data, form.title.data, form.opens.data, form.closes.data)
        db.session.commit()
    except (StepRefused, IntegrityError) as refusal:
        db.session.rollback()
        taken = _("Dieses Kürzel ist vergeben. Wählen Sie ein anderes.")
        form.key.errors = [str(refusal) if isinstance(refusal, StepRefused) else taken]
        return render_template("agency/round_new.html", form=form), 409
    flash(_("Die Runde ist geplant. Prüfen Sie, wer eingeladen ist, und öffnen Sie sie dann."), "success")
    return redirect(url_for(".round_page", key=round_.key))


@blueprint.get("/runden/<key>")
@requires("agency.rounds")
def round_page(key: str) -> ResponseReturnValue:
    """One round: where it stands, what can be done next, what came of it."""
    round_ = round_or_404(key)
    return render_template(
        "agency/round.html",
        round=round_,
        states=list(ROUND_STATES.items()),
        steps=steps_of(round_),
        catalogue=builtin() if round_.state == "draft" else lifecycle.catalogue_of(round_),
        invited=_invited(round_),
        releases=reading.releases_of(round_),
        job=latest_job(work.BUILD, round_.key),
        text=in_language,
    )


@blueprint.route("/runden/<key>/zeitraum", methods=["GET", "POST"])
@requires("agency.rounds")
def edit_window(key: str) -> ResponseReturnValue:
    """Change title and window."""
    round_ = round_or_404(key, for_change=request.method == "POST")
    form = WindowForm(obj=round_)
    if not form.validate_on_submit():
        return render_template("agency/round_window.html", round=round_, form=form), 422 if form.is_submitted() else 200
    try:
        lifecycle.change_window(round_, form.title.data, form.opens.data, form.closes.data)
    except StepRefused as refusal:
        form.form_errors.append(str(refusal))
        return render_template("agency/round_window.html", round=round_, form=form), 409
    db.session.commit()
    flash(_("Titel und Zeitraum sind gespeichert."), "success")
    return redirect(url_for(".round_page", key=key))


@blueprint.route("/runden/<key>/kommunen", methods=["GET", "POST"])
@requires("agency.rounds")
def participation(key: str) -> ResponseReturnValue:
    """Who takes part, and how many people moved there."""
    round_ = round_or_404(key, for_change=request.method == "POST")
    municipalities = db.session.scalars(
        select(Municipality)
        .options(joinedload(Municipality.district))
        .order_by(Municipality.district_ags, Municipality.name)
    ).all()
    form, status, refused = ParticipationForm.of(round_, municipalities), 200, ""
    if request.method == "POST":
        status = 422
        if form.read(request.form, fixed=round_.state != "draft"):
            try:
                lifecycle.set_participation(round_, form.newcomers)
                db.session.commit()
                flash(_("Die Beteiligung ist gespeichert."), "success")
                return redirect(url_for(".round_page", key=key))
            except StepRefused as refusal:
                db.session.rollback()
                round_, status, refused = round_or_404(key), 409, str(refusal)
    return render_template("agency/participation.html", round=round_, form=form, refused=refused), status


@blueprint.get("/runden/<key>/schritt/<name>")
@requires("agency.rounds")
def confirm_step(key: str, name: str) -> ResponseReturnValue:
    """Ask once before a step, saying what will happen."""
    return render_template("agency/step.html", round=round_or_404(key), step=_step_or_404(name), name=name)


@blueprint.post("/runden/<key>/schritt/<name>")
@requires("agency.rounds")
def take_step(key: str, name: str) -> ResponseReturnValue:
    """Take the step."""
    step, round_ = _step_or_404(name), round_or_404(key, for_change=True)
    try:
        step.act(round_)
        db.session.commit()
    except (StepRefused, IntegrityError) as refusal:
        db.session.rollback()
        elsewhere = _("Jemand anderes hat gerade etwas geändert. Sehen Sie sich den neuen Stand an.")
        reason = str(refusal) if isinstance(refusal, StepRefused) else elsewhere
        page = render_template("agency/step.html", round=round_or_404(key), step=step, name=name, refused=reason)
        return page, 409
    flash(str(step.done), "success")
    return redirect(url_for(".rounds") if step.leaves else url_for(".round_page", key=key))


def _step_or_404(name: str) -> Step:
    return STEPS.get(name) or abort(404)


def _invited(round_: Round) -> int:
    count = select(func.count()).select_from(Participation).where(Participation.round_id == round_.id)
    return db.session.scalar(count) or 0

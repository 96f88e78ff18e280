"""Pages of releases: building one with its progress, the preview, publishing, withdrawing."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from app.agency.blueprint import blueprint, round_or_404
from app.agency.forms import WithdrawForm
from app.agency.preview import preview_of
from app.agency.worth import QUADRANTS, VERDICTS, worth_of
from app.database import db
from app.exports.work import MICRODATA
from app.joining.papers import ALL_PAPERS
from app.releases import jobs, reading, work
from app.releases.models import Job, ReleaseRecord
from app.releases.publishing import ReasonMissing, withdraw
from app.releases.wanted import municipal_pdf, regional_pdf
from app.rounds.lifecycle import StepRefused
from app.web.language import current_language
from app.web.permission import requires
from reports.documents import NotInRelease


@blueprint.post("/runden/<key>/auswerten")
@requires("agency.releases")
def build(key: str) -> ResponseReturnValue:
    """Build a release of the round in the background."""
    try:
        job = work.start_build(round_or_404(key))
    except StepRefused as refusal:
        flash(str(refusal), "danger")
        return redirect(url_for(".round_page", key=key))
    return redirect(url_for(".job", job_id=job.id))


@blueprint.get("/aufgaben/<job_id>")
@requires("agency.releases")
def job(job_id: str) -> ResponseReturnValue:
    """How far a piece of background work has come; the page loads itself again until it is done."""
    found = _job_or_404(job_id)
    return render_template("agency/job.html", job=found, names=JOB_NAMES, restartable=jobs.restartable(found),
                           target=_target(found))  # fmt: skip


@blueprint.post("/aufgaben/<job_id>/neu-starten")
@requires("agency.releases")
def restart_job(job_id: str) -> ResponseReturnValue:
    """Start interrupted work again."""
    try:
        jobs.restart(_job_or_404(job_id))
    except jobs.JobNotRestartable as refusal:
        flash(str(refusal), "info")
    return redirect(url_for(".job", job_id=job_id))


@blueprint.get("/auswertungen/<sha256>")
@requires("agency.releases")
def release(sha256: str) -> ResponseReturnValue:
    """The preview of a release: key figures, who is shown and who is not, the documents."""
    return _show_release(_release_or_404(sha256), WithdrawForm())


@blueprint.get("/auswertungen/<sha256>/veroeffentlichen")
@requires("agency.releases")
def confirm_publication(sha256: str) -> ResponseReturnValue:
    """Ask once before publishing."""
    record = _release_or_404(sha256)
    return render_template("agency/publish.html", record=record, before=reading.current_release(record.round))


@blueprint.post("/auswertungen/<sha256>/veroeffentlichen")
@requires("agency.releases")
def publish_release(sha256: str) -> ResponseReturnValue:
    """Have everything made that readers may ask for; then it is public."""
    try:
        job = work.start_publication(_release_or_404(sha256))
    except StepRefused as refusal:
        flash(str(refusal), "danger")
        return redirect(url_for(".release", sha256=sha256))
    return redirect(url_for(".job", job_id=job.id))


@blueprint.post("/auswertungen/<sha256>/zurueckziehen")
@requires("agency.releases")
def withdraw_release(sha256: str) -> ResponseReturnValue:
    """Take a published release from view, with a reason."""
    record, form = _release_or_404(sha256), WithdrawForm()
    if not form.validate_on_submit():
        return _show_release(record, form), 422
    try:
        withdraw(record, form.reason.data)
    except (ReasonMissing, StepRefused) as refusal:
        form.reason.errors = [str(refusal)]
        return _show_release(record, form), 409 if isinstance(refusal, StepRefused) else 422
    flash(_("Der Auswertungsstand ist zurückgezogen. An seiner Stelle steht der Grund."), "success")
    return redirect(url_for(".round_page", key=record.round.key))


@blueprint.get("/auswertungen/<sha256>/region.pdf")
@requires("agency.releases")
def preview_region(sha256: str) -> ResponseReturnValue:
    """The regional report as it will be public."""
    return _pdf(regional_pdf(_release_or_404(sha256)), "region")


@blueprint.get("/auswertungen/<sha256>/<ags>.pdf")
@requires("agency.releases")
def preview_municipality(sha256: str, ags: str) -> ResponseReturnValue:
    """The report that the municipality itself will read."""
    try:
        return _pdf(municipal_pdf(_release_or_404(sha256), ags, "own"), ags)
    except (NotInRelease, KeyError):
        return abort(404, _("Zu dieser Kommune enthält der Auswertungsstand keinen Bericht."))


JOB_NAMES = {
    work.BUILD: lazy_gettext("Auswertung"),
    work.RENDER: lazy_gettext("Berichte"),
    work.PUBLISH: lazy_gettext("Veröffentlichung"),
    MICRODATA: lazy_gettext("Mikrodaten"),
    ALL_PAPERS: lazy_gettext("Ratsvorlagen aller Kommunen"),
}


def _show_release(record: ReleaseRecord, form: WithdrawForm) -> str:
    publication = jobs.latest_job(work.PUBLISH, record.sha256)
    rest = jobs.latest_job(work.RENDER, record.sha256)
    release = reading.release_of(record)
    return render_template(
        "agency/release.html",
        record=record,
        preview=preview_of(release),
        worth=worth_of(release, current_language().tag),
        words={"verdicts": _words(VERDICTS), "quadrants": _words(QUADRANTS)},
        form=form,
        publication=publication,
        rest=rest,
    )


def _words(texts: Mapping[str, LazyString]) -> dict[str, str]:
    return {key: str(text) for key, text in texts.items()}


def _release_or_404(sha256: str) -> ReleaseRecord:
    return db.session.get(ReleaseRecord, sha256) or abort(404, _("Einen solchen Auswertungsstand gibt es nicht."))


def _job_or_404(job_id: str) -> Job:
    return db.session.get(Job, job_id) or abort(404)


def _target(job: Job) -> str:
    """Where the result of the work is to be seen."""
    if job.kind == MICRODATA:
        return url_for("exports.microdata", key=job.subject)
    if job.kind == ALL_PAPERS:
        return url_for("joining.overview", _anchor="archiv")
    if job.kind in (work.RENDER, work.PUBLISH):
        return url_for(".release", sha256=job.subject)
    if job.state == "done":
        return url_for(".release", sha256=job.message)
    return url_for(".round_page", key=job.subject)


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="vorschau-{name}.pdf"'
    return response

"""Pages for the survey of newcomers, under ``/kommune/befragung``: everybody sees their own municipality alone."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import own_municipality_or_404
from app.database import db
from app.feedback.channels import NAMES as CHANNEL_NAMES
from app.feedback.places import doors_of
from app.feedback.storing import NoLongerCollecting
from app.outreach import doors, issuing, paper, printing
from app.outreach.contact import ContactForm, contact_of, save
from app.outreach.progress import progress_of
from app.rounds.lifecycle import StepRefused, catalogue_of
from app.rounds.models import Participation
from app.web.language import current_language
from app.web.permission import requires
from reports.figures import arrivals

blueprint = Blueprint("outreach", __name__, url_prefix="/kommune/befragung", template_folder="templates")

PDF, CSV = "application/pdf", "text/csv; charset=utf-8"


@blueprint.get("/")
@requires("outreach.view")
def overview() -> ResponseReturnValue:
    """Doors, progress, printed material and codes on one page."""
    return _overview()


@blueprint.post("/wege")
@requires("outreach.change")
def set_doors() -> ResponseReturnValue:
    """Choose the doors."""
    participation = _participation_or_404(to_change=True)
    try:
        doors.set_doors(participation, request.form.getlist("weg"))
    except StepRefused as refused:
        db.session.rollback()
        return _overview(refused=("weg", refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    flash(_("Die Wege sind gespeichert."), "success")
    return redirect(url_for(".overview"))


@blueprint.get("/druck")
@requires("outreach.view")
def printed() -> ResponseReturnValue:
    """One piece of printed material as PDF."""
    participation = _participation_or_404()
    try:
        content = printing.rendered(participation, request.args)
    except printing.NothingToPrint:
        abort(404, _("Diese Druckvorlage gibt es nicht. Gehen Sie zurück und wählen Sie aus den Listen."))
    name = "-".join(filter(None, (request.args[k] for k in ("was", "sprache", "von") if k in request.args)))
    return _download(content, PDF, f"{participation.municipality.slug}-{name}.pdf")


@blueprint.post("/codes")
@requires("outreach.change")
def issue_codes() -> ResponseReturnValue:
    """New access codes, as the file that is their only copy."""
    participation = _participation_or_404(to_change=True)
    name = f"codes-{participation.municipality.slug}"
    language, number = request.form.get("sprache", "de"), request.form.get("anzahl", "")
    try:
        codes = issuing.issue(participation, int(number) if number.isascii() and number.isdigit() else 0)
        if request.form.get("als") == "csv":
            file = _download(issuing.as_table(codes, printing.code_entry()), CSV, f"{name}.csv")
        else:
            file = _download(printing.letters(participation, codes, language), PDF, f"{name}-{language}.pdf")
    except (StepRefused, printing.NothingToPrint) as refused:
        db.session.rollback()
        message = refused if isinstance(refused, StepRefused) else StepRefused(_("Diese Sprache gibt es nicht."))
        return _overview(refused=("anzahl", message)), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    return file


@blueprint.route("/kontakt", methods=["GET", "POST"])
@requires("outreach.change")
def contact() -> ResponseReturnValue:
    """Whom newcomers may ask."""
    municipality = own_municipality_or_404()
    form = ContactForm(obj=contact_of(municipality))
    if not form.validate_on_submit():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
        return render_template("outreach/contact.html", form=form), status
    save(municipality, form)
    db.session.commit()
    flash(_("Der Kontakt ist gespeichert."), "success")
    return redirect(url_for(".overview"))


@blueprint.get("/eingabe")
@requires("outreach.enter")
def sheet() -> ResponseReturnValue:
    """The screen on which a paper sheet is typed in."""
    participation = _participation_or_404()
    return _sheet_page(participation, paper.empty_sheet(participation, request.args.get("sprache", "de")))


@blueprint.post("/eingabe")
@requires("outreach.enter")
def store_sheet() -> ResponseReturnValue:
    """Store a sheet, and on to the next one."""
    participation = _participation_or_404()
    typed = paper.read_sheet(participation, request.form)
    if typed.mistakes:
        return _sheet_page(participation, typed), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        stored = paper.store_sheet(participation, typed)
    except StepRefused as refused:
        return _refused_sheet(typed, refused), HTTPStatus.UNPROCESSABLE_ENTITY
    except NoLongerCollecting:
        return _refused_sheet(typed, StepRefused(_("Die Runde nimmt heute keine Antworten an."))), HTTPStatus.CONFLICT
    return redirect(url_for(".sheet", sprache=typed.language, gespeichert=stored.undo), HTTPStatus.SEE_OTHER)


@blueprint.post("/eingabe/zuruecknehmen")
@requires("outreach.enter")
def take_back() -> ResponseReturnValue:
    """Take the last sheet back."""
    participation = _participation_or_404(to_change=True)
    try:
        paper.take_back(participation, request.form.get("bogen", ""))
    except StepRefused as refused:
        flash(str(refused), "danger")
    else:
        db.session.commit()
        flash(_("Der letzte Bogen ist gelöscht."), "success")
    return redirect(url_for(".sheet", sprache=request.form.get("sprache")), HTTPStatus.SEE_OTHER)


def _participation_or_404(to_change: bool = False) -> Participation:
    return doors.open_participation(own_municipality_or_404(), to_change=to_change) or abort(
        HTTPStatus.NOT_FOUND, _("Zurzeit ist keine Runde offen, an der Ihre Kommune teilnimmt.")
    )


def _overview(refused: tuple[str, StepRefused] | None = None) -> str:
    municipality = own_municipality_or_404()
    participation = doors.open_participation(municipality)
    if participation is None:
        return render_template("outreach/no_round.html", municipality=municipality, guest=doors.is_guest(municipality))
    progress = progress_of(participation)
    return render_template(
        "outreach/overview.html",
        participation=participation,
        doors=doors,
        open_doors=request.form.getlist("weg") if refused and refused[0] == "weg" else doors_of(participation),
        progress=progress,
        drawing=arrivals.draw(progress.weeks, progress.wanted, current_language().tag),
        channel_names=CHANNEL_NAMES,
        languages=printing.languages(participation),
        materials=printing.NAMES,
        channels=printing.channels(),
        place=printing.place_on_paper(participation),
        code_entry=printing.code_entry(),
        issued=issuing.issued(participation),
        most=issuing.MOST_IN_A_BATCH,
        refused=refused,
    )


def _refused_sheet(typed: paper.Sheet, refused: StepRefused) -> str:
    """The sheet with what was typed and why it was not stored; with a new key if its own has grown too old."""
    participation = _participation_or_404()
    typed.token = paper.empty_sheet(participation).token
    return _sheet_page(participation, typed, refused)


def _sheet_page(participation: Participation, typed: paper.Sheet, refused: StepRefused | None = None) -> str:
    return render_template(
        "outreach/sheet.html",
        participation=participation,
        catalogue=catalogue_of(participation.round),
        languages=printing.languages(participation),
        sheet=typed,
        tag=current_language().tag,
        refused=refused,
        undo=request.args.get("gespeichert", ""),
    )


def _download(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.cache_control.no_store = True
    return response

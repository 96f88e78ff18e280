"""Pages of draft council papers: each municipality's, all of them at once, and the template that they are made from."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.audit import Subject, record
from app.commitment.forms import FilterForm
from app.commitment.standing import STATES
from app.database import db
from app.joining import papers
from app.joining.choosing import chosen
from app.joining.facts import Place, places
from app.joining.fields import FIELD_NOTES
from app.joining.forms import TemplateForm
from app.joining.models import LARGEST, PaperTemplate
from app.joining.own_template import content_of, in_use, keep, own_template, use, use_ours
from app.releases.jobs import latest_job
from app.uploads.office import MEDIA_TYPES
from app.uploads.receiving import FORM_AROUND
from app.uploads.refusals import FileRefused
from app.web.permission import requires

PERMISSION = "agency.commitment"
UPLOAD = "joining.upload"
LARGEST_BODY = LARGEST + FORM_AROUND
TYPES = {"docx": MEDIA_TYPES["docx"], "pdf": "application/pdf", "zip": "application/zip"}

blueprint = Blueprint("joining", __name__, url_prefix="/agentur/ratsvorlagen", template_folder="templates")


@blueprint.get("")
@requires(PERMISSION)
def overview() -> ResponseReturnValue:
    """Every municipality's paper, the archive, and the template."""
    return _overview(TemplateForm())


@blueprint.get("/<ags>.<ending>")
@requires(PERMISSION)
def paper(ags: str, ending: str) -> ResponseReturnValue:
    """One paper; ``vorlage`` is ``unsere`` or ``eigene``, else the template in use."""
    make = papers.FORMATS.get(ending) or abort(HTTPStatus.NOT_FOUND)
    place = _place_or_404(ags)
    content = make(place, content_of(request.args.get("vorlage", "")))
    return _file(content, ending, f"ratsvorlage-{place.standing.municipality.slug}", inline=ending == "pdf")


@blueprint.post("/alle")
@requires(PERMISSION)
def order_all() -> ResponseReturnValue:
    """Make all papers in the background."""
    return redirect(url_for("agency.job", job_id=papers.start_all().id))


@blueprint.get("/alle.zip")
@requires(PERMISSION)
def download_all() -> ResponseReturnValue:
    """The archive that was made last."""
    found = papers.archive() or abort(
        HTTPStatus.NOT_FOUND,
        _("Das Archiv gibt es noch nicht. Erstellen Sie es auf der Seite der Ratsvorlagen."),
    )
    return _file(found.path.read_bytes(), "zip", found.path.stem)


@blueprint.get("/vorlage.docx")
@requires(PERMISSION)
def template() -> ResponseReturnValue:
    """The template itself, as a start for one's own."""
    return _file(content_of(request.args.get("vorlage", "")), "docx", "vorlage")


@blueprint.post("/vorlage")
@requires(PERMISSION)
def upload() -> ResponseReturnValue:
    """Take a template of the agency's own; it is checked now and used once somebody says so."""
    form = TemplateForm()
    if not form.validate_on_submit():
        return _overview(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        kept = keep(form.file.data)
    except FileRefused as refusal:
        db.session.rollback()
        form.file.errors = [*form.file.errors, str(refusal)]
        return _overview(form), HTTPStatus.UNPROCESSABLE_ENTITY
    _log("paper_template.uploaded", kept)
    db.session.commit()
    flash(
        _("Die Vorlage ist in Ordnung. Sehen Sie sich die Vorschau an und nehmen Sie sie dann in Gebrauch."), "success"
    )
    return redirect(url_for(".overview", _anchor="vorlage"))


@blueprint.post("/vorlage/gebrauch")
@requires(PERMISSION)
def switch() -> ResponseReturnValue:
    """Use the agency's own template, or ours again; the other one is kept."""
    own = own_template() or abort(HTTPStatus.NOT_FOUND, _("Eine eigene Vorlage gibt es noch nicht."))
    if request.form.get("vorlage") == "eigene":
        use(own)
    else:
        use_ours()
    _log("paper_template.switched", own)
    db.session.commit()
    ours = _("Ab jetzt entstehen die Ratsvorlagen wieder aus unserer Vorlage. Ihre eigene bleibt erhalten.")
    theirs = _("Ab jetzt entstehen die Ratsvorlagen aus Ihrer Vorlage »%(name)s«.", name=own.name)
    flash(theirs if own.in_use else ours, "success")
    return redirect(url_for(".overview", _anchor="vorlage"))


@blueprint.url_value_preprocessor
def _allow_large_body(endpoint: str | None, _values: object) -> None:
    """Here, and only to those logged in, a body may be as large as a template. Runs before it is read."""
    if endpoint != UPLOAD or request.method != "POST" or not current_user.is_authenticated:
        return
    request.max_content_length = LARGEST_BODY
    if (request.content_length or 0) > LARGEST_BODY:
        abort(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("Die Vorlage hat mehr als 2 MB. Es wurde nichts geändert. Verkleinern Sie die Bilder darin."),
        )


def _overview(form: TemplateForm) -> str:
    every = places()
    return render_template(
        "joining/papers.html",
        places=every,
        choice=chosen(FilterForm(request.args), every),
        own=own_template(),
        in_use=in_use(),
        archive=papers.archive(),
        job=latest_job(papers.ALL_PAPERS, papers.SUBJECT),
        states=STATES,
        notes=FIELD_NOTES,
        form=form,
    )


def _place_or_404(ags: str) -> Place:
    return next((place for place in places() if place.standing.municipality.ags == ags), None) or abort(
        HTTPStatus.NOT_FOUND, _("Eine Kommune mit diesem Schlüssel gibt es nicht.")
    )


def _file(content: bytes, ending: str, name: str, *, inline: bool = False) -> Response:
    response = Response(content, mimetype=TYPES[ending])
    disposition = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}.{ending}"'
    response.cache_control.no_store = True
    return response


def _log(action: str, own: PaperTemplate) -> None:
    record(action, Subject("paper_template", "eigene"), after={"file": own.name, "in_use": own.in_use})

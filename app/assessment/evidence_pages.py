"""Pages of evidence: adding it to a criterion, downloading its file, taking it away."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import own_municipality_or_404
from app.assessment.evidence import add, evidence_or_404, remove
from app.assessment.evidence_form import EvidenceForm
from app.assessment.models import Evidence
from app.assessment.pages import criterion_or_404, text, workspace_or_404
from app.assessment.workspace import Workspace
from app.database import db
from app.rounds.lifecycle import StepRefused, today
from app.uploads.handing_out import download
from app.uploads.receiving import allow_large_body
from app.uploads.refusals import FileDamaged, FileRefused
from app.web.permission import requires
from questionnaires.catalogue import Criterion

blueprint = Blueprint("evidence", __name__, url_prefix="/kommune", template_folder="templates")

ATTACH = "evidence.attach"


@blueprint.get("/kriterium/<key>/nachweis")
@requires("assessment.edit")
def new(key: str) -> ResponseReturnValue:
    """The form of a new piece of evidence."""
    workspace = workspace_or_404(key)
    return _form_page(workspace, criterion_or_404(workspace, key), EvidenceForm(dated=today()))


@blueprint.post("/kriterium/<key>/nachweis")
@requires("assessment.edit")
def attach(key: str) -> ResponseReturnValue:
    """Add a piece of evidence."""
    workspace, form = workspace_or_404(key), EvidenceForm()
    found = criterion_or_404(workspace, key)
    if not form.validate_on_submit():
        return _form_page(workspace, found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.rollback()  # To look into a file takes seconds, and nobody shall wait for the database meanwhile.
    try:
        piece = form.piece
    except FileRefused as refusal:
        form.refuse(refusal)
        return _form_page(workspace_or_404(key), found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    workspace = workspace_or_404(key, to_change=True)
    try:
        add(workspace, found, piece, current_user)
    except StepRefused as refused:
        return _form_page(workspace, found, form, refused), HTTPStatus.CONFLICT
    db.session.commit()
    flash(_("Der Nachweis ist gespeichert."), "success")
    return redirect(url_for("assessment.criterion", key=found.id, _anchor="nachweise"))


@blueprint.get("/nachweis/<int(max=2147483647):id>/datei")
@requires("assessment.view")
def file(id: int) -> ResponseReturnValue:
    """The file of a piece of evidence, as a download."""
    return download_of(evidence_or_404(own_municipality_or_404(), id))


@blueprint.get("/nachweis/<int(max=2147483647):id>/entfernen")
@requires("assessment.edit")
def confirm_taking_away(id: int) -> str:
    """Ask once, because a file taken away is gone."""
    workspace = workspace_or_404()
    piece = _piece_of_now_or_404(workspace, id)
    return render_template(
        "assessment/evidence_remove.html",
        piece=piece,
        criterion=workspace.catalogue.criterion(piece.criterion),
        text=text,
    )


@blueprint.post("/nachweis/<int(max=2147483647):id>/entfernen")
@requires("assessment.edit")
def take_away(id: int) -> ResponseReturnValue:
    """Take a piece of evidence away."""
    workspace = workspace_or_404(to_change=True)
    piece = _piece_of_now_or_404(workspace, id)
    try:
        remove(workspace, piece)
    except StepRefused as refused:
        abort(HTTPStatus.CONFLICT, str(refused))
    db.session.commit()
    flash(_("Der Nachweis ist entfernt."), "success")
    return redirect(url_for("assessment.criterion", key=piece.criterion, _anchor="nachweise"))


def _piece_of_now_or_404(workspace: Workspace, id: int) -> Evidence:
    piece = evidence_or_404(workspace.municipality, id)
    if piece.assessment is not workspace.assessment:
        abort(HTTPStatus.NOT_FOUND)  # An earlier round is over.
    return piece


def download_of(piece: Evidence) -> ResponseReturnValue:
    """The file of this evidence; 404 if it has none, and a plain word if it is not what was handed in."""
    if piece.sha256 is None:
        abort(HTTPStatus.NOT_FOUND)
    try:
        return download(piece.sha256, piece.file_name, piece.media_type)
    except FileDamaged:
        abort(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            _("Die Datei ist auf dem Server beschädigt oder fehlt. Sie wird deshalb nicht ausgeliefert. Laden Sie den "
              "Nachweis bitte noch einmal hoch."),
        )  # fmt: skip


@blueprint.url_value_preprocessor
def _allow_large_body(endpoint: str | None, _values: object) -> None:
    """Here, and nowhere else, and only to those logged in, a body may be as large as a file. Runs before it is read."""
    if endpoint != ATTACH or request.method != "POST" or not current_user.is_authenticated:
        return
    allow_large_body()


def _form_page(
    workspace: Workspace, criterion: Criterion, form: EvidenceForm, refused: StepRefused | None = None
) -> str:
    newest = max((piece.id for piece in workspace.evidence.get(criterion.id, ())), default=0)
    return render_template(
        "assessment/evidence_form.html",
        workspace=workspace,
        criterion=criterion,
        form=form,
        refused=refused,
        newest=newest,
        text=text,
    )

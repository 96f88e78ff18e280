"""Steps of working together on a criterion: assigning it, notes, who is there, what it was before."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.assessment import answering, mentioning
from app.assessment.answering import AnsweredMeanwhile
from app.assessment.pages import criterion_or_404, place_of, text, workspace_or_404
from app.assessment.revisions import history, version_of
from app.assessment.routes import criterion_page
from app.assessment.together_forms import AssignForm, NoteForm
from app.assessment.workspace import Workspace
from app.collaboration.colleagues import name_of
from app.collaboration.models import Note
from app.collaboration.working import WorkRefused, assign, be_seen, finish_mention, others_at, own_note, write_note
from app.database import db
from app.rounds.lifecycle import StepRefused
from app.web.permission import requires

blueprint = Blueprint("together", __name__, url_prefix="/kommune", template_folder="templates")


@blueprint.post("/kriterium/<key>/zustaendig")
@requires("assessment.edit")
def take_care(key: str) -> ResponseReturnValue:
    """Let a colleague take care of a criterion."""
    workspace, form = workspace_or_404(key, to_change=True), AssignForm()
    found = criterion_or_404(workspace, key)
    if not form.validate_on_submit():
        return criterion_page(workspace, found, assigning=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        assign(place_of(workspace, found), form.assignee_id, form.until.data, current_user)
    except WorkRefused as refused:
        form.assignee.errors = [str(refused)]
        return criterion_page(workspace, found, assigning=form), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    flash(_("Gespeichert, wer sich kümmert."), "success")
    return redirect(url_for("assessment.criterion", key=found.id))


@blueprint.post("/kriterium/<key>/notiz")
@requires("assessment.edit")
def note(key: str) -> ResponseReturnValue:
    """Leave a note."""
    workspace, form = workspace_or_404(key, to_change=True), NoteForm()
    found = criterion_or_404(workspace, key)
    try:
        written = write_note(place_of(workspace, found), form.note.data or "", current_user)
    except WorkRefused as refused:
        form.note.errors = [str(refused)]
        return criterion_page(workspace, found, noting=form), HTTPStatus.UNPROCESSABLE_ENTITY
    mentioning.tell(workspace, found, written, current_user)
    db.session.commit()
    flash(_("Ihre Notiz steht beim Kriterium."), "success")
    if written.unknown:
        names = ", ".join(f"@{name}" for name in written.unknown)
        flash(
            _("Diese Namen kennt hier niemand: %(names)s. Benachrichtigt wurde dort niemand.", names=names), "warning"
        )
    return redirect(url_for("assessment.criterion", key=found.id, _anchor="notizen"))


@blueprint.get("/notiz/<int(max=2147483647):id>/entfernen")
@requires("assessment.edit")
def confirm_taking_back(id: int) -> str:
    """Ask once, with the note's words, so that they can be copied into a better one."""
    workspace = workspace_or_404()
    found = _own_note_or_404(workspace, id)
    return render_template(
        "assessment/note_remove.html",
        note=found,
        criterion=workspace.catalogue.criterion(found.criterion),
        text=text,
    )


@blueprint.post("/notiz/<int(max=2147483647):id>/entfernen")
@requires("assessment.edit")
def take_back(id: int) -> ResponseReturnValue:
    """Take back a note of one's own, with whom it speaks to."""
    found = _own_note_or_404(workspace_or_404(to_change=True), id)
    db.session.delete(found)
    db.session.commit()
    flash(_("Ihre Notiz ist entfernt."), "success")
    return redirect(url_for("assessment.criterion", key=found.criterion, _anchor="notizen"))


def _own_note_or_404(workspace: Workspace, id: int) -> Note:
    return own_note(current_user, workspace.round.id, workspace.municipality.ags, id) or abort(HTTPStatus.NOT_FOUND)


@blueprint.post("/notiz/<int(max=2147483647):id>/erledigt")
@requires("assessment.edit")
def done(id: int) -> ResponseReturnValue:
    """Say that what a note asked is done."""
    if not finish_mention(current_user, id):
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    return redirect(url_for("assessment.overview"))


@blueprint.post("/kriterium/<key>/da")
@requires("assessment.edit")
def here(key: str) -> ResponseReturnValue:
    """Say that one has the criterion open, and learn who else has."""
    workspace = workspace_or_404(key)
    place = place_of(workspace, criterion_or_404(workspace, key))
    be_seen(place, current_user)
    others = [name_of(person) for person in others_at(place, current_user)]
    db.session.commit()
    return jsonify(others=others)


@blueprint.get("/kriterium/<key>/verlauf")
@requires("assessment.view")
def versions(key: str) -> ResponseReturnValue:
    """Who changed what when."""
    workspace = workspace_or_404(key)
    found = criterion_or_404(workspace, key)
    return render_template(
        "assessment/history.html",
        workspace=workspace,
        criterion=found,
        steps=history(workspace, found.id),
        text=text,
    )


@blueprint.post("/kriterium/<key>/verlauf/<int(max=2147483647):version>")
@requires("assessment.edit")
def restore(key: str, version: int) -> ResponseReturnValue:
    """Go back to a version; that is one more save, so nothing is lost by it."""
    workspace = workspace_or_404(key, to_change=True)
    found = criterion_or_404(workspace, key)
    answer = version_of(workspace, found.id, version) or abort(HTTPStatus.NOT_FOUND)
    seen = request.form.get("version", "")
    try:
        answering.save(workspace, found, answer, int(seen) if seen.isdigit() and len(seen) < 10 else 0, current_user)
    except AnsweredMeanwhile:
        abort(
            HTTPStatus.CONFLICT,
            _("Inzwischen hat jemand anderes gespeichert. Sehen Sie sich den Verlauf noch einmal an."),
        )
    except StepRefused as refused:
        abort(HTTPStatus.CONFLICT, str(refused))
    db.session.commit()
    flash(_("Die frühere Fassung gilt wieder."), "success")
    return redirect(url_for("assessment.criterion", key=found.id))

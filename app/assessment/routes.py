"""Pages of the municipality's workspace. No address names a municipality: everybody sees their own, and only that."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import own_municipality_or_404
from app.assessment import answering, by_script, differences, earlier, newcomers, plausibility, records
from app.assessment.answering import AnsweredMeanwhile
from app.assessment.completeness import review
from app.assessment.forms import AnswerForm, HandInForm, ReplyForm
from app.assessment.hand_in import ChangedMeanwhile, hand_in, hand_ins_of
from app.assessment.open_points import is_late, open_points
from app.assessment.pages import criterion_or_404, place_of, text, workspace_or_404
from app.assessment.together_forms import AssignForm, NoteForm
from app.assessment.workspace import PARTS, Workspace, workspace_of
from app.collaboration.colleagues import colleagues_of, handles, name_of
from app.collaboration.working import assignment_of, assignments_of, be_seen, notes_of, others_at
from app.database import db
from app.rounds.lifecycle import RoundNotOpen, StepRefused, catalogue_of
from app.web.permission import fresh, requires
from questionnaires.catalogue import Criterion

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY

blueprint = Blueprint("assessment", __name__, url_prefix="/kommune", template_folder="templates")


@blueprint.get("/")
@requires("assessment.view")
def overview() -> ResponseReturnValue:
    """Every criterion with what is done and what is missing."""
    workspace = workspace_of(own_municipality_or_404())
    if workspace is None:
        return _page("no_round")
    return _page(
        "overview",
        workspace,
        feedback=newcomers.feedback(workspace),
        guest=newcomers.is_guest(workspace),
        points=open_points(workspace, current_user),
        assignments=assignments_of(workspace.round.id, workspace.municipality.ags),
        is_late=is_late,
        name_of=name_of,
    )


@blueprint.get("/kriterium/<key>")
@requires("assessment.view")
def criterion(key: str) -> ResponseReturnValue:
    """One criterion: its question, the levels, what the municipality says."""
    workspace = workspace_or_404(key)
    found = criterion_or_404(workspace, key)
    return criterion_page(workspace, found)


@blueprint.post("/kriterium/<key>")
@requires("assessment.edit")
def save(key: str) -> ResponseReturnValue:
    """Save one answer, and go on if that was asked for."""
    workspace = workspace_or_404(key, to_change=True)
    found = criterion_or_404(workspace, key)
    form = AnswerForm(found)
    try:
        _check_round(workspace, found, form)
        if not form.validate_on_submit():
            return by_script.mistakes_of(form) or criterion_page(workspace, found, form), UNPROCESSABLE
        row = answering.save(workspace, found, form.answer, form.seen, current_user)
        be_seen(place_of(workspace, found), current_user)
    except AnsweredMeanwhile as meanwhile:
        return by_script.conflict() or _conflict_page(workspace, found, form, meanwhile)
    except StepRefused as refused:
        return by_script.refusal(refused) or criterion_page(
            workspace, found, form, refused=refused
        ), HTTPStatus.CONFLICT
    told = by_script.saved(row)
    db.session.commit()
    if told is not None:
        return told
    flash(_("%(criterion)s ist gespeichert.", criterion=f"{found.id} {text(found.title)}"), "success")
    return redirect(_onward(workspace, found))


@blueprint.get("/abgabe")
@requires("assessment.view")
def summary() -> ResponseReturnValue:
    """All answers on one page, what is missing, and the hand-in for those who may."""
    workspace = workspace_of(own_municipality_or_404())
    if workspace is None:
        return _page("no_round")
    return _summary_page(workspace, HandInForm(workspace, function=current_user.function))


@blueprint.post("/abgabe")
@requires("assessment.hand_in")
@fresh
def sign_off() -> ResponseReturnValue:
    """Hand in; the round is over for the municipality until the agency gives it back."""
    workspace = workspace_or_404(to_change=True)
    form = HandInForm(workspace)
    try:
        if not workspace.may_hand_in:
            answering.check_open(workspace)
        if not form.validate_on_submit():
            return _summary_page(workspace, form), HTTPStatus.UNPROCESSABLE_ENTITY
        hand_in(workspace, current_user, form.signature, form.consented.data, form.seen.data or "")
    except ChangedMeanwhile as refused:
        return _summary_page(workspace, form, refused=refused), HTTPStatus.CONFLICT
    except StepRefused as refused:
        return _summary_page(workspace, HandInForm(workspace, formdata=None), refused=refused), HTTPStatus.CONFLICT
    db.session.commit()
    flash(_("Die Selbsteinschätzung ist abgegeben. Vielen Dank!"), "success")
    return redirect(url_for(".summary"))


@blueprint.get("/abgabe/<int(max=9999):number>.pdf")
@requires("assessment.view")
def hand_in_pdf(number: int) -> ResponseReturnValue:
    """What was handed in, exactly, with its checksum."""
    return records.pdf_of(workspace_or_404(), number)


@blueprint.post("/kriterium/<key>/uebernehmen")
@requires("assessment.edit")
def take_over(key: str) -> ResponseReturnValue:
    """Take last round's answer over, to be confirmed by saving."""
    workspace = workspace_or_404(key, to_change=True)
    found, form = criterion_or_404(workspace, key), AnswerForm(criterion_or_404(workspace, key))
    try:
        _check_round(workspace, found, form)
        earlier.take_over(workspace, found, form.seen, current_user)
    except AnsweredMeanwhile as meanwhile:
        return _conflict_page(workspace, found, form, meanwhile)
    except StepRefused as refused:
        return criterion_page(workspace, found, form, refused=refused), HTTPStatus.CONFLICT
    db.session.commit()
    flash(_("Die Angabe der letzten Runde steht jetzt hier. Prüfen Sie sie und speichern Sie, um sie zu bestätigen."))
    return redirect(url_for(".criterion", key=found.id))


@blueprint.post("/kriterium/<key>/antwort")
@requires("assessment.edit")
def reply(key: str) -> ResponseReturnValue:
    """Answer the agency's question about a criterion."""
    workspace = workspace_or_404(key, to_change=True)
    found, form = criterion_or_404(workspace, key), ReplyForm()
    try:
        plausibility.reply(workspace, found, form.reply.data or "")
    except StepRefused as refused:
        form.reply.errors = [str(refused)]
        page = criterion_page(workspace, found, reply=form)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    flash(_("Ihre Antwort steht jetzt bei der Agentur."), "success")
    return redirect(url_for(".criterion", key=found.id))


def _check_round(workspace: Workspace, found: Criterion, form: AnswerForm) -> None:
    """An answer belongs to the round it was typed for, even if another one has begun since."""
    answering.check_open(workspace, found.id)
    if form.round_key.data != workspace.round.key:
        raise RoundNotOpen(_("Diese Seite gehörte zu einer anderen Erhebungsrunde. Bitte prüfen Sie Ihre Eingabe."))


def _form_with_stored(workspace: Workspace, found: Criterion) -> AnswerForm:
    row = workspace.rows.get(found.id)
    answer = workspace.answer(found.id)
    version = row.version if row else 0
    return AnswerForm(
        found,
        level=answer.choice,
        version=str(version),
        round_key=workspace.round.key,
        **{part: getattr(answer, part) for part in PARTS if part in AnswerForm.SAME},
    )


def criterion_page(
    workspace: Workspace,
    found: Criterion,
    form: AnswerForm | None = None,
    *,
    refused: StepRefused | None = None,
    reply: ReplyForm | None = None,
    assigning: AssignForm | None = None,
    noting: NoteForm | None = None,
) -> str:
    """The page of a criterion; each of its forms as it stands, or as it came back with what has to be mended."""
    place, people = place_of(workspace, found), colleagues_of(workspace.municipality.ags)
    task = assignment_of(place)
    assigning = assigning or AssignForm(
        formdata=None, assignee=str(task.assignee_id) if task else "", until=task.due if task else None
    )
    assigning.offer(people)
    order = workspace.in_order
    position = order.index(found)
    before = earlier.earlier_of(workspace, found.id)
    return _page(
        "criterion",
        workspace,
        criterion=found,
        form=form or _form_with_stored(workspace, found),
        refused=refused,
        task=task,
        assigning=assigning,
        notes=notes_of(place),
        noting=noting or NoteForm(formdata=None),
        handles=handles(people),
        others=others_at(place, current_user),
        name_of=name_of,
        stored=workspace.rows.get(found.id),
        earlier=before,
        comparable=before and earlier.comparable(workspace.catalogue, catalogue_of(before.round), found.id),
        reply=reply or ReplyForm(formdata=None),
        position=position + 1,
        previous=order[position - 1] if position else None,
        following=order[position + 1] if position + 1 < len(order) else None,
    )


def _conflict_page(
    workspace: Workspace, found: Criterion, form: AnswerForm, meanwhile: AnsweredMeanwhile
) -> ResponseReturnValue:
    """Both versions side by side; whichever is chosen is saved on top of what stands there now."""
    mine, stored = form.answer, meanwhile.stored
    form.version.data = str(stored.version)
    form.reason.data = differences.merged(mine.reason, stored.reason)
    passages = differences.compared(mine.reason, stored.reason)
    page = _page("conflict", workspace, criterion=found, form=form, mine=mine, stored=stored, passages=passages)
    return page, HTTPStatus.CONFLICT


def _summary_page(workspace: Workspace, form: HandInForm, refused: StepRefused | None = None) -> str:
    form.show_current_state()
    return _page(
        "summary",
        workspace,
        review=review(workspace),
        form=form,
        refused=refused,
        hand_ins=hand_ins_of(workspace),
        since=earlier.since_last_round(workspace),
    )


def _onward(workspace: Workspace, found: Criterion) -> str:
    """Back to the same criterion, or on to the next one; after the last one comes the summary."""
    if request.form.get("step") != "next":
        return url_for(".criterion", key=found.id)
    order = workspace.in_order
    position = order.index(found) + 1
    return url_for(".criterion", key=order[position].id) if position < len(order) else url_for(".summary")


def _page(name: str, workspace: Workspace | None = None, **values: object) -> str:
    return render_template(f"assessment/{name}.html", workspace=workspace, text=text, **values)

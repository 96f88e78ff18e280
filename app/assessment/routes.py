"""Pages of the municipality's workspace. No address names a municipality: everybody sees their own, and only that."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import own_municipality_or_404
from app.assessment import answering, differences, newcomers
from app.assessment.answering import AnsweredMeanwhile
from app.assessment.completeness import review
from app.assessment.forms import AnswerForm, HandInForm
from app.assessment.hand_in import ChangedMeanwhile, hand_in
from app.assessment.pages import criterion_or_404, text, workspace_or_404
from app.assessment.workspace import PARTS, Workspace, earlier_answer, reworded_since, workspace_of
from app.database import db
from app.rounds.lifecycle import RoundNotOpen, StepRefused
from app.web.permission import requires
from questionnaires.catalogue import Criterion

blueprint = Blueprint("assessment", __name__, url_prefix="/kommune", template_folder="templates")


@blueprint.get("/")
@requires("assessment.view")
def overview() -> ResponseReturnValue:
    """Every criterion with what is done and what is missing."""
    workspace = workspace_of(own_municipality_or_404())
    if workspace is None:
        return _page("no_round")
    return _page("overview", workspace, feedback=newcomers.feedback(workspace))


@blueprint.get("/kriterium/<key>")
@requires("assessment.view")
def criterion(key: str) -> ResponseReturnValue:
    """One criterion: its question, the levels, what the municipality says."""
    workspace = workspace_or_404()
    found = criterion_or_404(workspace, key)
    return _criterion_page(workspace, found, _form_with_stored(workspace, found))


@blueprint.post("/kriterium/<key>")
@requires("assessment.edit")
def save(key: str) -> ResponseReturnValue:
    """Save one answer, and go on if that was asked for."""
    workspace = workspace_or_404(to_change=True)
    found = criterion_or_404(workspace, key)
    form = AnswerForm(found)
    try:
        _check_round(workspace, form)
        if not form.validate_on_submit():
            return _criterion_page(workspace, found, form), HTTPStatus.UNPROCESSABLE_ENTITY
        answering.save(workspace, found, form.answer, form.seen, current_user)
    except AnsweredMeanwhile as meanwhile:
        return _conflict_page(workspace, found, form, meanwhile)
    except StepRefused as refused:
        return _criterion_page(workspace, found, form, refused=refused), HTTPStatus.CONFLICT
    db.session.commit()
    flash(_("%(criterion)s ist gespeichert.", criterion=f"{found.id} {text(found.title)}"), "success")
    return redirect(_onward(workspace, found))


@blueprint.get("/abgabe")
@requires("assessment.view")
def summary() -> ResponseReturnValue:
    """All answers on one page, what is missing, and the hand-in for those who may."""
    workspace = workspace_of(own_municipality_or_404())
    return _page("no_round") if workspace is None else _summary_page(workspace, HandInForm(workspace))


@blueprint.post("/abgabe")
@requires("assessment.hand_in")
def sign_off() -> ResponseReturnValue:
    """Hand in; the round is over for the municipality until the agency gives it back."""
    workspace = workspace_or_404(to_change=True)
    form = HandInForm(workspace)
    try:
        answering.check_open(workspace)
        if not form.validate_on_submit():
            return _summary_page(workspace, form), HTTPStatus.UNPROCESSABLE_ENTITY
        hand_in(workspace, current_user, form.consented.data, form.seen.data or "")
    except ChangedMeanwhile as refused:
        return _summary_page(workspace, form, refused=refused), HTTPStatus.CONFLICT
    except StepRefused as refused:
        return _summary_page(workspace, HandInForm(workspace, formdata=None), refused=refused), HTTPStatus.CONFLICT
    db.session.commit()
    flash(_("Die Selbsteinschätzung ist abgegeben. Vielen Dank!"), "success")
    return redirect(url_for(".summary"))


def _check_round(workspace: Workspace, form: AnswerForm) -> None:
    """An answer belongs to the round it was typed for, even if another one has begun since."""
    answering.check_open(workspace)
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


def _criterion_page(
    workspace: Workspace, found: Criterion, form: AnswerForm, refused: StepRefused | None = None
) -> str:
    order = workspace.in_order
    position = order.index(found)
    earlier = earlier_answer(workspace, found.id)
    return _page(
        "criterion",
        workspace,
        criterion=found,
        form=form,
        refused=refused,
        stored=workspace.rows.get(found.id),
        earlier=earlier,
        reworded=earlier is not None and reworded_since(workspace, earlier[0], found.id),
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
    return _page("summary", workspace, review=review(workspace), form=form, refused=refused)


def _onward(workspace: Workspace, found: Criterion) -> str:
    """Back to the same criterion, or on to the next one; after the last one comes the summary."""
    if request.form.get("step") != "next":
        return url_for(".criterion", key=found.id)
    order = workspace.in_order
    position = order.index(found) + 1
    return url_for(".criterion", key=order[position].id) if position < len(order) else url_for(".summary")


def _page(name: str, workspace: Workspace | None = None, **values: object) -> str:
    return render_template(f"assessment/{name}.html", workspace=workspace, text=text, **values)

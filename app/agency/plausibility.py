"""Pages on which the agency looks at what was handed in, criterion by criterion."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField

from app.agency.blueprint import blueprint, in_language, municipality_or_404
from app.agency.telling import tell
from app.assessment.evidence import evidence_or_404
from app.assessment.evidence_pages import download_of
from app.assessment.forms import tidy
from app.assessment.hand_in import hand_ins_of
from app.assessment.pages import criterion_or_404
from app.assessment.plausibility import CHANGED, STATES, VerdictRefused, accept_rest, decide
from app.assessment.workspace import Workspace, lock, workspace_of
from app.database import db
from app.web.permission import requires
from questionnaires.catalogue import LEVELS, Criterion

NAMES = {
    "accepted": lazy_gettext("annehmen: Angabe und Nachweis passen zusammen"),
    "question": lazy_gettext("nachfragen: die Kommune antwortet, ihre Angabe bleibt"),
    "changed": lazy_gettext("ändern: mit der Kommune auf einen anderen Reifegrad geeinigt"),
    "returned": lazy_gettext("zurückgeben: die Kommune ändert dieses Kriterium und gibt es neu ab"),
}


class VerdictForm(FlaskForm):
    """What the agency says of one criterion."""

    state = RadioField(lazy_gettext("Ergebnis"), choices=[SelectChoice(name, NAMES[name]) for name in STATES])
    remark = TextAreaField(lazy_gettext("Anmerkung an die Kommune"), filters=[tidy])
    agreed_level = SelectField(
        lazy_gettext("Vereinbarter Reifegrad"),
        choices=[SelectChoice("", "–"), *(SelectChoice(str(level), str(level)) for level in LEVELS)],
        description=lazy_gettext("Nur, wenn Sie sich auf einen anderen geeinigt haben."),
    )

    @property
    def level(self) -> int | None:
        """The level agreed on; only a change has one."""
        return int(self.agreed_level.data) if self.agreed_level.data and self.state.data == CHANGED else None


@blueprint.get("/kommunen/<ags>/pruefung")
@requires("agency.reopen")
def plausibility(ags: str) -> ResponseReturnValue:
    """Every criterion with what was stated, its evidence, and what was said of it."""
    workspace = _workspace_or_404(ags)
    return render_template(
        "agency/plausibility.html", workspace=workspace, hand_ins=hand_ins_of(workspace), text=in_language
    )


@blueprint.get("/kommunen/<ags>/pruefung/<key>")
@requires("agency.reopen")
def verdict(ags: str, key: str) -> ResponseReturnValue:
    """One criterion, and the form for what is to be said of it."""
    workspace = _workspace_or_404(ags)
    found = criterion_or_404(workspace, key)
    said = workspace.plausibility.get(key)
    form = VerdictForm(
        state=said.state if said else "accepted",
        remark=said.remark if said else "",
        agreed_level="" if said is None or said.agreed_level is None else str(said.agreed_level),
    )
    return _verdict_page(workspace, found, form)


@blueprint.post("/kommunen/<ags>/pruefung/<key>")
@requires("agency.reopen")
def say_verdict(ags: str, key: str) -> ResponseReturnValue:
    """Store what the agency says, and go on to the next criterion that nothing was said of."""
    workspace = _workspace_or_404(ags, to_change=True)
    found, form = criterion_or_404(workspace, key), VerdictForm()
    if not form.validate_on_submit():
        return _verdict_page(workspace, found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        decide(workspace, found, form.state.data, form.remark.data or "", form.level, current_user)
    except VerdictRefused as refused:
        form.form_errors.append(str(refused))
        return _verdict_page(workspace, found, form), HTTPStatus.CONFLICT
    told = tell(workspace, found, form.state.data, form.remark.data or "")
    db.session.commit()
    returned = form.state.data == "returned"
    done = _("%(criterion)s ist zurückgegeben.") if returned else _("%(criterion)s ist geprüft.")
    flash(" ".join([done % {"criterion": found.id}, _told(told)]).strip(), "success")
    return redirect(_onward(workspace, found))


def _told(number: int) -> str:
    return (
        ngettext("Eine Person erfährt es per Mail.", "%(num)s Personen erfahren es per Mail.", number) if number else ""
    )


@blueprint.post("/kommunen/<ags>/pruefung")
@requires("agency.reopen")
def accept_all(ags: str) -> ResponseReturnValue:
    """Accept everything that nothing was said of yet."""
    workspace = _workspace_or_404(ags, to_change=True)
    try:
        number = accept_rest(workspace, current_user)
    except VerdictRefused as refused:
        abort(HTTPStatus.CONFLICT, str(refused))
    db.session.commit()
    flash(ngettext("%(num)s Kriterium angenommen.", "%(num)s Kriterien angenommen.", number), "success")
    return redirect(url_for(".plausibility", ags=ags))


@blueprint.get("/kommunen/<ags>/nachweis/<int(max=2147483647):id>")
@requires("agency.reopen")
def evidence_file(ags: str, id: int) -> ResponseReturnValue:
    """The file of a piece of evidence, as a download."""
    return download_of(evidence_or_404(municipality_or_404(ags), id))


def _workspace_or_404(ags: str, *, to_change: bool = False) -> Workspace:
    place = municipality_or_404(ags)
    if to_change:
        lock(place)
    workspace = workspace_of(place)
    if workspace is None or workspace.assessment is None:
        abort(HTTPStatus.NOT_FOUND, _("Diese Kommune hat noch keine Selbsteinschätzung begonnen."))
    return workspace


def _onward(workspace: Workspace, found: Criterion) -> str:
    ags, order = workspace.municipality.ags, workspace.in_order
    rest = (c for c in order[order.index(found) + 1 :] if c.id not in workspace.plausibility)
    following = next((c for c in rest if workspace.answer(c.id).given), None)
    if following is None:
        return url_for(".plausibility", ags=ags)
    return url_for(".verdict", ags=ags, key=following.id)


def _verdict_page(workspace: Workspace, criterion: Criterion, form: VerdictForm) -> str:
    return render_template("agency/verdict.html", workspace=workspace, criterion=criterion, form=form, text=in_language)

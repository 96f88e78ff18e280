"""What readers send: questions, answers, what they made of a practice, which criteria they follow."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import may, own_municipality_or_404
from app.database import db
from app.practices.blueprint import blueprint, catalogue, may_change, shown_or_404
from app.practices.forms import AdoptionForm, AnswerForm, FollowForm, QuestionForm
from app.practices.models import Question
from app.practices.reading_pages import practice_page
from app.practices.talking import adopt, answer, ask, follow, followed_by, not_adopted, remove_question
from app.web.permission import requires


@blueprint.post("/<int(max=2147483647):id>/frage")
@requires("practices.write")
def ask_question(id: int) -> ResponseReturnValue:
    """Ask about a practice."""
    practice, version = shown_or_404(id)
    form = QuestionForm()
    if not form.validate_on_submit():
        return practice_page(practice, version, HTTPStatus.UNPROCESSABLE_ENTITY, question_form=form)
    ask(practice, current_user.municipality, current_user, form.text.data)
    db.session.commit()
    flash(_("Ihre Frage ist gestellt. Sie bekommen eine Mail, sobald sie beantwortet ist."), "success")
    return redirect(url_for(".practice", id=id, _anchor="fragen"))


@blueprint.post("/frage/<int(max=2147483647):id>/antwort")
@requires("practices.write")
def answer_question(id: int) -> ResponseReturnValue:
    """Answer a question about one's own practice, or mend the answer."""
    question = _question_or_404(id)
    practice, version = shown_or_404(question.practice_id)
    if not may_change(practice):
        abort(HTTPStatus.NOT_FOUND)
    form = AnswerForm()
    if not form.validate_on_submit():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return practice_page(practice, version, status, answer_form=form, answering=id)
    answer(question, form.text.data)
    db.session.commit()
    flash(_("Ihre Antwort ist gespeichert."), "success")
    return redirect(url_for(".practice", id=practice.id, _anchor="fragen"))


@blueprint.post("/frage/<int(max=2147483647):id>/entfernen")
@requires("practices.write")
def take_question_away(id: int) -> ResponseReturnValue:
    """Take one's own question away; the agency may take any."""
    question = _question_or_404(id)
    if question.asked_by_id != current_user.id and not may("agency.practices"):
        abort(HTTPStatus.NOT_FOUND)
    practice = question.practice
    remove_question(question)
    db.session.commit()
    flash(_("Die Frage ist entfernt."), "success")
    return redirect(url_for(".practice", id=practice.id, _anchor="fragen"))


@blueprint.post("/<int(max=2147483647):id>/uebernahme")
@requires("practices.write")
def save_adoption(id: int) -> ResponseReturnValue:
    """Say what one's municipality made of a practice."""
    practice, version = shown_or_404(id)
    municipality, form = own_municipality_or_404(), AdoptionForm()
    if municipality.ags == practice.municipality_ags:
        abort(HTTPStatus.CONFLICT, _("Das ist Ihr eigenes Beispiel. Wie es weiterging, schreiben Sie ins Beispiel."))
    if not form.validate_on_submit():
        return practice_page(practice, version, HTTPStatus.UNPROCESSABLE_ENTITY, adoption_form=form)
    adopt(practice, municipality, form.state.data, form.result.data or "")
    db.session.commit()
    flash(_("Danke, das ist gespeichert."), "success")
    return redirect(url_for(".practice", id=id, _anchor="uebernommen"))


@blueprint.post("/<int(max=2147483647):id>/uebernahme/entfernen")
@requires("practices.write")
def remove_adoption(id: int) -> ResponseReturnValue:
    """Take that back."""
    practice, _version = shown_or_404(id)
    not_adopted(practice, own_municipality_or_404())
    db.session.commit()
    flash(_("Die Angabe ist entfernt."), "success")
    return redirect(url_for(".practice", id=id, _anchor="uebernommen"))


@blueprint.route("/folgen", methods=["GET", "POST"])
@requires("practices.read")
def following() -> ResponseReturnValue:
    """Choose the criteria of which one hears once a week."""
    form = FollowForm(criteria=sorted(followed_by(current_user)))
    form.offer(catalogue())
    if form.validate_on_submit():
        follow(current_user, form.criteria.data)
        db.session.commit()
        flash(_("Gespeichert. Gibt es Neues, bekommen Sie höchstens einmal in der Woche eine Mail."), "success")
        return redirect(url_for(".following"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template("practices/following.html", form=form), status


def _question_or_404(id: int) -> Question:
    return db.session.get(Question, id) or abort(HTTPStatus.NOT_FOUND, _("Diese Frage gibt es nicht mehr."))

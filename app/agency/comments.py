"""Free texts: nobody sees them before the agency has read them; then the municipality may, once the round has ended."""

from __future__ import annotations

from flask import abort, flash, render_template, request, url_for
from flask import redirect as _redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, Select, func, select

from app.agency.blueprint import blueprint, in_language, round_or_404
from app.agency.forms import COMMENT_STATES, CommentFilterForm
from app.database import db
from app.feedback import coding
from app.feedback.models import LONGEST_EXTRACT, Comment
from app.feedback.screening import pieces
from app.feedback.themes import themes
from app.region.models import Municipality
from app.rounds.lifecycle import StepRefused, catalogue_of, current_round, rounds_newest_first
from app.rounds.models import Participation, Round
from app.web.language import current_language
from app.web.permission import requires
from scoring.method import Method

ON_A_PAGE = 25
FLAGS = {
    "email": lazy_gettext("E-Mail-Adresse?"),
    "phone": lazy_gettext("Telefonnummer?"),
    "link": lazy_gettext("Internetadresse?"),
    "address": lazy_gettext("Anschrift?"),
    "person": lazy_gettext("Name einer Person?"),
}


@blueprint.get("/kommentare")
@requires("agency.comments")
def comments() -> ResponseReturnValue:
    """The free texts of a round in one state, a page at a time."""
    rounds = [round_ for round_ in rounds_newest_first() if round_.state != "draft"]
    if not rounds:
        return render_template("agency/comments_none.html")
    form = CommentFilterForm(request.args)
    round_ = _asked(rounds, form.runde.data) or _current(rounds)
    form.runde.data = round_.key
    form.stand.data = form.stand.data if form.stand.data in COMMENT_STATES else "unread"
    form.offer(rounds, _municipalities(round_))
    found = db.session.execute(
        select(Comment, Municipality.name)
        .join(Municipality, Municipality.ags == Comment.municipality_ags)
        .where(*_conditions(round_, form), Comment.state == form.stand.data)
        .order_by(Municipality.name, Comment.id)
        .limit(ON_A_PAGE)
    ).all()
    return render_template(
        "agency/comments.html",
        round=round_,
        form=form,
        found=found,
        # a result has keys(), so dict() would take it for a mapping
        counts={state: count for state, count in db.session.execute(_counted(round_, form))},  # noqa: C416
        states=COMMENT_STATES,
        questions={q.id: in_language(q.text) for q in catalogue_of(round_).open_questions},
        last=_last(round_),
        pieces=pieces,
        flag_names=FLAGS,
        themes=themes(),
        codes=coding.codes_of(round_, [comment for comment, _name in found]),
        longest_extract=LONGEST_EXTRACT,
        fewest=Method().minimum_public,
        in_language=lambda names: names[current_language().tag],
    )


@blueprint.post("/kommentare/<key>/<ags>/<comment_id>")
@requires("agency.comments")
def decide_comment(key: str, ags: str, comment_id: str) -> ResponseReturnValue:
    """Keep a free text, withhold it, or take the decision back."""
    comment = db.session.get(Comment, (round_or_404(key).id, ags, comment_id)) or abort(404)
    state = request.form.get("stand", "")
    if state not in COMMENT_STATES:
        abort(400, _("Einen solchen Stand gibt es nicht. Gehen Sie zurück und wählen Sie eine der Schaltflächen."))
    comment.state = state
    if state != "kept":
        comment.extract = None
    db.session.commit()
    asked, place = request.form.get("gezeigt", "unread"), request.form.get("kommune", "")
    return _redirect(url_for(".comments", runde=key, stand=asked, kommune=place, zuletzt=f"{ags}.{comment_id}"))


@blueprint.post("/kommentare/<key>/<ags>/<comment_id>/themen")
@requires("agency.comments")
def code_comment(key: str, ags: str, comment_id: str) -> ResponseReturnValue:
    """Say what a free text is about, and write an extract that may be shown."""
    place = (round_or_404(key).id, ags, comment_id)
    # The municipality may code the same text; one at a time.
    comment = db.session.get(Comment, place, with_for_update=True) or abort(404)
    try:
        coding.code(comment, request.form.getlist("thema"), request.form.get("auszug", ""))
    except StepRefused as refused:
        db.session.rollback()
        abort(422, _("%(reason)s Gehen Sie im Browser einen Schritt zurück: Dort steht Ihre Eingabe noch.",
                     reason=str(refused)))  # fmt: skip
    db.session.commit()
    flash(_("Die Themen sind gespeichert."), "success")
    asked, shown = request.form.get("gezeigt", "unread"), request.form.get("kommune", "")
    return _redirect(url_for(".comments", runde=key, stand=asked, kommune=shown))


def _asked(rounds: list[Round], key: str | None) -> Round | None:
    return next((round_ for round_ in rounds if round_.key == key), None)


def _current(rounds: list[Round]) -> Round:
    current = current_round()
    return current if current in rounds else rounds[0]


def _municipalities(round_: Round) -> list[Municipality]:
    invited = select(Municipality).join(Participation).where(Participation.round_id == round_.id)
    return list(db.session.scalars(invited.order_by(Municipality.name)))


def _conditions(round_: Round, form: CommentFilterForm) -> list[ColumnElement[bool]]:
    place = [Comment.municipality_ags == form.kommune.data] if form.kommune.data else []
    return [Comment.round_id == round_.id, *place]


def _counted(round_: Round, form: CommentFilterForm) -> Select[str, int]:
    return select(Comment.state, func.count()).where(*_conditions(round_, form)).group_by(Comment.state)


def _last(round_: Round) -> Comment | None:
    """The free text decided a moment ago, so that the decision can be taken back."""
    ags, _dot, comment_id = request.args.get("zuletzt", "").partition(".")
    return db.session.get(Comment, (round_.id, ags, comment_id)) if comment_id else None

"""The rules of a round: whether evidence decides which level counts, and whether the agency has to look first."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.agency.blueprint import blueprint, round_or_404
from app.audit import Subject, record
from app.database import db
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Round
from app.web.permission import requires

RULES = ("evidence_rule", "plausible_only")


class RulesForm(FlaskForm):
    """The two rules."""

    evidence_rule = BooleanField(
        lazy_gettext("Reifegrad 3 und 4 zählen nur mit Nachweis"),
        description=lazy_gettext(
            "Ohne den nötigen Nachweis zählt höchstens 2, gekennzeichnet als »Selbstauskunft«. Lässt sich nur ändern, "
            "solange die Runde geplant ist."
        ),
    )
    plausible_only = BooleanField(
        lazy_gettext("Nur geprüfte Angaben gehen in Vergleiche ein"),
        description=lazy_gettext(
            "Was die Agentur nicht angenommen oder mit der Kommune vereinbart hat, zählt wie nicht beantwortet. "
            "Schalten Sie das ein, wenn Sie jede abgegebene Selbsteinschätzung durchsehen. Lässt sich ändern, "
            "bis Ergebnisse veröffentlicht sind."
        ),
    )


@blueprint.route("/runden/<key>/regeln", methods=["GET", "POST"])
@requires("agency.rounds")
def rules(key: str) -> ResponseReturnValue:
    """See and change the rules of a round."""
    round_ = round_or_404(key, for_change=request.method == "POST")
    form = RulesForm(obj=round_)
    if not form.validate_on_submit():
        return render_template("agency/rules.html", round=round_, form=form), 422 if form.is_submitted() else 200
    try:
        change_rules(round_, form.evidence_rule.data, form.plausible_only.data)
    except StepRefused as refusal:
        form.form_errors.append(str(refusal))
        return render_template("agency/rules.html", round=round_, form=form), 409
    db.session.commit()
    flash(_("Die Regeln der Runde sind gespeichert."), "success")
    return redirect(url_for(".round_page", key=key))


def change_rules(round_: Round, evidence_rule: bool, plausible_only: bool) -> None:
    """Set the rules; ``StepRefused`` where people already work by one, or results stand on it."""
    if evidence_rule != round_.evidence_rule and round_.state != "draft":
        raise StepRefused(
            _("Die Runde ist schon geöffnet. Die Nachweisregel steht damit fest, weil Kommunen danach arbeiten.")
        )
    if plausible_only != round_.plausible_only and round_.state == "released":
        raise StepRefused(_("Die Ergebnisse der Runde sind veröffentlicht. Ziehen Sie sie zuerst zurück."))
    before = {name: getattr(round_, name) for name in RULES}
    round_.evidence_rule, round_.plausible_only = evidence_rule, plausible_only
    after = {name: getattr(round_, name) for name in RULES}
    record("round.rules_changed", Subject("round", round_.key), before=before, after=after)

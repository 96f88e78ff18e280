"""Doubtful responses: kept apart until the agency decides; and how the channels compare before a release."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.agency.blueprint import blueprint, municipality_or_404, round_or_404
from app.database import db
from app.feedback.channels import NAMES as CHANNEL_NAMES
from app.feedback.reviewing import channels, decide, doubtful
from app.rounds.lifecycle import StepRefused
from app.web.permission import requires

DOUBTS = {
    "fast": lazy_gettext("kam zu schnell zurück"),
    "trap": lazy_gettext("füllte ein Feld aus, das niemand sieht"),
    "many": lazy_gettext("sehr viele aus einem Netz"),
}
DECIDED = {
    "accepted": lazy_gettext("Sie zählen jetzt mit."),
    "refused": lazy_gettext("Sie zählen nicht mit."),
    "held": lazy_gettext("Sie sind wieder zurückgehalten."),
}


@blueprint.get("/runden/<key>/eingang")
@requires("agency.rounds")
def arrivals(key: str) -> ResponseReturnValue:
    """What came in on which channel, and what is held back."""
    round_ = round_or_404(key)
    if round_.state == "draft":
        abort(404)
    return render_template(
        "agency/arrivals.html",
        round=round_,
        groups=doubtful(round_),
        channels=channels(round_),
        doubts=DOUBTS,
        channel_names=CHANNEL_NAMES,
        decidable=round_.state in ("open", "closed"),
    )


@blueprint.post("/runden/<key>/eingang/<ags>/<doubt>")
@requires("agency.rounds")
def decide_doubt(key: str, ags: str, doubt: str) -> ResponseReturnValue:
    """Accept, refuse or hold again one municipality's responses in doubt for one reason."""
    decision = request.form.get("entscheidung", "")
    if decision not in DECIDED or doubt not in DOUBTS:
        abort(400, _("Eine solche Entscheidung gibt es nicht. Gehen Sie zurück und wählen Sie eine Schaltfläche."))
    round_, place = round_or_404(key, for_change=True), municipality_or_404(ags)
    try:
        number = decide(round_, place.ags, doubt, decision)
    except StepRefused:
        abort(409, _("Zu dieser Runde sind Ergebnisse veröffentlicht. Ziehen Sie sie zuerst zurück."))
    db.session.commit()
    flash(
        _("%(place)s, %(number)s Rückmeldungen.", place=place.name, number=number) + " " + DECIDED[decision], "success"
    )
    return redirect(url_for(".arrivals", key=key))

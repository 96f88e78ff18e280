"""The doors of a municipality's survey, where the agency sets them in its place."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.agency.blueprint import blueprint, municipality_or_404
from app.database import db
from app.outreach.doors import open_participation, set_doors
from app.rounds.lifecycle import StepRefused
from app.web.permission import requires


@blueprint.post("/kommunen/<ags>/wege")
@requires("agency.rounds")
def set_municipal_doors(ags: str) -> ResponseReturnValue:
    """Choose the doors of a municipality in the open round."""
    participation = open_participation(municipality_or_404(ags), to_change=True)
    try:
        if participation is None:
            raise StepRefused(_("Zurzeit ist keine Runde offen, an der diese Kommune teilnimmt."))
        set_doors(participation, request.form.getlist("weg"))
    except StepRefused as refused:
        db.session.rollback()
        flash(str(refused), "danger")
    else:
        db.session.commit()
        flash(_("Die Wege sind gespeichert."), "success")
    return redirect(url_for(".municipality", ags=ags))

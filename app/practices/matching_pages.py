"""Pages of matching: whom a municipality can learn from, and topics for the agency's next round table."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import own_municipality_or_404
from app.database import db
from app.practices.blueprint import blueprint
from app.practices.matching import introduce, matches, topics
from app.releases import reading
from app.web.language import current_language
from app.web.permission import requires


@blueprint.get("/partner")
@requires("assessment.view")
def partners() -> ResponseReturnValue:
    """The gaps of one's own result, with practices and places to learn from."""
    municipality, record = own_municipality_or_404(), reading.published_record()
    found = matches(reading.release_of(record), municipality) if record else []
    return render_template("practices/partners.html", matches=found, tag=current_language().tag)


@blueprint.post("/partner/<criterion>/<ags>")
@requires("assessment.edit")
def introduce_partner(criterion: str, ags: str) -> ResponseReturnValue:
    """Introduce the two by mail."""
    municipality = own_municipality_or_404()
    record = reading.published_record() or abort(HTTPStatus.NOT_FOUND)
    found = matches(reading.release_of(record), municipality)
    match = next((one for one in found if one.criterion.id == criterion), None) or abort(HTTPStatus.NOT_FOUND)
    place = next((p.municipality for p in match.partners if p.municipality.ags == ags), None)
    partner = place or abort(HTTPStatus.NOT_FOUND)
    sent = introduce(match, partner, current_user, municipality)
    db.session.commit()
    if sent:
        flash(
            _("%(name)s bekommt eine Mail mit Ihrer Adresse und meldet sich bei Ihnen.", name=partner.name), "success"
        )
    else:
        flash(_("%(name)s hat dazu schon eine Mail bekommen, oder dort koordiniert gerade niemand, dessen Adresse "
                "Mails annimmt. Fragen Sie die Agentur.", name=partner.name), "info")  # fmt: skip
    return redirect(url_for(".partners"))


@blueprint.get("/themen")
@requires("agency.practices")
def round_table_topics() -> ResponseReturnValue:
    """Criteria where many are weak and few practices exist."""
    record = reading.published_record()
    found = topics(reading.release_of(record)) if record else []
    return render_template("practices/topics.html", topics=found, tag=current_language().tag)

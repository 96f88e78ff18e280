"""Two pages on the same log: the agency reads all of it, a municipality what is its own business."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.permissions import own_municipality_or_404
from app.database import db
from app.logbook import reading
from app.logbook.forms import FilterForm
from app.region.models import Municipality
from app.web.permission import requires

LARGEST = 2**53

blueprint = Blueprint("logbook", __name__, template_folder="templates")


@blueprint.get("/agentur/protokoll")
@requires("audit.all")
def agency() -> ResponseReturnValue:
    """Everything that was recorded."""
    return _show(None)


@blueprint.get("/kommune/protokoll")
@requires("audit.own")
def municipality() -> ResponseReturnValue:
    """What was recorded of the reader's own municipality."""
    return _show(own_municipality_or_404())


def _show(own: Municipality | None) -> str:
    form = FilterForm(request.args)
    form.validate()
    form.offer([] if own else db.session.scalars(select(Municipality).order_by(Municipality.name)))
    lines, older = reading.page(form.wish(own.ags if own else None, _before()))
    return render_template("logbook/log.html", form=form, lines=lines, older=older, own=own)


def _before() -> int | None:
    """The number that the page goes back from; what is no number is the newest page."""
    number = request.args.get("vor", type=int)
    return number if number and 0 < number < LARGEST else None

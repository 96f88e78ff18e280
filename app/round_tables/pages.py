"""Pages for those who come: the list over the years, one round table, signing up, saying what one thought."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.accounts.permissions import PUBLIC, may, own_municipality_or_404
from app.database import db, today
from app.round_tables import using
from app.round_tables.calendar import calendar_file
from app.round_tables.forms import GuestForm, OpinionForm
from app.round_tables.history import said
from app.round_tables.models import Handout, Opinion, RoundTable, TableGuest
from app.web.permission import requires

blueprint = Blueprint("round_tables", __name__, url_prefix="/austausch/runde-tische", template_folder="templates")
public_blueprint = Blueprint(
    "public_round_tables", __name__, url_prefix="/runde-tische", template_folder="templates"
)  # fmt: skip


@blueprint.get("/")
@requires("tables.read")
def overview() -> ResponseReturnValue:
    """Every round table, with how many came."""
    return render_template("round_tables/overview.html", **_list())


@public_blueprint.get("/")
@requires(PUBLIC)
def over_the_years() -> ResponseReturnValue:
    """The same for everybody."""
    return render_template("round_tables/public.html", **_list())


@public_blueprint.get("/<int(max=2147483647):id>.ics")
@requires(PUBLIC)
def calendar(id: int) -> ResponseReturnValue:
    """The calendar file: day, place and what it is about; the link to take part is behind the log-in."""
    table = table_or_404(id)
    if table.held_on is None or table.shown:
        abort(HTTPStatus.NOT_FOUND, _("Der Tag dieses Runden Tisches ist nicht genau bekannt."))
    return _ics(table)


@blueprint.get("/<int(max=2147483647):id>")
@requires("tables.read")
def table(id: int) -> ResponseReturnValue:
    """One round table, and what the reader may do with it."""
    return table_page(table_or_404(id))


@blueprint.post("/<int(max=2147483647):id>/anmelden")
@requires("tables.join")
def sign_up(id: int) -> ResponseReturnValue:
    """Sign somebody of one's own municipality up."""
    found, form = table_or_404(id), GuestForm()
    municipality = own_municipality_or_404()
    if not form.validate_on_submit():
        return table_page(found, HTTPStatus.UNPROCESSABLE_ENTITY, guest_form=form)
    guest = TableGuest(name=form.name.data, function=form.function.data or "", listed=form.listed.data)
    guest.municipality, guest.municipality_ags, guest.user_id = municipality, municipality.ags, current_user.id
    try:
        using.sign_up(found, guest)
    except using.StepRefused as refused:
        db.session.rollback()
        form.form_errors.append(str(refused))
        return table_page(table_or_404(id), HTTPStatus.CONFLICT, guest_form=form)
    db.session.commit()
    flash(_("Angemeldet. Namensschild und QR-Code liegen am Eingang bereit."), "success")
    return redirect(url_for(".table", id=id, _anchor="anmeldung"))


@blueprint.post("/gast/<int(max=2147483647):id>/abmelden")
@requires("tables.join")
def sign_off(id: int) -> ResponseReturnValue:
    """Take somebody off the list again: of one's own municipality, or anybody for the agency."""
    guest = db.session.get(TableGuest, id) or abort(HTTPStatus.NOT_FOUND)
    if guest.municipality_ags != (current_user.municipality_ags or "") and not may("agency.tables"):
        abort(HTTPStatus.NOT_FOUND)
    onward = url_for(".guests" if may("agency.tables") else ".table", id=guest.table_id)
    if guest.came_at is not None:
        flash(_("Wer schon eingecheckt ist, bleibt auf der Liste."), "danger")
        return redirect(onward)
    db.session.delete(guest)
    db.session.commit()
    flash(_("Abgemeldet."), "success")
    return redirect(onward)


@blueprint.post("/<int(max=2147483647):id>/rueckmeldung")
@requires("tables.join")
def say_opinion(id: int) -> ResponseReturnValue:
    """Say what one thought of it; nobody knows who said it."""
    found, form = table_or_404(id), OpinionForm()
    if found.documented or found.held_on is None or found.held_on > today():
        abort(HTTPStatus.CONFLICT, _("Rückmeldungen gibt es erst, wenn der Runde Tisch war."))
    if not form.validate_on_submit():
        return table_page(found, HTTPStatus.UNPROCESSABLE_ENTITY, opinion_form=form)
    db.session.add(Opinion(table_id=id, useful=int(form.useful.data), wish=form.wish.data or ""))
    db.session.commit()
    flash(_("Danke für Ihre Rückmeldung."), "success")
    return redirect(url_for(".table", id=id))


@blueprint.get("/datei/<int(max=2147483647):id>")
@requires("tables.read")
def file(id: int) -> ResponseReturnValue:
    """A file of a round table."""
    found = db.session.get(Handout, id) or abort(HTTPStatus.NOT_FOUND)
    return found.handed_out()


def table_or_404(id: int) -> RoundTable:
    """The round table of that number."""
    return using.table_by_id(id) or abort(HTTPStatus.NOT_FOUND, _("Diesen Runden Tisch gibt es nicht (mehr)."))


def table_page(found: RoundTable, status: int = HTTPStatus.OK, **forms: Any) -> Response:
    """The page of a round table; a form that was sent with mistakes takes the place of an empty one."""
    own = current_user.municipality_ags
    coming = found.held_on is not None and found.held_on >= today() and not found.documented and not found.cancelled
    values: dict[str, Any] = {
        "table": found,
        "name": using.title(found),
        "day": using.day_of(found),
        "counted": said(found, "counted"),
        "mine": [guest for guest in found.guests if own and guest.municipality_ags == own],
        "came": using.attendance(found),
        "of": using.of_municipalities(),
        "coming": coming,
        "over": found.held_on is not None and found.held_on <= today() and not found.documented,
        "guest_form": GuestForm(formdata=None),
        "opinion_form": OpinionForm(formdata=None),
        "joining": own is not None and may("tables.join"),
    }
    return make_response(render_template("round_tables/table.html", **{**values, **forms}), status)


def address_of(table: RoundTable) -> str:
    """The whole address of its page."""
    return str(current_app.config["KOMPASS"].address) + url_for("round_tables.table", id=table.id)


def _ics(table: RoundTable) -> Response:
    response = make_response(calendar_file(table, address_of(table)))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="runder-tisch-{table.id}.ics"'
    return response


def _list() -> dict[str, Any]:
    tables = using.all_tables()
    return {
        "tables": [
            (table, using.title(table), using.day_of(table), said(table, "counted"), *using.attendance(table))
            for table in tables
        ],
        "of": using.of_municipalities(),
    }

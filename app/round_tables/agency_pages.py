"""The agency's pages: planning, inviting, the list of guests, check-in, badges, files."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Response, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.audit import Subject, record
from app.database import db, today
from app.practices.forms import FileForm
from app.region.models import Municipality
from app.round_tables import using
from app.round_tables.forms import OutsideGuestForm, TableForm
from app.round_tables.models import Handout, Presented, RoundTable, TableGuest
from app.round_tables.pages import address_of, blueprint, table_or_404
from app.uploads.receiving import allow_large_body, receive
from app.uploads.refusals import FileRefused
from app.web.language import current_language
from app.web.permission import requires
from reports.documents import round_table as documents

FIELDS = ("number", "held_on", "begins", "ends", "place", "link", "about", "minutes", "people", "places")


@blueprint.route("/neu", methods=["GET", "POST"])
@requires("agency.tables")
def new() -> ResponseReturnValue:
    """Plan a round table."""
    return _edit(None)


@blueprint.route("/<int(max=2147483647):id>/bearbeiten", methods=["GET", "POST"])
@requires("agency.tables")
def edit(id: int) -> ResponseReturnValue:
    """Change a round table; afterwards: what was said, what was presented, how many came."""
    return _edit(table_or_404(id))


@blueprint.route("/<int(max=2147483647):id>/loeschen", methods=["GET", "POST"])
@requires("agency.tables")
def remove(id: int) -> ResponseReturnValue:
    """Ask once, then delete a round table with everything about it."""
    table = table_or_404(id)
    if table.invited_at and not table.cancelled and table.held_on and table.held_on >= today():
        unknown = _("Die Eingeladenen wissen davon noch nichts. Sagen Sie den Runden Tisch zuerst ab.")
        return _refused(using.StepRefused(unknown), url_for(".cancel", id=id))
    if request.method == "GET":
        return render_template("round_tables/remove.html", table=table, name=using.title(table))
    record("round_table.removed", Subject("round_table", str(id)))
    db.session.delete(table)
    db.session.commit()
    flash(_("Der Runde Tisch ist gelöscht."), "success")
    return redirect(url_for(".overview"))


@blueprint.route("/<int(max=2147483647):id>/einladen", methods=["GET", "POST"])
@requires("agency.tables")
def invite(id: int) -> ResponseReturnValue:
    """Show who will get the invitation, then send it; nobody gets it twice."""
    table = table_or_404(id)
    if request.method == "GET":
        people, gone = using.coordinators()
        return render_template(
            "round_tables/invite.html", table=table, name=using.title(table), people=people, gone=gone
        )
    try:
        sent = using.invite(table, address_of(table))
    except using.StepRefused as refused:
        return _refused(refused, url_for(".table", id=id))
    db.session.commit()
    flash(
        ngettext("%(num)s Einladung ist im Postausgang.", "%(num)s Einladungen sind im Postausgang.", sent), "success"
    )
    return redirect(url_for(".table", id=id))


@blueprint.route("/<int(max=2147483647):id>/absagen", methods=["GET", "POST"])
@requires("agency.tables")
def cancel(id: int) -> ResponseReturnValue:
    """Ask once, then call a round table off and tell those who were invited."""
    table = table_or_404(id)
    if request.method == "GET":
        return render_template("round_tables/cancel.html", table=table, name=using.title(table))
    try:
        sent = using.cancel(table)
    except using.StepRefused as refused:
        return _refused(refused, url_for(".table", id=id))
    db.session.commit()
    told = ngettext("%(num)s Absage ist im Postausgang.", "%(num)s Absagen sind im Postausgang.", sent)
    flash(_("Der Runde Tisch ist abgesagt.") + f" {told}", "success")
    return redirect(url_for(".table", id=id))


@blueprint.route("/<int(max=2147483647):id>/gaeste", methods=["GET", "POST"])
@requires("agency.tables")
def guests(id: int) -> ResponseReturnValue:
    """Who comes: sign somebody up, check in, take off."""
    table, form = table_or_404(id), OutsideGuestForm()
    form.offer(_municipalities())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    if form.validate_on_submit():
        guest = TableGuest(name=form.name.data, function=form.function.data or "", listed=form.listed.data)
        guest.municipality = db.session.get(Municipality, form.municipality_ags.data or "")
        guest.municipality_ags = guest.municipality.ags if guest.municipality else None
        try:
            using.sign_up(table, guest)
            db.session.commit()
            flash(_("Angemeldet."), "success")
            return redirect(url_for(".guests", id=id))
        except using.StepRefused as refused:
            db.session.rollback()
            form.form_errors.append(str(refused))
            table, status = table_or_404(id), HTTPStatus.CONFLICT
    return render_template("round_tables/guests.html", table=table, name=using.title(table), form=form), status


@blueprint.post("/gast/<int(max=2147483647):id>/einlass")
@requires("agency.tables")
def check_in(id: int) -> ResponseReturnValue:
    """Say that somebody came; the second time it is said that they are in already."""
    return _at_the_door(id, using.check_in, _("Willkommen! Eingecheckt."))


@blueprint.post("/gast/<int(max=2147483647):id>/einlass-zurueck")
@requires("agency.tables")
def undo_check_in(id: int) -> ResponseReturnValue:
    """Undo a check-in."""
    return _at_the_door(id, using.undo_check_in, _("Der Einlass ist zurückgenommen."))


@blueprint.get("/einlass/<ticket>")
@requires("agency.tables")
def door(ticket: str) -> ResponseReturnValue:
    """Where a QR code leads to: the guest, and the button that lets them in."""
    guest = using.guest_by_ticket(ticket) or abort(HTTPStatus.NOT_FOUND, _("Dieser QR-Code gehört zu keinem Gast."))
    return render_template("round_tables/door.html", guest=guest, name=using.title(guest.table))


@blueprint.get("/<int(max=2147483647):id>/gaesteliste.pdf")
@requires("agency.tables")
def guest_list(id: int) -> ResponseReturnValue:
    """The list of guests who agreed to stand on it, as PDF."""
    table = table_or_404(id)
    rows = [_row(guest) for guest in table.guests if guest.listed]
    hidden = len(table.guests) - len(rows)
    note = ngettext(
        "Dazu %(num)s Person, die nicht auf der Liste stehen möchte.",
        "Dazu %(num)s Personen, die nicht auf der Liste stehen möchten.", hidden,
    )  # fmt: skip
    return _pdf(
        documents.guest_list(_heading(table), rows, note if hidden else "", current_language().tag), f"gaesteliste-{id}"
    )


@blueprint.get("/<int(max=2147483647):id>/namensschilder.pdf")
@requires("agency.tables")
def badges(id: int) -> ResponseReturnValue:
    """Name badges with the QR code for the door, eight on a page, as PDF."""
    table = table_or_404(id)
    base = str(current_app.config["KOMPASS"].address)
    rows = [[*_row(guest), base + url_for(".door", ticket=guest.ticket)] for guest in table.guests]
    return _pdf(documents.badges(_heading(table), rows, current_language().tag), f"namensschilder-{id}")


@blueprint.post("/<int(max=2147483647):id>/dateien")
@requires("agency.tables")
def add_file(id: int) -> ResponseReturnValue:
    """Add a file."""
    form = FileForm()
    table_or_404(id)
    if not form.validate_on_submit():
        flash(" ".join(map(str, form.file.errors)) or _("Wählen Sie eine Datei."), "danger")
        return redirect(url_for(".edit", id=id))
    db.session.rollback()  # To look into a file takes seconds, and nobody shall wait for the database meanwhile.
    try:
        kept = receive(form.file.data)
    except FileRefused as refused:
        return _refused(refused, url_for(".edit", id=id))
    table = table_or_404(id)
    table.files.append(Handout.of(kept))
    db.session.commit()
    flash(_("Die Datei ist gespeichert."), "success")
    return redirect(url_for(".edit", id=id))


@blueprint.post("/datei/<int(max=2147483647):id>/entfernen")
@requires("agency.tables")
def remove_file(id: int) -> ResponseReturnValue:
    """Take a file away."""
    handout = db.session.get(Handout, id) or abort(HTTPStatus.NOT_FOUND)
    db.session.delete(handout)
    db.session.commit()
    flash(_("Die Datei ist entfernt."), "success")
    return redirect(url_for(".edit", id=handout.table_id))


@blueprint.url_value_preprocessor
def _allow_large_body(endpoint: str | None, _values: object) -> None:
    if endpoint == "round_tables.add_file" and request.method == "POST":
        allow_large_body()


def _edit(table: RoundTable | None) -> ResponseReturnValue:
    form = TableForm()
    form.offer(_municipalities(), using.practices_to_present())
    if table is not None and not form.is_submitted():
        form.fill(table)
    if not form.validate_on_submit():
        return _form_page(form, table, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK)
    if using.number_taken(form.number.data, table.id if table else None):
        form.number.errors = [_("Diese Nummer hat schon ein anderer Runder Tisch.")]
        return _form_page(form, table, HTTPStatus.CONFLICT)
    before = using.when_and_where(table) if table else ()
    stored = _store(form, table or RoundTable())
    moved = using.changed(stored, before)
    record("round_table.saved", Subject("round_table", str(stored.id)))
    db.session.commit()
    flash(_("Der Runde Tisch ist gespeichert."), "success")
    if moved and not stored.cancelled:
        flash(
            _("Was die Eingeladenen im Kalender haben, stimmt nicht mehr. Teilen Sie ihnen die Änderung mit."),
            "warning",
        )
        return redirect(url_for(".invite", id=stored.id))
    return redirect(url_for(".table", id=stored.id))


def _store(form: TableForm, table: RoundTable) -> RoundTable:
    for name in FIELDS:
        setattr(table, name, form[name].data)
    table.shown = "" if not table.documented else table.shown
    host = db.session.get(Municipality, form.host_ags.data or "")
    table.host_ags = host.ags if host else None
    db.session.add(table)
    table.agenda.clear()
    table.presented.clear()
    db.session.flush()
    table.agenda = form.items()
    table.presented = [Presented(practice_id=id) for id in sorted(set(form.presented.data or ()))]
    db.session.flush()
    return table


def _form_page(form: TableForm, table: RoundTable | None, status: int) -> ResponseReturnValue:
    kept = table if table is not None and table.id else None
    return render_template("round_tables/edit.html", form=form, table=kept, file_form=FileForm(formdata=None)), status


def _at_the_door(id: int, step: Callable[[TableGuest], None], done: str) -> ResponseReturnValue:
    guest = db.session.get(TableGuest, id) or abort(HTTPStatus.NOT_FOUND)
    onward = url_for(".guests", id=guest.table_id)
    try:
        step(guest)
    except using.StepRefused as refused:
        return _refused(refused, onward)
    db.session.commit()
    flash(f"{guest.name}: {done}", "success")
    return redirect(onward)


def _refused(refused: Exception, onward: str) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(refused), "danger")
    return redirect(onward)


def _municipalities() -> list[Municipality]:
    return list(db.session.scalars(select(Municipality).order_by(Municipality.name)))


def _row(guest: TableGuest) -> list[str]:
    return [guest.name, guest.function, guest.municipality.name if guest.municipality else ""]


def _heading(table: RoundTable) -> list[str]:
    return [using.title(table), using.day_of(table), table.place or _("online")]


def _pdf(content: bytes, name: str) -> Response:
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.cache_control.no_store = True
    return response

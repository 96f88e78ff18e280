"""Pages on which a practice is written: one's own list, the form, its files, handing it to the agency."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from app.accounts.permissions import may
from app.database import db
from app.practices.blueprint import blueprint, catalogue, own_or_404
from app.practices.forms import FileForm, PlacedForm, PracticeForm
from app.practices.models import Practice
from app.practices.reading import of_municipality
from app.practices.writing import (
    PracticeRefused,
    attach,
    begin,
    change,
    detach,
    discard,
    missing,
    submit,
    take_back,
)
from app.region.models import Municipality
from app.uploads.receiving import allow_large_body, receive
from app.uploads.refusals import FileRefused
from app.web.permission import requires

ATTACH = "practices.add_file"


@blueprint.get("/eigene")
@requires("practices.write")
def own() -> ResponseReturnValue:
    """The practices of one's municipality and where each of them stands; of the agency those it wrote itself."""
    return render_template("practices/own.html", practices=of_municipality(current_user.municipality_ags))


@blueprint.route("/neu", methods=["GET", "POST"])
@requires("practices.write")
def new() -> ResponseReturnValue:
    """Begin a practice; the address may suggest a criterion."""
    if may("agency.practices"):
        return _placed()
    form = PracticeForm(criteria=request.args.getlist("kriterium"))
    form.offer(catalogue())
    if not form.validate_on_submit():
        return _form_page(form, None)
    practice = begin(form.content, current_user.municipality, current_user)
    return _stored(practice, form)


@blueprint.route("/<int(max=2147483647):id>/bearbeiten", methods=["GET", "POST"])
@requires("practices.write")
def edit(id: int) -> ResponseReturnValue:
    """Change the draft; of what is shown already a new version begins, and the shown one stays until it is read."""
    practice = own_or_404(id)
    form = PracticeForm()
    form.offer(catalogue())
    if not form.is_submitted():
        form.fill(practice.versions[-1])
    if not form.validate_on_submit():
        return _form_page(form, practice)
    try:
        change(practice, form.content)
    except PracticeRefused as refused:
        db.session.rollback()
        form.form_errors.append(str(refused))
        return _form_page(form, practice, HTTPStatus.CONFLICT)
    return _stored(practice, form)


@blueprint.post("/<int(max=2147483647):id>/zurueckziehen")
@requires("practices.write")
def take_practice_back(id: int) -> ResponseReturnValue:
    """Take back what the agency has not read yet."""
    practice = own_or_404(id)
    return _step(practice, take_back, _("Das Beispiel ist wieder ein Entwurf."), url_for(".edit", id=id))


@blueprint.route("/<int(max=2147483647):id>/verwerfen", methods=["GET", "POST"])
@requires("practices.write")
def discard_draft(id: int) -> ResponseReturnValue:
    """Ask once, then delete the draft."""
    practice = own_or_404(id)
    if request.method == "GET":
        return render_template("practices/discard.html", practice=practice)
    return _step(practice, discard, _("Der Entwurf ist gelöscht."), url_for(".own"))


@blueprint.post("/<int(max=2147483647):id>/dateien")
@requires("practices.write")
def add_file(id: int) -> ResponseReturnValue:
    """Add a file to the draft."""
    practice, form = own_or_404(id), FileForm()
    if not form.validate_on_submit():
        return _files_page(practice, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.rollback()  # To look into a file takes seconds, and nobody shall wait for the database meanwhile.
    try:
        kept = receive(form.file.data)
        attach(own_or_404(id), kept)
    except (FileRefused, PracticeRefused) as refused:
        db.session.rollback()
        form.refuse(str(refused))
        return _files_page(own_or_404(id), form, HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    flash(_("Die Datei ist gespeichert."), "success")
    return redirect(url_for(".edit", id=id, _anchor="dateien"))


@blueprint.post("/<int(max=2147483647):id>/dateien/<int(max=2147483647):file>/entfernen")
@requires("practices.write")
def remove_file(id: int, file: int) -> ResponseReturnValue:
    """Take a file away from the draft."""
    practice = own_or_404(id)
    done = _("Die Datei ist entfernt.")
    return _step(practice, lambda found: detach(found, file), done, url_for(".edit", id=id, _anchor="dateien"))


@blueprint.url_value_preprocessor
def _allow_large_body(endpoint: str | None, _values: object) -> None:
    """With a file, and only to those logged in, a body may be as large as one."""
    if endpoint == ATTACH and request.method == "POST" and current_user.is_authenticated:
        allow_large_body()


def _placed() -> ResponseReturnValue:
    form = PlacedForm()
    form.offer(catalogue())
    form.offer_places(db.session.scalars(select(Municipality).order_by(Municipality.name)))
    if not form.validate_on_submit():
        return _form_page(form, None)
    municipality = db.session.get(Municipality, form.municipality_ags.data or "")
    practice = begin(form.content, municipality, current_user, form.place.data or "")
    return _stored(practice, form)


def _stored(practice: Practice, form: PracticeForm) -> ResponseReturnValue:
    """Keep what was written in any case; then hand it in, if that was asked for and nothing is missing."""
    db.session.commit()
    if request.form.get("dann") == "abgeben" and practice.open:
        if lacking := missing(practice.open):
            form.form_errors.extend(lacking)
            flash(_("Ihr Entwurf ist gespeichert, aber noch nicht abgegeben."), "warning")
            return _form_page(form, practice)
        submit(practice)
        db.session.commit()
        flash(_("Danke! Die Agentur liest Ihr Beispiel und meldet sich bei Ihnen."), "success")
        return redirect(url_for(".own"))
    flash(_("Der Entwurf ist gespeichert."), "success")
    return redirect(url_for(".edit", id=practice.id))


def _step(practice: Practice, step, done: str, onward: str) -> ResponseReturnValue:  # type: ignore[no-untyped-def]
    try:
        step(practice)
    except PracticeRefused as refused:
        db.session.rollback()
        flash(str(refused), "danger")
        return redirect(url_for(".own"))
    db.session.commit()
    flash(done, "success")
    return redirect(onward)


def _form_page(form: PracticeForm, practice: Practice | None, status: int = 0) -> ResponseReturnValue:
    page = render_template("practices/edit.html", form=form, practice=practice, file_form=FileForm(formdata=None))
    return page, status or (HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK)


def _files_page(practice: Practice, file_form: FileForm, status: int) -> ResponseReturnValue:
    form = PracticeForm(formdata=None)
    form.offer(catalogue())
    form.fill(practice.versions[-1])
    return render_template("practices/edit.html", form=form, practice=practice, file_form=file_form), status

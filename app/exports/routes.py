"""The agency's pages of microdata: order an export, see what it holds, load a file, delete it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit import Subject, record
from app.database import begin_writing, db
from app.exports import writing
from app.exports.work import MICRODATA, start_export
from app.releases.jobs import latest_job
from app.rounds.lifecycle import round_by_key
from app.rounds.models import Round
from app.web.permission import fresh, requires

PERMISSION = "exports.microdata"

blueprint = Blueprint("exports", __name__, url_prefix="/agentur/runden/<key>/mikrodaten", template_folder="templates")


@blueprint.get("")
@requires(PERMISSION)
def microdata(key: str) -> ResponseReturnValue:
    """What there is, and the button that has it made anew."""
    round_ = _round_or_404(key)
    return render_template(
        "exports/microdata.html",
        round=round_,
        manifest=writing.manifest_of(round_),
        job=latest_job(MICRODATA, round_.key),
        manifest_name=writing.MANIFEST,
    )


@blueprint.post("")
@requires(PERMISSION)
@fresh
def order(key: str) -> ResponseReturnValue:
    """Have the files written in the background."""
    round_ = _round_or_404(key)
    record("microdata.ordered", Subject("microdata", round_.key))
    return redirect(url_for("agency.job", job_id=start_export(round_).id))


@blueprint.get("/<file>")
@requires(PERMISSION)
@fresh
def download(key: str, file: str) -> ResponseReturnValue:
    """One file of the export; who loaded which is recorded before the first byte leaves."""
    begin_writing()
    round_ = _round_or_404(key)
    manifest = writing.manifest_of(round_)
    names = {found.name for found in manifest.files} | {writing.MANIFEST} if manifest else set()
    if manifest is None or file not in names:
        abort(404, _("Eine solche Datei gibt es nicht. Vielleicht wurde die Ausgabe inzwischen gelöscht."))
    record("microdata.downloaded", Subject("microdata", round_.key), after={"file": file, "rows": manifest.rows})
    db.session.commit()
    return _private(send_from_directory(writing.folder_of(round_).resolve(), file, as_attachment=True))


@blueprint.post("/loeschen")
@requires(PERMISSION)
@fresh
def delete(key: str) -> ResponseReturnValue:
    """Remove the files; the round itself stays as it is."""
    round_ = _round_or_404(key)
    writing.delete(round_)
    record("microdata.deleted", Subject("microdata", round_.key))
    db.session.commit()
    flash(_("Die Dateien sind gelöscht. Sie lassen sich jederzeit neu erstellen."), "success")
    return redirect(url_for(".microdata", key=key))


def _round_or_404(key: str) -> Round:
    round_ = round_by_key(key)
    if round_ is None or round_.state == "draft":
        abort(404, _("Eine Erhebungsrunde mit diesem Kürzel gibt es nicht."))
    return round_


def _private(response: Response) -> Response:
    """For this reader only: no cache on the way keeps it."""
    response.cache_control.no_store = True
    return response

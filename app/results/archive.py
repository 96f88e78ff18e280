"""Every release that was ever public: the list, and the address of a round that leads to its release."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import PUBLIC
from app.releases.reading import public_history
from app.results.blueprint import blueprint
from app.results.finding import SHORT, Withdrawn
from app.web.permission import requires


@blueprint.get("/ergebnisse/archiv")
@requires(PUBLIC)
def archive() -> ResponseReturnValue:
    """All releases, the newest first, and what became of each."""
    return render_template("results/archive.html", records=public_history(), short=SHORT)


@blueprint.get("/ergebnisse/runde/<key>")
@requires(PUBLIC)
def of_round(key: str) -> ResponseReturnValue:
    """The way from a round to its release; ``Withdrawn`` if it has only some that are gone."""
    records = [record for record in public_history() if record.round.key == key]
    if not records:
        abort(404, _("Von einer Erhebungsrunde mit diesem Kürzel ist nichts veröffentlicht."))
    for record in records:
        if record.state == "published":
            return redirect(url_for("results.region", stand=record.sha256[:SHORT]))
    raise Withdrawn(records[0])

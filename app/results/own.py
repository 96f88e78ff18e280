"""A municipality's own results, after publication: also what too few answers allow nobody else to see."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import own_municipality_or_404
from app.releases import documents, reading, wanted
from app.releases.models import ReleaseRecord
from app.results import report
from app.web.language import current_language
from app.web.permission import requires
from reports.sheets import NotInRelease

OWN = "results.own"
ADDRESS = "/kommune/ergebnis"


@requires(OWN)
def page() -> ResponseReturnValue:
    """The report of the reader's own municipality, or what has to happen before there is one."""
    municipality = own_municipality_or_404()
    record = reading.published_record()
    if record is None or municipality.ags not in reading.release_of(record).own:
        return render_template("results/own_empty.html", municipality=municipality)
    return render_template(
        "results/own.html",
        municipality=municipality,
        record=record,
        release=reading.release_of(record),
        report=report.of_municipality(record, municipality.ags, current_language().tag, own=True),
    )


@requires(OWN)
def pdf() -> ResponseReturnValue:
    """The same as PDF."""
    record, ags = _own_or_404()
    try:
        content = wanted.municipal_pdf(record, ags, "own", current_language().tag)
    except NotInRelease:
        abort(404)
    return _private(content, "application/pdf", "willkommenskompass-bericht.pdf")


@requires(OWN)
def council(ending: str) -> ResponseReturnValue:
    """The page for the council, as PDF or as DOCX."""
    kind = {"pdf": "council", "docx": "council-word"}.get(ending) or abort(404)
    record, ags = _own_or_404()
    document = documents.Document(current_language().tag, ags, "own", kind)
    try:
        content = wanted.document(record, document)
    except NotInRelease:
        abort(404)
    return _private(content, document.sort.mimetype, f"willkommenskompass-rat.{ending}")


def register(blueprint: Blueprint) -> None:
    """Add the pages behind the log-in."""
    blueprint.add_url_rule(ADDRESS, "own", page)
    blueprint.add_url_rule(f"{ADDRESS}/bericht.pdf", "own_pdf", pdf)
    blueprint.add_url_rule(f"{ADDRESS}/rat.<ending>", "own_council", council)


def _own_or_404() -> tuple[ReleaseRecord, str]:
    municipality, record = own_municipality_or_404(), reading.published_record()
    return (record, municipality.ags) if record is not None else abort(404)


def _private(content: bytes, mimetype: str, filename: str) -> Response:
    """For this reader only: no cache on the way keeps it."""
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.cache_control.no_store = True
    return response

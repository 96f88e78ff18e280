"""The addresses of the API, version 1. A release is named by the first 12 characters of its SHA-256, or ``current``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, json, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import PUBLIC
from app.releases.describing import publication_of
from app.releases.models import ReleaseRecord
from app.releases.reading import public_history, release_of
from app.results.api import openapi, rows
from app.results.api.paging import Page, json_rows, link_header, paged, read_query
from app.results.finding import SHORT, Withdrawn, release_or_404
from app.results.keeping import answer
from app.web.errors import problem
from app.web.formats import long_date
from app.web.permission import requires
from scoring.release import Municipality, Release

JSON = "application/json"
CURRENT = "current"
MINUTE = 60
ROW_FILTERS = ("view", "kind", "key")

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.after_request
def _for_everybody(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.errorhandler(Withdrawn)
def _withdrawn(error: Withdrawn) -> Response:
    record = error.record
    day = long_date(record.withdrawn_at)
    sentence = _("Zurückgezogen am %(day)s: %(reason)s", day=day, reason=record.withdrawn_reason)
    return problem(410, sentence)


@blueprint.get("/")
@requires(PUBLIC)
def start() -> ResponseReturnValue:
    """Where to go from here."""
    read_query()
    links = {
        "openapi": url_for("api.description"),
        "releases": url_for("api.releases"),
        "current": url_for("api.release", release=CURRENT),
    }
    return _plain(_json({"name": "Willkommenskompass", "version": openapi.VERSION, "links": links}))


@blueprint.get("/openapi.json")
@requires(PUBLIC)
def description() -> ResponseReturnValue:
    """This API, described for programs (OpenAPI 3.1)."""
    read_query()
    return _plain(_json(openapi.document(current_app.config["KOMPASS"].address)))


@blueprint.get("/releases")
@requires(PUBLIC)
def releases() -> ResponseReturnValue:
    """Every release that is or was public, the newest first."""
    query = read_query()
    return _page(paged(json_rows((_listed(record) for record in public_history()), query), query))


@blueprint.get("/releases/<release>")
@requires(PUBLIC)
def release(release: str) -> ResponseReturnValue:
    """One release: its round, method, licence, and where its parts are."""
    record = _record(release)
    read_query()
    return answer(record, lambda: _json(_described(record, release)), JSON)


@blueprint.get("/releases/<release>/catalogue")
@requires(PUBLIC)
def catalogue(release: str) -> ResponseReturnValue:
    """The catalogue of criteria and questions, as it was frozen for the round."""
    record = _record(release)
    read_query()
    return answer(record, lambda: release_of(record).catalogue.to_json(), JSON)


@blueprint.get("/releases/<release>/region")
@requires(PUBLIC)
def region(release: str) -> ResponseReturnValue:
    """The region's rows, as in the CSV file."""
    record = _record(release)
    query = read_query(ROW_FILTERS)
    return _page_of(record, paged(rows.rows_of_region(record, query.filters), query))


@blueprint.get("/releases/<release>/observations")
@requires(PUBLIC)
def observations(release: str) -> ResponseReturnValue:
    """The rows of all municipalities that are shown by name, as in the CSV file."""
    record = _record(release)
    query = read_query(("ags", *ROW_FILTERS))
    return _page_of(record, paged(rows.rows_of_municipalities(record, query.filters), query))


@blueprint.get("/releases/<release>/municipalities")
@requires(PUBLIC)
def municipalities(release: str) -> ResponseReturnValue:
    """Every municipality of the region, shown by name or not."""
    record = _record(release)
    query = read_query(("district", "peer_group"))
    found = release_of(record)
    listed = json_rows((rows.municipality(found, m) for m in found.municipalities), query)
    return _page_of(record, paged(listed, query))


@blueprint.get("/releases/<release>/municipalities/<ags>")
@requires(PUBLIC)
def municipality(release: str, ags: str) -> ResponseReturnValue:
    """One municipality, with its rows if it is shown by name."""
    record = _record(release)
    read_query()
    place = _municipality_or_404(release_of(record), ags)
    return answer(record, lambda: _with_rows(record, place), JSON)


def _record(name: str) -> ReleaseRecord:
    return release_or_404("" if name == CURRENT else name)


def _municipality_or_404(release: Release, ags: str) -> Municipality:
    try:
        return release.municipality(ags)
    except KeyError:
        return abort(404, _("Eine Kommune mit diesem Schlüssel gibt es nicht."))


def _listed(record: ReleaseRecord) -> dict[str, Any]:
    shown = record.state == "published"
    return {
        "sha256": record.sha256,
        "round": record.round.key,
        "title": record.round.title,
        "state": record.state,
        "demonstration": record.round.demonstration,
        "published_at": record.published_at.isoformat() if record.published_at else None,
        "withdrawn_at": record.withdrawn_at.isoformat() if record.withdrawn_at else None,
        "withdrawn_reason": record.withdrawn_reason or None,
        "link": url_for("api.release", release=record.sha256[:SHORT]) if shown else None,
    }


def _described(record: ReleaseRecord, name: str) -> dict[str, Any]:
    publication = publication_of(record)
    found = publication.release
    parts = ("catalogue", "region", "municipalities", "observations")
    return {
        "sha256": record.sha256,
        "round": found.round.model_dump(),
        "region": found.region_name,
        "demonstration": found.demo,
        "published_at": publication.published,
        "method_version": found.method.version,
        "input_sha256": found.input_sha256,
        "licence": {"name": publication.licence.name, "url": publication.licence.path},
        "citation": publication.citation,
        "page": publication.address,
        "links": {part: url_for(f"api.{part}", release=name) for part in parts},
    }


def _with_rows(record: ReleaseRecord, place: Municipality) -> bytes:
    head = _json(rows.municipality(release_of(record), place)).encode()
    return head[:-1] + b',"rows":[' + b",".join(rows.rows_of_municipalities(record, {"ags": place.ags})) + b"]}"


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _page_of(record: ReleaseRecord, page: Page) -> Response:
    response = answer(record, page.json, JSON)
    response.headers["Link"] = link_header(page.links)
    return response


def _page(page: Page) -> Response:
    response = _plain(page.json())
    response.headers["Link"] = link_header(page.links)
    return response


def _plain(content: str | bytes) -> Response:
    """An answer that belongs to no release; 304 for whoever has it already."""
    response = make_response(content)
    response.mimetype = JSON
    response.cache_control.public = True
    response.cache_control.max_age = MINUTE
    response.add_etag()
    response.make_conditional(request)
    return response

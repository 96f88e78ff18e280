"""What search engines read: which pages are for them, and where all of these stand in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import PUBLIC
from app.releases import wanted
from app.releases.documents import PNG, Document
from app.releases.models import ReleaseRecord
from app.releases.reading import published_record, release_of
from app.results import places
from app.results.blueprint import blueprint
from app.results.finding import release_or_404
from app.results.keeping import answer
from app.web.language import OFFERED, current_language
from app.web.layout import operator
from app.web.permission import requires

MINUTES = 600
XML = "application/xml"
PAGES = ("results.home", "results.region")
ABOUT = ("web.method", "web.privacy", "web.imprint", "web.accessibility")
BESIDE = ("invitation.everybody", "public_practices.examples", "public_round_tables.over_the_years")
"""Pages of slices that stand further on: how a municipality takes part, what is tried, where they meet."""
WITH_RELEASE = ("results.compare", "results.criteria", "results.press", "results.archive")


@dataclass(frozen=True)
class Entry:
    """A page for search engines: its address per language, and when it last changed if that is known."""

    address: str
    languages: tuple[tuple[str, str], ...]
    changed: datetime | None


@blueprint.get("/robots.txt")
@requires(PUBLIC)
def robots() -> ResponseReturnValue:
    """Everything public may be read by machines; what is for one person alone is of no use to them."""
    return _kept(make_response(render_template("results/robots.txt", site=operator().address)), "text/plain")


@blueprint.get("/ergebnisse/vorschau.png")
@blueprint.get("/ergebnisse/stand/<stand>/vorschau.png")
@requires(PUBLIC)
def preview(stand: str = "") -> ResponseReturnValue:
    """The picture that a link to the results shows elsewhere."""
    record = release_or_404(stand)
    picture = Document(current_language().tag, kind="region-picture")
    return answer(record, lambda: wanted.document(record, picture), PNG)


@blueprint.get("/sitemap.xml")
@requires(PUBLIC)
def sitemap() -> ResponseReturnValue:
    """Every page of the current release and about the service, with its languages."""
    record = published_record()
    if record is None:
        return _kept(make_response(_sitemap(None)), XML)
    return answer(record, lambda: _sitemap(record), XML)


def _sitemap(record: ReleaseRecord | None) -> str:
    return render_template("results/sitemap.xml", entries=list(_entries(record)))


def _entries(record: ReleaseRecord | None) -> Iterator[Entry]:
    yield from (_entry(endpoint) for endpoint in (*ABOUT, *BESIDE))
    when = record.published_at if record else None
    yield from (_entry(endpoint, when) for endpoint in PAGES)
    if record is None:
        return
    release = release_of(record)
    yield from (_entry(endpoint, when) for endpoint in WITH_RELEASE)
    yield from (_entry("results.criterion", when, id=criterion.id) for criterion in release.catalogue.criteria)
    yield from (_entry("results.municipality", when, place=place.slug) for place in places.shown_places(release))


def _entry(endpoint: str, changed: datetime | None = None, **values: Any) -> Entry:
    site = operator().address
    languages = tuple((tag, site + url_for(endpoint, **values, lang=tag)) for tag in OFFERED)
    return Entry(site + url_for(endpoint, **values, lang=None), languages, changed)


def _kept(response: Response, mimetype: str) -> Response:
    response.mimetype = mimetype
    response.cache_control.public = True
    response.cache_control.max_age = MINUTES
    return response

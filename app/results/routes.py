"""Public results: home page, region, municipalities, downloads; each also under a release's own address."""

from __future__ import annotations

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import PUBLIC
from app.releases import open_data, reading, wanted
from app.releases.describing import publication_of
from app.releases.models import ReleaseRecord
from app.results import places, report, tiles
from app.results.blueprint import blueprint
from app.results.finding import Withdrawn, place_or_404, release_at, release_or_404, shown_or_404
from app.results.keeping import answer
from app.results.places import Place
from app.rounds.lifecycle import open_now
from app.web.language import current_language
from app.web.permission import requires

PDF, CSV, JSON = "application/pdf", "text/csv", "application/json"


@blueprint.errorhandler(Withdrawn)
def withdrawn(error: Withdrawn) -> ResponseReturnValue:
    """Says since when and why a release is gone, and where the results are now."""
    response = make_response(render_template("results/withdrawn.html", record=error.record), 410)
    response.cache_control.no_cache = True
    return response


@blueprint.get("/")
@requires(PUBLIC)
def home() -> ResponseReturnValue:
    """What this is, for whom, and where to go."""
    return render_template("results/home.html", round=open_now(), release=reading.published_record())


@blueprint.get("/ergebnisse", strict_slashes=False)
@blueprint.get("/ergebnisse/stand/<stand>")
@requires(PUBLIC)
def region(stand: str = "") -> ResponseReturnValue:
    """The profile of the region, and who shows their results by name."""
    record = release_at(stand)
    if record is None:
        return render_template("results/empty.html")
    return answer(record, lambda: _region_page(record, stand))


@blueprint.get("/ergebnisse/<place>")
@blueprint.get("/ergebnisse/stand/<stand>/<place>")
@requires(PUBLIC)
def municipality(place: str, stand: str = "") -> ResponseReturnValue:
    """One municipality that agreed; of others only that they belong to the round."""
    record = release_or_404(stand)
    found = place_or_404(record, place)
    return answer(record, lambda: _municipality_page(record, found, stand))


@blueprint.get("/ergebnisse/methode")
@requires(PUBLIC)
def method() -> ResponseReturnValue:
    """The address that reports print leads to the method page."""
    return redirect(url_for("web.method"))


@blueprint.get("/ergebnisse/bericht.pdf")
@blueprint.get("/ergebnisse/stand/<stand>/bericht.pdf")
@requires(PUBLIC)
def region_pdf(stand: str = "") -> ResponseReturnValue:
    """The report of the region as PDF."""
    record = release_or_404(stand)
    response = answer(record, lambda: wanted.regional_pdf(record, current_language().tag), PDF)
    return _named(response, f"{report.REGION}.pdf")


@blueprint.get("/ergebnisse/kreise/<ags>.pdf")
@blueprint.get("/ergebnisse/stand/<stand>/kreise/<ags>.pdf")
@requires(PUBLIC)
def district_pdf(ags: str, stand: str = "") -> ResponseReturnValue:
    """The report of a district as PDF."""
    record = release_or_404(stand)
    if ags not in {district.ags for district in reading.release_of(record).districts}:
        abort(404)
    response = answer(record, lambda: wanted.district_pdf(record, ags, current_language().tag), PDF)
    return _named(response, f"kreis-{ags}.pdf")


@blueprint.get("/ergebnisse/<place>/bericht.pdf")
@blueprint.get("/ergebnisse/stand/<stand>/<place>/bericht.pdf")
@requires(PUBLIC)
def municipality_pdf(place: str, stand: str = "") -> ResponseReturnValue:
    """The public report of one municipality as PDF."""
    record = release_or_404(stand)
    ags = shown_or_404(record, place).municipality.ags
    response = answer(record, lambda: wanted.municipal_pdf(record, ags, "public", current_language().tag), PDF)
    return _named(response, f"{place}.pdf")


@blueprint.get("/ergebnisse/daten.csv")
@blueprint.get("/ergebnisse/stand/<stand>/daten.csv")
@requires(PUBLIC)
def data_csv(stand: str = "") -> ResponseReturnValue:
    """The region as a table."""
    record = release_or_404(stand)
    return _named(answer(record, lambda: wanted.data(record, "daten.csv"), CSV), "region.csv")


@blueprint.get("/ergebnisse/kommunen.csv")
@blueprint.get("/ergebnisse/stand/<stand>/kommunen.csv")
@requires(PUBLIC)
def municipalities_csv(stand: str = "") -> ResponseReturnValue:
    """All municipalities that agreed, as one table."""
    record = release_or_404(stand)
    return _named(answer(record, lambda: wanted.data(record, "kommunen.csv"), CSV), "kommunen.csv")


@blueprint.get("/ergebnisse/<place>/daten.csv")
@blueprint.get("/ergebnisse/stand/<stand>/<place>/daten.csv")
@requires(PUBLIC)
def municipality_csv(place: str, stand: str = "") -> ResponseReturnValue:
    """What is public of one municipality as a table."""
    record = release_or_404(stand)
    ags = shown_or_404(record, place).municipality.ags
    response = answer(record, lambda: wanted.data(record, open_data.of_municipality(ags)), CSV)
    return _named(response, f"{place}.csv")


@blueprint.get("/ergebnisse/codebuch.csv")
@blueprint.get("/ergebnisse/stand/<stand>/codebuch.csv")
@requires(PUBLIC)
def codebook(stand: str = "") -> ResponseReturnValue:
    """What every column and every code of the tables means."""
    record = release_or_404(stand)
    return _named(answer(record, lambda: wanted.data(record, "codebuch.csv"), CSV), "codebuch.csv")


@blueprint.get("/ergebnisse/daten.json")
@blueprint.get("/ergebnisse/stand/<stand>/daten.json")
@requires(PUBLIC)
def data_json(stand: str = "") -> ResponseReturnValue:
    """The public part of the release document, canonical."""
    record = release_or_404(stand)
    return _named(answer(record, lambda: wanted.data(record, "daten.json"), JSON), "daten.json")


def _region_page(record: ReleaseRecord, stand: str) -> str:
    release = reading.release_of(record)
    return render_template(
        "results/region.html",
        record=record,
        release=release,
        stand=stand,
        report=report.regional(record, current_language().tag),
        districts=places.by_district(release),
        tiles=tiles.map_of(release),
        licence=publication_of(record).licence,
    )


def _municipality_page(record: ReleaseRecord, place: Place, stand: str) -> str:
    page = {"record": record, "release": reading.release_of(record), "place": place, "stand": stand}
    if not place.shown:
        return render_template("results/not_shown.html", **page)
    written = report.of_municipality(record, place.municipality.ags, current_language().tag, own=False)
    return render_template("results/municipality.html", report=written, **page)


def _named(response: Response, filename: str) -> Response:
    """Let a browser save the file under a name that says what it is."""
    response.headers["Content-Disposition"] = f'inline; filename="willkommenskompass-{filename}"'
    return response

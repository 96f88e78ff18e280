"""Up to four municipalities side by side: the numbers of their own pages, in no order but the alphabet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import PUBLIC
from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from app.results import places
from app.results.blueprint import blueprint
from app.results.finding import release_or_404
from app.results.keeping import answer
from app.results.places import Place
from app.web.language import current_language
from app.web.permission import requires
from scoring.release import OutsideScore, RegionIndicator, Release, SelfScore

MOST = 4
FIELD = "kommune"


@dataclass(frozen=True)
class Choice:
    """What was asked to be compared: those that can be, and a sentence for each thing that cannot."""

    places: tuple[Place, ...]
    complaints: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One row of a comparison: what it is about, what the region has, and what each municipality has."""

    title: str
    region: RegionIndicator | float | None
    cells: tuple[OutsideScore | SelfScore | None, ...]


@dataclass(frozen=True)
class Comparison:
    """Newcomers' view by item, self-view by dimension and by criterion."""

    newcomers: tuple[Line, ...]
    dimensions: tuple[Line, ...]
    criteria: tuple[Line, ...]


@blueprint.get("/ergebnisse/vergleich")
@blueprint.get("/ergebnisse/stand/<stand>/vergleich")
@requires(PUBLIC)
def compare(stand: str = "") -> ResponseReturnValue:
    """The form, and below it the comparison once two are chosen."""
    record = release_or_404(stand)
    return answer(record, lambda: _page(record, stand))


def choose(release: Release, asked: Sequence[str]) -> Choice:
    """Of the addresses asked for, those of municipalities that are shown by name, each once, by name; at most four."""
    wanted = list(dict.fromkeys(address for address in asked if address))
    found = [place for address in wanted if (place := places.place_of(release, address)) and place.shown]
    complaints = []
    if len(found) < len(wanted):
        complaints.append(
            _(
                "Mindestens eine der gewählten Kommunen gibt es hier nicht oder sie zeigt ihre Ergebnisse nicht "
                "namentlich. Bitte wählen Sie eine aus der Liste."
            )
        )
    if len(found) > MOST:
        complaints.append(
            _("Vergleichen lassen sich höchstens %(most)s Kommunen. Gezeigt sind die ersten %(most)s.", most=MOST)
        )
    if wanted and len(found) == 1:
        complaints.append(_("Bitte wählen Sie mindestens zwei verschiedene Kommunen."))
    return Choice(tuple(sorted(found[:MOST], key=lambda place: place.slug)), tuple(complaints))


def compared(release: Release, chosen: Sequence[Place], language: str) -> Comparison:
    """The rows of a comparison; texts of the catalogue in ``language``."""
    catalogue = release.catalogue
    sheets = [release.public[place.municipality.ags] for place in chosen]
    outside = [{score.indicator: score for score in sheet.outside_view} for sheet in sheets]
    nodes = [{score.node: score for score in sheet.self_view} for sheet in sheets]
    regional = {node.node: node.spread.median if node.spread else None for node in release.region.self_view}

    def of_node(node: str, title: str) -> Line:
        return Line(title, regional.get(node), tuple(scores.get(node) for scores in nodes))

    def of_indicator(score: RegionIndicator) -> Line:
        title = catalogue.item(score.indicator).text[language] if score.kind == "item" else _("Alle Fragen zusammen")
        return Line(title, score, tuple(scores.get(score.indicator) for scores in outside))

    return Comparison(
        tuple(of_indicator(score) for score in release.region.outside_view if score.kind in ("overall", "item")),
        tuple(of_node(d.id, f"{d.id} {d.title[language]}") for d in catalogue.dimensions),
        tuple(of_node(c.id, f"{c.id} {c.title[language]}") for c in catalogue.criteria),
    )


def _page(record: ReleaseRecord, stand: str) -> str:
    release, language = release_of(record), current_language().tag
    choice = choose(release, request.args.getlist(FIELD))
    comparison = compared(release, choice.places, language) if len(choice.places) > 1 else None
    return render_template(
        "results/compare.html",
        record=record,
        release=release,
        stand=stand,
        choice=choice,
        comparison=comparison,
        districts=places.by_district(release),
        asked=[address for address in request.args.getlist(FIELD) if address],
        most=MOST,
        field=FIELD,
        levels=[level.name[language] for level in release.catalogue.levels],
    )

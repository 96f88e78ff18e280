"""Criterion by criterion: where the region stands, what newcomers say, and who does it well, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template
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
from questionnaires.catalogue import Criterion
from reports.documents.content import Order
from reports.documents.criteria import backing_text
from reports.wording import Wording
from scoring.release import RegionIndicator, RegionNode, Release, SelfScore


@dataclass(frozen=True)
class Example:
    """A municipality that may be named for a criterion: the level that counts there, and what stands behind it."""

    place: Place
    level: int
    backing: str


@blueprint.get("/ergebnisse/kriterien")
@blueprint.get("/ergebnisse/stand/<stand>/kriterien")
@requires(PUBLIC)
def criteria(stand: str = "") -> ResponseReturnValue:
    """All criteria, by dimension, each with the number of its good examples."""
    record = release_or_404(stand)
    return answer(record, lambda: _list(record, stand))


@blueprint.get("/ergebnisse/kriterien/<id>")
@blueprint.get("/ergebnisse/stand/<stand>/kriterien/<id>")
@requires(PUBLIC)
def criterion(id: str, stand: str = "") -> ResponseReturnValue:
    """One criterion: its levels, the region, the newcomers, the good examples."""
    record = release_or_404(stand)
    found = _criterion_or_404(release_of(record), id)
    return answer(record, lambda: _page(record, found, stand))


def examples_of(release: Release, criterion: str) -> tuple[Example, ...]:
    """The good examples of a criterion by name: those that the release says may be named for it."""
    order = Order(release, "", Wording(current_language().tag))
    return tuple(
        Example(place, score.level, backing_text(order, score.backing) if score.backing else "")
        for place in places.shown_places(release)
        if criterion in place.municipality.good_examples
        and (score := _score(release, place, criterion)) is not None
        and score.level is not None
    )


def _score(release: Release, place: Place, criterion: str) -> SelfScore | None:
    sheet = release.public[place.municipality.ags]
    return next((score for score in sheet.self_view if score.node == criterion), None)


def _criterion_or_404(release: Release, id: str) -> Criterion:
    try:
        return release.catalogue.criterion(id)
    except KeyError:
        return abort(404, _("Ein Kriterium mit dieser Kennung gibt es nicht."))


def _list(record: ReleaseRecord, stand: str) -> str:
    release = release_of(record)
    counts = Counter(c for place in places.shown_places(release) for c in place.municipality.good_examples)
    return render_template("results/criteria.html", counts=counts, **_frame(record, release, stand))


def _page(record: ReleaseRecord, criterion: Criterion, stand: str) -> str:
    release = release_of(record)
    return render_template(
        "results/criterion.html",
        criterion=criterion,
        dimension=release.catalogue.dimension(criterion.dimension),
        node=_node(release, criterion),
        asked=list(_asked(release, criterion)),
        examples=examples_of(release, criterion.id),
        **_frame(record, release, stand),
    )


def _frame(record: ReleaseRecord, release: Release, stand: str) -> dict[str, Any]:
    return {"record": record, "release": release, "stand": stand, "tongue": current_language().tag}


def _node(release: Release, criterion: Criterion) -> RegionNode | None:
    return next((node for node in release.region.self_view if node.node == criterion.id), None)


def _asked(release: Release, criterion: Criterion) -> Iterator[tuple[str, RegionIndicator]]:
    """What newcomers are asked about a criterion directly, with the region's answer."""
    regional = {score.indicator: score for score in release.region.outside_view if score.kind == "item"}
    for item in release.catalogue.items:
        if item.criterion == criterion.id and item.id in regional:
            yield item.text[current_language().tag], regional[item.id]

"""The facts of each municipality's draft paper, read once for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from sqlalchemy import select

from app.commitment.curve import published
from app.commitment.standing import Standing, standings
from app.database import db, today
from app.releases.reading import published_release
from app.rounds.models import Round
from app.web.layout import REGION, demonstration, operator
from questionnaires.loading import builtin
from reports.documents.draft_paper import Facts, values
from reports.documents.draft_paper.fields import Published, Survey
from reports.documents.printed.invitation import LOCALES
from reports.figures.joined import Count

AGENCY = f"{REGION} Agentur"
PRESENTED = ("presented", "interested", "draft", "declined")


@dataclass(frozen=True)
class Place:
    """A municipality, where it stands, and the facts of its paper."""

    standing: Standing
    facts: Facts

    @property
    def words(self) -> dict[str, str]:
        """The text of every field of a template."""
        return values(self.facts)


def places() -> list[Place]:
    """Every municipality by name, in a fixed number of statements."""
    found = sorted(standings(today()), key=lambda one: one.municipality.name)
    shared = _shared(found)
    near = Counter(one.municipality.district_ags for one in found)
    decided = Counter(one.municipality.district_ags for one in found if one.state == "decided")
    return [Place(one, _facts(one, shared, near, decided)) for one in found]


def _facts(one: Standing, shared: dict[str, Any], near: Counter[str], decided: Counter[str]) -> Facts:
    place = one.municipality
    return Facts(
        name=place.name,
        kind=place.kind,
        district=place.district.name,
        population=place.population,
        decided_near=decided[place.district_ags],
        near=near[place.district_ags],
        presented_on=one.since if one.state in PRESENTED else None,
        decided_on=one.resolution.decided_on if one.resolution else None,
        **shared,
    )


def _shared(found: Sequence[Standing]) -> dict[str, Any]:
    """What is the same in all papers."""
    catalogue, reported = builtin(), published("de")[-1]
    return {
        "region": REGION,
        "agency": operator().operator_name or AGENCY,
        "site": operator().address,
        "day": today(),
        "criteria": len(catalogue.criteria),
        "core": sum(criterion.core for criterion in catalogue.criteria),
        "decided": sum(one.state == "decided" for one in found),
        "municipalities": len(found),
        "reported": reported.municipalities,
        "reported_in": reported.shown,
        "survey": _survey(),
        "published": _published(),
        "demo": demonstration(),
    }


def _survey() -> Survey | None:
    """The round under way, or the one that is planned next."""
    coming = select(Round).where(Round.state.in_(("draft", "open")), Round.closes >= today())
    round_ = db.session.scalar(coming.order_by(Round.opens, Round.key).limit(1))
    return Survey(round_.title, round_.opens, round_.closes) if round_ else None


def _published() -> Published | None:
    found = published_release()
    if found is None:
        return None
    release = found[1]
    region = release.region
    return Published(release.round.title, region.handed_in, region.responses, region.with_results)


def counts(language: str) -> list[Count]:
    """How many municipalities took part over the years, as published, and today's resolutions if there are any."""
    told = list(published(language))
    decided = sum(one.state == "decided" for one in standings(today()))
    if decided:
        written = format_date(today(), "long", locale=LOCALES[language])
        source = {"de": "eingetragene Beschlüsse", "en": "resolutions on record"}[language]
        told.append(Count(today(), written, decided, source))
    return told

"""The municipalities of a release under their readable addresses, and by district."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from app.region.loading import slug
from scoring.release import Municipality, Release


@dataclass(frozen=True)
class Place:
    """A municipality of a release with its address part; ``shown`` if its results are public by name."""

    municipality: Municipality
    slug: str
    shown: bool


@dataclass(frozen=True)
class DistrictPlaces:
    """A district's name and key, its municipalities with public results, and how many it has in all."""

    name: str
    shown: tuple[Place, ...]
    all: int
    ags: str


@lru_cache(maxsize=8)
def _by_slug(municipalities: tuple[Municipality, ...]) -> dict[str, Municipality]:
    # The same rule as for the region: where two names give one address, the key is added.
    names = Counter(slug(m.name) for m in municipalities)
    return {slug(m.name) if names[slug(m.name)] == 1 else f"{slug(m.name)}-{m.ags}": m for m in municipalities}


def place_of(release: Release, address: str) -> Place | None:
    """The municipality at an address; ``None`` if the release has none there."""
    municipality = _by_slug(release.municipalities).get(address)
    return None if municipality is None else Place(municipality, address, municipality.ags in release.public)


def place_with_key(release: Release, ags: str) -> Place:
    """The municipality of that key; ``KeyError`` if the release has none."""
    for address, municipality in _by_slug(release.municipalities).items():
        if municipality.ags == ags:
            return Place(municipality, address, ags in release.public)
    raise KeyError(ags)


def shown_places(release: Release) -> list[Place]:
    """Those that agreed to be shown, by name."""
    found = _by_slug(release.municipalities).items()
    return sorted(
        (Place(m, address, True) for address, m in found if m.ags in release.public), key=lambda place: place.slug
    )


def by_district(release: Release) -> list[DistrictPlaces]:
    """Every district with those of its municipalities that agreed, by name."""
    found = []
    for district in release.districts:
        members = [
            Place(m, address, m.ags in release.public)
            for address, m in _by_slug(release.municipalities).items()
            if m.district == district.ags
        ]
        shown = sorted((place for place in members if place.shown), key=lambda place: place.slug)
        found.append(DistrictPlaces(district.name, tuple(shown), len(members), district.ags))
    return found

"""The region as a map of equal tiles in a page: every municipality near its place, a link where it shows its results.

The tiles lie as in the printed map (reports/figures/tile_map.py). Here they are text and links, so that they can be
followed, read aloud and made larger; on a narrow screen each shows a short name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from app.results import places
from app.results.places import Place
from reports.figures import tile_map
from scoring.release import District, Municipality, Release

MOST = 200
"""With more municipalities the tiles would be too small to read; the list by district has them all."""
SHORT = 3
SIDES = {"north": (0, -1), "east": (1, 0), "south": (0, 1), "west": (-1, 0)}


@dataclass(frozen=True)
class Tile:
    """One municipality: its state as on the printed map, the number of its district, a short name for narrow screens.

    ``borders`` are the sides on which another district or none lies.
    """

    place: Place
    state: str
    district: int
    short: str
    borders: tuple[str, ...]


@dataclass(frozen=True)
class TileMap:
    """Rows of tiles from the north, gaps are ``None``; the districts in the order of their numbers."""

    rows: tuple[tuple[Tile | None, ...], ...]
    districts: tuple[District, ...]


def map_of(release: Release) -> TileMap | None:
    """The map; ``None`` where there are no municipalities or too many."""
    if not 0 < len(release.municipalities) <= MOST:
        return None
    laid = tile_map.tiles(release.municipalities)
    of_place = {laid[m.ags]: m for m in release.municipalities}
    columns, rows = (max(place[axis] for place in of_place) + 1 for axis in (0, 1))
    tiles = {place: _tile(release, of_place, place) for place in of_place}
    grid = tuple(tuple(tiles.get((column, row)) for column in range(columns)) for row in range(rows))
    return TileMap(grid, release.districts)


def _tile(release: Release, of_place: dict[tile_map.Place, Municipality], place: tile_map.Place) -> Tile:
    municipality = of_place[place]
    numbers = {district.ags: number for number, district in enumerate(release.districts, start=1)}
    borders = tuple(side for side in SIDES if _differs(of_place, place, side))
    return Tile(
        place=places.place_with_key(release, municipality.ags),
        state=tile_map.state(release, municipality),
        district=numbers.get(municipality.district, 0),
        short=short_names(tuple(sorted(m.name for m in release.municipalities)))[municipality.name],
        borders=borders,
    )


def _differs(of_place: dict[tile_map.Place, Municipality], place: tile_map.Place, side: str) -> bool:
    across, down = SIDES[side]
    other = of_place.get((place[0] + across, place[1] + down))
    return other is None or other.district != of_place[place].district


@lru_cache(maxsize=8)
def short_names(names: Sequence[str]) -> dict[str, str]:
    """A short name of three letters for each name, no two alike as long as their letters allow it."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        choice = next((short for short in _candidates(name) if short not in taken), name[:SHORT])
        found[name] = choice
        taken.add(choice)
    return found


def _candidates(name: str) -> Iterator[str]:
    """The first letter with two later ones in their order; of several words first the initials; no brackets."""
    words = re.findall(r"\w+", name.split("(")[0]) or re.findall(r"\w+", name) or [name]
    letters = "".join(words)
    if len(words) > 1:
        yield (words[0][0] + words[1])[:SHORT]
    for pair in combinations(letters[1:], SHORT - 1):
        yield letters[0] + "".join(pair).lower()
    yield letters[:SHORT]

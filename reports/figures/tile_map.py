"""The region as equal tiles, each as near to its place as can be: who takes part, and who shows results.

Area says nothing about people, so every municipality gets the same tile. Tiles are dealt by
``scipy.optimize.linear_sum_assignment`` so that the squared ways from the centres add up to the least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, cos, radians, sqrt
from typing import Protocol

import numpy as np
import scipy
from numpy.typing import NDArray

from reports.figures.drawing import (
    BLUE,
    BLUE_LIGHT,
    GREY,
    INK,
    LINE,
    PALE,
    WHITE,
    WIDTH,
    Canvas,
    Figure,
    Table,
    text_width,
    wrapped,
)
from reports.figures.field import shortened
from reports.figures.rows import SMALL, Key, Scale, legend_places, paint_key
from reports.wording import Wording
from scoring.release import Municipality, Release

TINY = 5.8
LARGEST_ASSIGNMENT = 500
NARROWEST_LABEL = 26.0
Place = tuple[int, int]


class Located(Protocol):
    """A municipality as a map needs it."""

    @property
    def ags(self) -> str: ...  # noqa: D102
    @property
    def district(self) -> str: ...  # noqa: D102
    @property
    def latitude(self) -> float | None: ...  # noqa: D102
    @property
    def longitude(self) -> float | None: ...  # noqa: D102


# fill, edge, hatch: shown by name, takes part, not invited
STATES = {"shown": (BLUE_LIGHT, BLUE, None), "part": (WHITE, BLUE_LIGHT, "////"), "away": (PALE, GREY, None)}


def draw(release: Release, language: str = "de") -> Figure:
    """The municipalities of the release; each district has a number, a border and a line in the legend."""
    wording = Wording(language)
    svg = plan(release, wording).svg(wording("tile_map.title", region=release.region_name))
    return Figure(svg, _alternative(release, wording), _table(release, wording))


def state(release: Release, municipality: Municipality) -> str:
    """``shown`` by name, takes ``part``, or ``away``."""
    if municipality.ags in release.public:
        return "shown"
    return "part" if municipality.participates else "away"


def tiles(municipalities: Sequence[Located]) -> dict[str, Place]:
    """Column and row (from the north-west) of every municipality; those without a centre fill what is left."""
    if not municipalities:
        return {}
    columns, rows = _grid(len(municipalities))
    places = [(column, row) for row in range(rows) for column in range(columns)]
    centres = _centres(municipalities, columns, rows)
    if len(municipalities) > LARGEST_ASSIGNMENT:
        order = np.lexsort((centres[:, 0], np.floor(centres[:, 1])))
        return {municipalities[m].ags: places[number] for number, m in enumerate(order)}
    cost = ((centres[:, None, :] - np.array(places, dtype=float)[None]) ** 2).sum(axis=-1)
    chosen = scipy.optimize.linear_sum_assignment(cost)[1]
    return {m.ags: places[int(tile)] for m, tile in zip(municipalities, chosen, strict=True)}


def _grid(count: int) -> tuple[int, int]:
    """Columns and rows with about a quarter of the tiles left empty, so that the outline can be seen."""
    columns = max(1, ceil(sqrt(count * 1.3 * 1.15)))
    return columns, max(1, ceil(count * 1.3 / columns))


def _centres(municipalities: Sequence[Located], columns: int, rows: int) -> NDArray[np.float64]:
    """Centres (municipalities, 2) in tiles, stretched to the grid; places unknown stand in the middle."""
    known = [(m.longitude, m.latitude) for m in municipalities if m.longitude is not None and m.latitude is not None]
    latitude = sum(at for _, at in known) / len(known) if known else 0.0
    middle = (sum(at for at, _ in known) / len(known) if known else 0.0, latitude)
    raw = np.array(
        [(m.longitude, m.latitude) if m.latitude is not None else middle for m in municipalities], dtype=float
    )
    raw[:, 0] *= cos(radians(latitude))
    raw[:, 1] *= -1
    low, span = raw.min(axis=0), np.ptp(raw, axis=0)
    return np.asarray((raw - low) / np.where(span > 0, span, 1.0) * np.array([columns - 1, rows - 1]))


def plan(release: Release, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    placed = tiles(release.municipalities)
    columns = max((column for column, _ in placed.values()), default=0) + 1
    rows = max((row for _, row in placed.values()), default=0) + 1
    width = min(WIDTH / columns, 62.0)
    height = min(width * 0.82, 46.0)
    keys = [Key(wording(f"tile_map.{name}"), _Swatch(name)) for name in STATES]
    numbers = {district.ags: number for number, district in enumerate(release.districts, start=1)}
    legend = legend_places(keys)
    names = _district_lines(release, numbers)
    top = legend[-1][2] + 14 + len(names) * LINE
    canvas = Canvas(top + rows * height + 4)
    for key, x, y in legend:
        paint_key(canvas, key, x, y)
    for number, line in enumerate(names):
        canvas.text(0, legend[-1][2] + 16 + number * LINE, line, size=SMALL, weight=600, color=INK)
    left = (WIDTH - columns * width) / 2
    of_place = {placed[m.ags]: m for m in release.municipalities}
    for place, municipality in of_place.items():
        corner = (left + place[0] * width, top + place[1] * height)
        _paint(canvas, release, municipality, corner, (width, height), numbers.get(municipality.district))
    for place, municipality in of_place.items():
        border(canvas, of_place, place, municipality, (left, top), (width, height))
    return canvas


def _district_lines(release: Release, numbers: dict[str, int]) -> list[str]:
    names = " · ".join(f"{numbers[d.ags]}\u00a0{d.name}" for d in release.districts)
    return wrapped(names, WIDTH, SMALL, 600)[:6]


def _paint(
    canvas: Canvas,
    release: Release,
    municipality: Municipality,
    corner: tuple[float, float],
    size: tuple[float, float],
    district: int | None,
) -> None:
    (left, top), (width, height) = corner, size
    fill, edge, hatch = STATES[state(release, municipality)]
    gap = min(0.8, width / 10)
    canvas.box(left + gap, top + gap, left + width - gap, top + height - gap, fill=fill, edge=edge, hatch=hatch)
    if width < NARROWEST_LABEL or height < 22:
        return
    lines = name_lines(municipality.name, width - 5, int((height - 10) // 6.6))
    if hatch:
        wide = max(text_width(line, TINY) for line in lines)
        middle = left + width / 2
        canvas.box(middle - wide / 2 - 1, top + 9.2, middle + wide / 2 + 1, top + 10.6 + len(lines) * 6.6, fill=WHITE)
        canvas.box(left + 1.5, top + 1.5, left + 9, top + 8.6, fill=WHITE)
    if district is not None:
        canvas.text(left + 2.5, top + 7.4, str(district)[:2], size=TINY, weight=600, color=INK)
    for number, line in enumerate(lines):
        canvas.text(left + width / 2, top + 14.6 + number * 6.6, line, size=TINY, color=INK, align="center")


def name_lines(name: str, width: float, most: int) -> list[str]:
    """A name in so many lines at most, cut short where it has to be."""
    lines = wrapped(name, width, TINY)
    kept = lines[: max(most, 1)]
    if len(lines) > len(kept):
        kept[-1] = shortened(kept[-1] + "…", width, TINY)
    return kept


def border(
    canvas: Canvas,
    of_place: Mapping[Place, Located],
    place: Place,
    municipality: Located,
    origin: tuple[float, float],
    size: tuple[float, float],
) -> None:
    """A dark line wherever the neighbouring tile belongs to another district or to none."""
    left, top = origin[0] + place[0] * size[0], origin[1] + place[1] * size[1]
    right, bottom = left + size[0], top + size[1]
    sides = {
        (-1, 0): ((left, top), (left, bottom)),
        (1, 0): ((right, top), (right, bottom)),
        (0, -1): ((left, top), (right, top)),
        (0, 1): ((left, bottom), (right, bottom)),
    }
    for (across, down), (start, end) in sides.items():
        other = of_place.get((place[0] + across, place[1] + down))
        if other is None or other.district != municipality.district:
            canvas.line(start, end, color=INK, width=min(1.8, size[0] / 16))


class _Swatch:
    """Paints a sample of one state."""

    def __init__(self, name: str) -> None:
        self.style = STATES[name]

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        fill, edge, hatch = self.style
        canvas.box(scale.left, y - 4.5, scale.right, y + 4.5, fill=fill, edge=edge, hatch=hatch)


def _table(release: Release, wording: Wording) -> Table:
    names = {district.ags: district.name for district in release.districts}
    header = tuple(wording(f"tile_map.header.{key}") for key in ("municipality", "district", "state"))
    rows = tuple(
        (m.name, names.get(m.district, m.district), wording(f"tile_map.{state(release, m)}"))
        for m in sorted(release.municipalities, key=lambda m: (m.name, m.ags))
    )
    return Table(wording("tile_map.caption", region=release.region_name), header, rows)


def _alternative(release: Release, wording: Wording) -> str:
    if not release.municipalities:
        return wording("tile_map.alternative_empty")
    found = [state(release, municipality) for municipality in release.municipalities]
    return wording(
        "tile_map.alternative",
        region=release.region_name,
        all=wording.counted("municipalities", len(found)),
        districts=wording.number(len(release.districts)),
        part=wording.number(len(found) - found.count("away")),
        shown=wording.number(found.count("shown")),
    )

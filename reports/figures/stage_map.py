"""The region as equal tiles, each with the step it has reached: its number, and the darker the further."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reports.figures.drawing import GREY, INK, LINE, WHITE, WIDTH, Canvas, Figure, Table, wrapped
from reports.figures.rows import SMALL, Key, Scale, legend_places, paint_key
from reports.figures.tile_map import TINY, border, name_lines, tiles
from reports.wording import Wording

SHADES = ("#ffffff", "#eef2fb", "#d8e1f4", "#bccdee", "#97afe1", "#6f8fd4", "#4a6cc2", "#2f53b0", "#1c3a8c")
"""From the first step to the last; from ``DARK`` on, type on them is white."""
DARK = 6
SMALLEST = 9.0
"""Tiles smaller than that have no room for a number; their shade is left, and the table."""


@dataclass(frozen=True)
class Tile:
    """One municipality; ``step`` is the number of the step it has reached, from 0."""

    ags: str
    name: str
    district: str
    latitude: float
    longitude: float
    step: int


@lru_cache(maxsize=8)
def draw(
    places: tuple[Tile, ...], steps: tuple[str, ...], districts: tuple[tuple[str, str], ...], language: str = "de"
) -> Figure:
    """The municipalities with their steps; ``districts`` are keys with names. Nine steps at most."""
    wording = Wording(language)
    svg = plan(places, steps, districts).svg(wording("stage_map.title"))
    return Figure(svg, _alternative(places, steps, wording), _table(places, steps, districts, wording))


def plan(places: Sequence[Tile], steps: Sequence[str], districts: Sequence[tuple[str, str]]) -> Canvas:
    """The drawing before it becomes SVG."""
    placed = _placed(tuple((p.ags, p.district, p.latitude, p.longitude) for p in places))
    columns = max((column for column, _ in placed.values()), default=0) + 1
    rows = max((row for _, row in placed.values()), default=0) + 1
    size = (min(WIDTH / columns, 62.0), min(WIDTH / columns * 0.82, 46.0))
    legend = legend_places([Key(f"{number} {name}", _Swatch(number)) for number, name in enumerate(steps)])
    names = wrapped(" · ".join(name for _ags, name in districts), WIDTH, SMALL, 600)[:6]
    top = legend[-1][2] + 14 + len(names) * LINE if legend else 0.0
    canvas = Canvas(top + rows * size[1] + 4)
    for key, x, y in legend:
        paint_key(canvas, key, x, y)
    origin = ((WIDTH - columns * size[0]) / 2, top)
    of_place = {placed[place.ags]: place for place in places}
    for (column, row), place in of_place.items():
        _paint(canvas, place, (origin[0] + column * size[0], origin[1] + row * size[1]), size)
    for spot, place in of_place.items():
        border(canvas, of_place, spot, place, origin, size)
    return canvas


@dataclass(frozen=True)
class _Spot:
    ags: str
    district: str
    latitude: float
    longitude: float


@lru_cache(maxsize=4)
def _placed(spots: tuple[tuple[str, str, float, float], ...]) -> dict[str, tuple[int, int]]:
    return tiles([_Spot(*spot) for spot in spots])


def _paint(canvas: Canvas, place: Tile, corner: tuple[float, float], size: tuple[float, float]) -> None:
    (left, top), (width, height) = corner, size
    ink = WHITE if place.step >= DARK else INK
    canvas.box(left + 0.8, top + 0.8, left + width - 0.8, top + height - 0.8, fill=SHADES[place.step], edge=GREY)
    if min(width, height) < SMALLEST:
        return
    canvas.text(left + 2.5, top + 7.4, str(place.step), size=TINY, weight=600, color=ink)
    for number, line in enumerate(name_lines(place.name, width - 5, int((height - 10) // 6.6))):
        canvas.text(left + width / 2, top + 14.6 + number * 6.6, line, size=TINY, color=ink, align="center")


class _Swatch:
    """Paints a sample of one step."""

    def __init__(self, step: int) -> None:
        self._step = step

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.box(scale.left, y - 4.5, scale.right, y + 4.5, fill=SHADES[self._step], edge=GREY)


def _table(
    places: Sequence[Tile], steps: Sequence[str], districts: Sequence[tuple[str, str]], wording: Wording
) -> Table:
    names = dict(districts)
    header = tuple(wording(f"stage_map.header.{key}") for key in ("municipality", "district", "step"))
    rows = tuple((p.name, names.get(p.district, ""), steps[p.step]) for p in sorted(places, key=lambda p: p.name))
    return Table(wording("stage_map.title"), header, rows)


def _alternative(places: Sequence[Tile], steps: Sequence[str], wording: Wording) -> str:
    counts = Counter(place.step for place in places)
    told = "; ".join(f"{name}: {wording.number(counts[step])}" for step, name in enumerate(steps) if counts[step])
    return wording("stage_map.alternative", all=wording.counted("municipalities", len(places)), steps=told)

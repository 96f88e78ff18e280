"""How many municipalities take part, over the years: a line of steps, each step with its source in the table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from reports.figures.drawing import BLUE, WHITE, Canvas, Figure, Table
from reports.figures.field import Axis, Field, Ticks, number_ticks
from reports.wording import Wording


@dataclass(frozen=True)
class Count:
    """So many municipalities took part on that day; ``shown`` is the day as its source dates it."""

    day: dt.date
    shown: str
    municipalities: int
    source: str
    link: str = ""


@lru_cache(maxsize=8)
def draw(counts: tuple[Count, ...], of: int, language: str = "de") -> Figure:
    """The counts in the order of their days, out of ``of`` municipalities; no count gives an empty field."""
    wording = Wording(language)
    return Figure(
        plan(counts, of, wording).svg(wording("joined.title")),
        _alternative(counts, of, wording),
        _table(counts, wording),
    )


def plan(counts: Sequence[Count], of: int, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    most = max([of, *(count.municipalities for count in counts)], default=1)
    up = Axis(wording("joined.up", of=wording.number(of)), number_ticks(_steps(most), wording), 0.0, float(most))
    ticks, low, high = _years(counts)
    field = Field(Axis(wording("joined.across"), ticks, low, high), up, [], height=180)
    corners = _corners(field, counts)
    field.canvas.curve(corners, color=BLUE, width=1.8)
    for (left, y), (right, other) in pairwise(corners):
        field.taken.append((left - 2, min(y, other) - 2, right + 2, max(y, other) + 2))
    for count in counts:
        x, y = field.x(count.day.toordinal()), field.y(count.municipalities)
        field.canvas.marker(x, y, "o", fill=BLUE, edge=WHITE, size=7)
        field.occupy(x, y)
    for count in counts:
        label = wording.number(count.municipalities)
        field.label(field.x(count.day.toordinal()), field.y(count.municipalities), label, weight=600)
    return field.canvas


def _corners(field: Field, counts: Sequence[Count]) -> list[tuple[float, float]]:
    """A number holds until the next is known."""
    corners: list[tuple[float, float]] = []
    for count in counts:
        x, y = field.x(count.day.toordinal()), field.y(count.municipalities)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    return corners


def _steps(most: int) -> list[float]:
    step = next(size for size in (1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10**9) if most / size <= 7)
    return [float(value) for value in range(0, most + 1, step)]


def _years(counts: Sequence[Count]) -> tuple[Ticks, float, float]:
    first, last = (counts[0].day.year, counts[-1].day.year) if counts else (0, 0)
    if not counts:
        return (), 0.0, 1.0
    ends = dt.date(first, 1, 1).toordinal(), dt.date(last + 1, 1, 1).toordinal()
    ticks = tuple((float(dt.date(year, 1, 1).toordinal()), str(year)) for year in range(first, last + 2))
    return ticks, float(ends[0]), float(ends[1])


def _table(counts: Sequence[Count], wording: Wording) -> Table:
    header = tuple(wording(f"joined.header.{key}") for key in ("day", "municipalities", "source"))
    rows = tuple((count.shown, wording.number(count.municipalities), count.source) for count in counts)
    return Table(wording("joined.caption"), header, rows)


def _alternative(counts: Sequence[Count], of: int, wording: Wording) -> str:
    if not counts:
        return wording("joined.alternative_empty")
    first, last = counts[0], counts[-1]
    values = {"first": first.municipalities, "begin": first.shown, "last": last.municipalities, "end": last.shown}
    return wording("joined.alternative", **values, of=of)

"""The plan most figures share: a label on the left, a scale in the middle, values on the right.

Labels and values have columns of their own and every row is as high as its label needs, so nothing can collide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reports.figures.drawing import GREY, INK, LINE, PALE, SIZE, WIDTH, Canvas, text_width, wrapped

GAP = 10.0
SMALL = 7.5
SWATCH = 22.0


@dataclass(frozen=True)
class Scale:
    """The horizontal scale: ``low`` stands at ``left`` points, ``high`` at ``right``."""

    left: float
    right: float
    low: float = 0.0
    high: float = 100.0

    def x(self, value: float) -> float:
        """Where a value stands; values beyond the scale stand at its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)


Paint = Callable[[Canvas, Scale, float], None]


@dataclass(frozen=True)
class Row:
    """One row: its label, what is painted at its middle, and its values; a heading has a label only.

    ``sign`` is a marker drawn before the last value.
    """

    label: str
    paint: Paint | None = None
    values: tuple[str, ...] = ()
    sign: str | None = None
    heading: bool = False


@dataclass(frozen=True)
class Key:
    """One entry of the legend; ``swatch`` paints a sample on a scale of its own from 0 to 100."""

    label: str
    swatch: Paint


@dataclass(frozen=True)
class Plan:
    """Everything a chart of rows needs. ``ticks`` are values with their labels; ``columns`` headers with widths."""

    rows: Sequence[Row]
    legend: Sequence[Key]
    ticks: Sequence[tuple[float, str]]
    columns: Sequence[tuple[str, float]] = ()
    label_width: float = 182.0
    low: float = 0.0
    high: float = 100.0
    scale: Scale = field(init=False)

    def __post_init__(self) -> None:
        right = WIDTH - sum(width + GAP for _, width in self.columns) - GAP
        object.__setattr__(self, "scale", Scale(self.label_width + GAP, right, self.low, self.high))


def compose(plan: Plan) -> Canvas:
    """The plan as a drawing."""
    legend = legend_places(plan.legend)
    head = max(len(_header_lines(title, width)) for title, width in [("", 1.0), *plan.columns]) * LINE + 4
    top = legend[-1][2] + 12 if legend else 4.0
    heights = [_height(row, plan.label_width) for row in plan.rows]
    canvas = Canvas(top + head + sum(heights) + 4)
    for key, x, y in legend:
        paint_key(canvas, key, x, y)
    _paint_grid(canvas, plan, top + head, top + head + sum(heights))
    middle = top + head
    for row, height in zip(plan.rows, heights, strict=True):
        _paint_row(canvas, plan, row, middle + height / 2)
        middle += height
    return canvas


def _height(row: Row, label_width: float) -> float:
    if row.heading:
        return len(wrapped(row.label, WIDTH, weight=600)) * LINE + 9
    lines = max([len(wrapped(row.label, label_width)), *(len(value.split("\n")) for value in row.values)])
    return max(16.0, lines * LINE + 5.5)


def legend_places(keys: Sequence[Key]) -> list[tuple[Key, float, float]]:
    """Every key with its left end and its middle, in as many lines as they need."""
    places: list[tuple[Key, float, float]] = []
    x, y = 0.0, 8.0
    for key in keys:
        width = SWATCH + 5 + text_width(key.label, SMALL) + 14
        if places and x + width > WIDTH:
            x, y = 0.0, y + 13
        places.append((key, x, y))
        x += width
    return places


def paint_key(canvas: Canvas, key: Key, x: float, y: float) -> None:
    """One entry of the legend: its sample, and its label."""
    key.swatch(canvas, Scale(x + 1, x + SWATCH), y)
    canvas.text(x + SWATCH + 5, y + SMALL * 0.34, key.label, size=SMALL, color=INK)


def _header_lines(title: str, width: float) -> list[str]:
    return wrapped(title, width, SMALL, 600)


def _paint_grid(canvas: Canvas, plan: Plan, top: float, bottom: float) -> None:
    for value, label in plan.ticks:
        x = plan.scale.x(value)
        canvas.line((x, top), (x, bottom), color=PALE, width=0.8)
        canvas.text(x, top - 5, label, size=SMALL, color=GREY, align="center")
    for (title, width), right in zip(plan.columns, _rights(plan), strict=True):
        lines = _header_lines(title, width)
        for number, line in enumerate(lines):
            y = top - 5 - (len(lines) - 1 - number) * LINE
            canvas.text(right, y, line, size=SMALL, weight=600, color=GREY, align="right")


def _rights(plan: Plan) -> list[float]:
    """The right end of every value column."""
    ends, right = [], WIDTH
    for _, width in reversed(plan.columns):
        ends.append(right)
        right -= width + GAP
    return ends[::-1]


def _paint_row(canvas: Canvas, plan: Plan, row: Row, middle: float) -> None:
    if row.heading:
        canvas.paragraph(0, middle + 2, wrapped(row.label, WIDTH, weight=600), weight=600)
        return
    canvas.paragraph(0, middle, wrapped(row.label, plan.label_width))
    if row.paint:
        row.paint(canvas, plan.scale, middle)
    for value, right in zip(row.values, _rights(plan), strict=True):
        _paint_value(canvas, value, right, middle)
    if row.sign:
        canvas.marker(WIDTH - text_width(row.values[-1], SIZE, 600) - 8, middle, row.sign, fill=INK, size=7)


def _paint_value(canvas: Canvas, value: str, right: float, middle: float) -> None:
    lines = value.split("\n")
    first = middle - (len(lines) - 1) * LINE / 2 + SIZE * 0.34
    for number, line in enumerate(lines):
        canvas.text(right, first + number * LINE, line, align="right", weight=600 if number == 0 else 400)

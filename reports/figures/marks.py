"""The marks that mean the same in every figure: self-view, newcomers' view, quartiles, medians, intervals."""

from __future__ import annotations

from reports.figures.drawing import BLUE, BLUE_LIGHT, BLUE_PALE, GREY, INK, ORANGE, Canvas
from reports.figures.rows import Key, Scale
from reports.wording import Wording
from scoring.release import Quartiles

TICKS = ((0.0, "0"), (25.0, "25"), (50.0, "50"), (75.0, "75"), (100.0, "100"))


def self_view(canvas: Canvas, scale: Scale, y: float, score: float) -> None:
    """A filled circle."""
    canvas.marker(scale.x(score), y, "o", fill=BLUE, size=9)


def newcomers_view(canvas: Canvas, scale: Scale, y: float, score: float) -> None:
    """A filled diamond."""
    canvas.marker(scale.x(score), y, "D", fill=ORANGE, size=7.5)


def interval(canvas: Canvas, scale: Scale, y: float, low: float, high: float, color: str = ORANGE) -> None:
    """A line with end strokes."""
    canvas.line((scale.x(low), y), (scale.x(high), y), color=color, width=1.4)
    for end in (low, high):
        canvas.line((scale.x(end), y - 3), (scale.x(end), y + 3), color=color, width=1.4)


def quartiles(canvas: Canvas, scale: Scale, y: float, spread: Quartiles) -> None:
    """A bar over the middle half with a stroke at the median; a bar of no width still shows as a thin one."""
    left, right = scale.x(spread.q1), scale.x(spread.q3)
    if right - left < 3:
        left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
    canvas.box(left, y - 5, right, y + 5, fill=BLUE_PALE, edge=BLUE_LIGHT)
    canvas.line((scale.x(spread.median), y - 5), (scale.x(spread.median), y + 5), color=INK, width=1.8)


def region_median(canvas: Canvas, scale: Scale, y: float, median: float) -> None:
    """A dashed stroke, longer than the bar."""
    canvas.line((scale.x(median), y - 7.5), (scale.x(median), y + 7.5), color=GREY, width=1.3, dashed=True)


def nameless_swatch(canvas: Canvas, scale: Scale, y: float) -> None:
    """A sample of a municipality without a name: a small pale circle."""
    canvas.marker((scale.left + scale.right) / 2, y, "o", fill=BLUE_LIGHT, edge=GREY, size=5)


def own_swatch(canvas: Canvas, scale: Scale, y: float) -> None:
    """A sample of the reader's own municipality: a large diamond."""
    canvas.marker((scale.left + scale.right) / 2, y, "D", fill=ORANGE, edge=GREY, size=8)


def key(wording: Wording, name: str) -> Key:
    """The legend entry of one of the marks by its name in the texts' section ``legend``."""
    return Key(wording(f"legend.{name}"), _SWATCHES[name])


def _swatch_quartiles(canvas: Canvas, scale: Scale, y: float) -> None:
    quartiles(canvas, scale, y, Quartiles(n=1, q1=10, median=55, q3=90))


_SWATCHES = {
    "self": lambda canvas, scale, y: self_view(canvas, scale, y, 50),
    "newcomers": lambda canvas, scale, y: newcomers_view(canvas, scale, y, 50),
    "self_median": lambda canvas, scale, y: self_view(canvas, scale, y, 50),
    "newcomers_median": lambda canvas, scale, y: newcomers_view(canvas, scale, y, 50),
    "interval": lambda canvas, scale, y: interval(canvas, scale, y, 10, 90),
    "range": lambda canvas, scale, y: interval(canvas, scale, y, 10, 90, BLUE),
    "peers": _swatch_quartiles,
    "municipalities": _swatch_quartiles,
    "region": lambda canvas, scale, y: region_median(canvas, scale, y, 50),
}

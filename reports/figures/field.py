"""The plan that maps share: a field with a scale on each side, marks in it, and labels that find a free place.

A label that finds no place near its mark is left out; the table beside the figure names every mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports import fonts
from reports.figures.drawing import BLUE, GREY, INK, LINE, PALE, WIDTH, Canvas, text_width, wrapped
from reports.figures.rows import SMALL, Key, legend_places, paint_key
from reports.wording import Wording

LEFT, RIGHT = 34.0, WIDTH - 12.0
Box = tuple[float, float, float, float]
Ticks = Sequence[tuple[float, str]]
Bend = Callable[[float], float]


def _straight(value: float) -> float:
    return value


@dataclass(frozen=True)
class Axis:
    """One scale: its title, ends and ticks; ``bend`` turns a value into its place, as a logarithm does."""

    title: str
    ticks: Ticks
    low: float = 0.0
    high: float = 100.0
    bend: Bend = _straight

    def share(self, value: float) -> float:
        """Where a value lies from 0 (low) to 1 (high), at the end if beyond; in the middle of a scale without width."""
        low, high = self.bend(self.low), self.bend(self.high)
        if high <= low:
            return 0.5
        return (self.bend(min(max(value, self.low), self.high)) - low) / (high - low)


class Field:
    """A canvas with a field of ``height`` points, its scales drawn and its legend above."""

    def __init__(self, across: Axis, up: Axis, legend: Sequence[Key], height: float = 250.0) -> None:
        keys = legend_places(legend)
        title = wrapped(up.title, WIDTH, SMALL, 600)
        below = wrapped(across.title, WIDTH, SMALL, 600)
        self.top = (keys[-1][2] + 14 if keys else 4.0) + len(title) * LINE + 6
        self.bottom = self.top + height
        self.across, self.up = across, up
        self.canvas = Canvas(self.bottom + 16 + len(below) * LINE + 2)
        self.taken: list[Box] = []
        for key, x, y in keys:
            paint_key(self.canvas, key, x, y)
        for number, line in enumerate(title):
            y = self.top - 10 - (len(title) - 1 - number) * LINE
            self.canvas.text(0, y, line, size=SMALL, weight=600, color=GREY)
        self._paint_scales()
        for number, line in enumerate(below):
            y = self.bottom + 22 + number * LINE
            self.canvas.text(RIGHT, y, line, size=SMALL, weight=600, color=GREY, align="right")

    def x(self, value: float) -> float:
        """Where a value of the scale across stands."""
        return LEFT + self.across.share(value) * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        """Where a value of the scale upwards stands."""
        return self.bottom - self.up.share(value) * (self.bottom - self.top)

    def _paint_scales(self) -> None:
        for value, label in self.up.ticks:
            y = self.y(value)
            self.canvas.line((LEFT, y), (RIGHT, y), color=PALE, width=0.8)
            self.canvas.text(LEFT - 5, y + SMALL * 0.34, label, size=SMALL, color=GREY, align="right")
        end = -1.0
        for value, label in self.across.ticks:
            x = self.x(value)
            self.canvas.line((x, self.top), (x, self.bottom), color=PALE, width=0.8)
            half = text_width(label, SMALL) / 2
            if x - half > end and x + half <= WIDTH:
                self.canvas.text(x, self.bottom + 11, label, size=SMALL, color=GREY, align="center")
                end = x + half + 3

    def rule_across(self, value: float, *, color: str = GREY) -> None:
        """A dashed line over the whole field at a value of the scale upwards; no label stands on it."""
        self.taken.append((LEFT, self.y(value) - 1, RIGHT, self.y(value) + 1))
        self.canvas.line((LEFT, self.y(value)), (RIGHT, self.y(value)), color=color, width=1.2, dashed=True)

    def rule_up(self, value: float, *, color: str = GREY) -> None:
        """A dashed line from below to above at a value of the scale across; no label stands on it."""
        self.taken.append((self.x(value) - 1, self.top, self.x(value) + 1, self.bottom))
        self.canvas.line((self.x(value), self.top), (self.x(value), self.bottom), color=color, width=1.2, dashed=True)

    def curve(self, corners: Sequence[tuple[float, float]], *, dashed: bool = False) -> None:
        """A line through points of the drawing; no label stands on it."""
        for (left, y), (right, other) in pairwise(corners):
            self.taken.append((left, min(y, other) - 1, right, max(y, other) + 1))
        self.canvas.curve(corners, color=BLUE, width=1.2, dashed=dashed)

    def occupy(self, x: float, y: float, radius: float = 4.5) -> None:
        """No label may stand on a mark."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def corner(self, text: str, *, right: bool, bottom: bool, weight: int = 600) -> None:
        """A label in a corner of the field."""
        width = text_width(text, SMALL, weight)
        x = RIGHT - 5 - width if right else LEFT + 5
        self._write(text, x, self.bottom - 6 if bottom else self.top + 11, weight, GREY)

    def label(self, x: float, y: float, text: str, *, weight: int = 400) -> bool:
        """Write beside a mark where nothing else stands; False if there is no room near it."""
        width = text_width(text, SMALL, weight)
        for distance in (7.0, 12.0, 18.0, 26.0, 36.0):
            for left, base in (
                (x + distance, y + 2.6),
                (x - distance - width, y + 2.6),
                (x - width / 2, y - distance + 1),
                (x - width / 2, y + distance + 4),
                (x + distance * 0.8, y - distance * 0.8 + 2),
                (x + distance * 0.8, y + distance * 0.8 + 2),
                (x - distance * 0.8 - width, y - distance * 0.8 + 2),
                (x - distance * 0.8 - width, y + distance * 0.8 + 2),
            ):
                if self._free(_extent(left, base, width)):
                    self._write(text, left, base, weight, INK)
                    return True
        return False

    def _free(self, box: Box) -> bool:
        inside = box[0] >= LEFT + 1 and box[2] <= RIGHT - 1 and box[1] >= self.top + 1 and box[3] <= self.bottom - 1
        return inside and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in self.taken
        )

    def _write(self, text: str, left: float, base: float, weight: int, color: str) -> None:
        self.taken.append(_extent(left, base, text_width(text, SMALL, weight)))
        self.canvas.text(left, base, text, size=SMALL, weight=weight, color=color)


def _extent(left: float, base: float, width: float) -> Box:
    return left - 1, base - SMALL * 0.78, left + width + 1, base + SMALL * 0.24


def score_ticks() -> Ticks:
    """0 to 100 in steps of 25."""
    return tuple((float(value), str(value)) for value in range(0, 101, 25))


def shortened(text: str, width: float, size: float = SMALL, weight: int = 400) -> str:
    """The text, cut with an ellipsis if it is wider than ``width`` points."""
    text = fonts.printable(" ".join(text.split()))
    if text_width(text, size, weight) <= width:
        return text
    while text and text_width(text + "…", size, weight) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def number_ticks(values: Sequence[float], wording: Wording) -> Ticks:
    """Ticks at whole numbers."""
    return tuple((float(value), wording.number(value)) for value in values)

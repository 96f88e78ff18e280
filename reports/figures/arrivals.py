"""Answers that have come in, week by week and all together, and the line that is to be reached."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from functools import lru_cache

from reports.figures.drawing import BLUE, GREY, INK, ORANGE, PALE, WIDTH, Canvas, Figure, Table, text_width
from reports.wording import Wording

HEIGHT, TOP, BOTTOM, GAP, KEY = 190.0, 32.0, 158.0, 9.0, 9.0
SMALL = 7.5


@lru_cache(maxsize=64)
def draw(weeks: tuple[tuple[dt.date, int], ...], wanted: int | None, language: str = "de") -> Figure:
    """Cumulative answers ("at least") by the last day of each week; ``wanted`` answers are a dashed line."""
    wording = Wording(language)
    title = wording("arrivals.title")
    return Figure(
        _canvas(weeks, wanted, wording).svg(title), _alternative(weeks, wanted, wording), _table(weeks, wording)
    )


def _canvas(weeks: Sequence[tuple[dt.date, int]], wanted: int | None, wording: Wording) -> Canvas:
    canvas = Canvas(HEIGHT)
    most = max([number for _day, number in weeks] + [wanted or 0, 10]) * 1.08
    ticks = [(wording.number(tick), _height(tick, most)) for tick in _ticks(most)]
    left = max(text_width(label, SMALL) for label, _y in ticks) + GAP
    for label, y in ticks:
        canvas.line((left, y), (WIDTH, y), color=PALE, width=0.6)
        canvas.text(left - 5, y + 2.6, label, size=SMALL, color=GREY, align="right")
    goal = None if wanted is None else _height(wanted, most)
    _columns(canvas, weeks, most, left, goal, wording)
    canvas.line((left, BOTTOM), (WIDTH, BOTTOM), color=INK, width=0.8)
    if goal is not None:
        canvas.line((left, goal), (WIDTH, goal), color=ORANGE, width=1.2, dashed=True)
        canvas.line((left, KEY - 3), (left + 22, KEY - 3), color=ORANGE, width=1.2, dashed=True)
        canvas.text(left + 27, KEY, wording("arrivals.wanted", n=wording.number(wanted)), weight=600, color=ORANGE)
    return canvas


def _columns(
    canvas: Canvas,
    weeks: Sequence[tuple[dt.date, int]],
    most: float,
    left: float,
    goal: float | None,
    wording: Wording,
) -> None:
    """A column for each week, about every tenth of them with its day and its number."""
    place = (WIDTH - GAP - left) / max(len(weeks), 6)
    every = -(-len(weeks) // 10)
    for index, (day, number) in enumerate(weeks):
        middle, top = left + (index + 0.5) * place, _height(number, most)
        width = min(place * 0.62, 40)
        if number:
            canvas.box(middle - width / 2, top, middle + width / 2, BOTTOM, fill=BLUE)
        if (len(weeks) - 1 - index) % every == 0:
            canvas.text(middle, BOTTOM + 12, wording.short_day(day), size=SMALL, color=GREY, align="center")
            y = top - 4
            if goal is not None and y - 7 < goal < y + 2:  # The line would run through the number.
                y = goal - 3
            canvas.text(middle, y, wording.number(number), size=SMALL, weight=600, align="center")


def _height(number: float, most: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * number / most


def _ticks(most: float) -> list[int]:
    size = 10 ** max(int(math.log10(most)) - 1, 0)
    step = next(step * size for step in (1, 2, 5, 10, 20) if most / (step * size) <= 5)
    return list(range(0, int(most) + 1, step))


def _alternative(weeks: Sequence[tuple[dt.date, int]], wanted: int | None, wording: Wording) -> str:
    last = weeks[-1][1] if weeks else 0
    sentence = wording("arrivals.alternative", n=wording.number(last), weeks=wording.number(len(weeks)))
    goal = "" if wanted is None else " " + wording("arrivals.alternative_wanted", n=wording.number(wanted))
    return sentence + goal


def _table(weeks: Sequence[tuple[dt.date, int]], wording: Wording) -> Table:
    rows = tuple((wording.date(day.isoformat()), wording("arrivals.at_least", n=wording.number(n))) for day, n in weeks)
    return Table(wording("arrivals.title"), (wording("arrivals.until"), wording("arrivals.answers")), rows)

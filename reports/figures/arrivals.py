"""Answers that have come in, week by week and all together, and the line that is to be reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from reports.figures.drawing import BLUE, GREY, INK, ORANGE, PALE, WIDTH, Canvas, Figure, Table
from reports.wording import Wording

HEIGHT, TOP, BOTTOM, LEFT = 190.0, 26.0, 158.0, 34.0
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
    for tick in _ticks(most):
        y = _height(tick, most)
        canvas.line((LEFT, y), (WIDTH, y), color=PALE, width=0.6)
        canvas.text(LEFT - 5, y + 2.6, wording.number(tick), size=SMALL, color=GREY, align="right")
    _bars(canvas, weeks, most, wording)
    canvas.line((LEFT, BOTTOM), (WIDTH, BOTTOM), color=INK, width=0.8)
    if wanted is not None:
        y = _height(wanted, most)
        canvas.line((LEFT, y), (WIDTH, y), color=ORANGE, width=1.2, dashed=True)
        canvas.text(LEFT + 3, y - 4, wording("arrivals.wanted", n=wording.number(wanted)), weight=600, color=ORANGE)
    return canvas


def _bars(canvas: Canvas, weeks: Sequence[tuple[dt.date, int]], most: float, wording: Wording) -> None:
    place = (WIDTH - LEFT) / max(len(weeks), 6)
    every = -(-len(weeks) // 10)
    for index, (day, number) in enumerate(weeks):
        middle = LEFT + (index + 0.5) * place
        width = min(place * 0.62, 40)
        if number:
            canvas.box(middle - width / 2, _height(number, most), middle + width / 2, BOTTOM, fill=BLUE)
        if index % every == 0 or index == len(weeks) - 1:
            canvas.text(middle, BOTTOM + 12, f"{day.day}.{day.month}.", size=SMALL, color=GREY, align="center")
            canvas.text(
                middle, _height(number, most) - 4, wording.number(number), size=SMALL, weight=600, align="center"
            )


def _height(number: float, most: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * number / most


def _ticks(most: float) -> list[int]:
    step = next(step for step in (5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if most / step <= 5)
    return list(range(0, int(most) + 1, step))


def _alternative(weeks: Sequence[tuple[dt.date, int]], wanted: int | None, wording: Wording) -> str:
    last = weeks[-1][1] if weeks else 0
    sentence = wording("arrivals.alternative", n=wording.number(last), weeks=wording.number(len(weeks)))
    goal = "" if wanted is None else " " + wording("arrivals.alternative_wanted", n=wording.number(wanted))
    return sentence + goal


def _table(weeks: Sequence[tuple[dt.date, int]], wording: Wording) -> Table:
    rows = tuple(
        (f"{day.day}.{day.month}.{day.year}", wording("arrivals.at_least", n=wording.number(n))) for day, n in weeks
    )
    return Table(wording("arrivals.title"), (wording("arrivals.until"), wording("arrivals.answers")), rows)

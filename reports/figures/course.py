"""The overall score from round to round with its intervals, and from four rounds on the trend a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reports.figures import marks
from reports.figures.changes import overall
from reports.figures.drawing import GREY, ORANGE, Canvas, Figure, Table
from reports.figures.field import Axis, Field, score_ticks
from reports.figures.rows import Key, Scale
from reports.wording import Wording
from scoring.release import OutsideScore, Release, UnitSheet

FEWEST = 3
YEAR = 365.25


@dataclass(frozen=True)
class Point:
    """One round: its title, the day it closed, the score and its limits."""

    title: str
    day: dt.date
    score: float
    low: float | None
    high: float | None


def draw(release: Release, sheet: UnitSheet, language: str = "de") -> Figure:
    """The municipality's overall score in every comparable round."""
    wording, name = Wording(language), release.municipality(sheet.ags).name
    svg = plan(release, sheet, wording).svg(wording("course.title", name=name))
    return Figure(svg, _alternative(release, sheet, name, wording), _table(release, sheet, name, wording))


def points(release: Release, sheet: UnitSheet) -> list[Point]:
    """The rounds in the order of their days; none with fewer than three, because two are a change and no course."""
    change, now = overall(sheet), next((s for s in sheet.outside_view if s.kind == "overall"), None)
    rounds = {info.key: info for info in release.earlier}
    if change is None or now is None or now.score is None:
        return []
    found = [
        Point(rounds[wave.round].title, _day(rounds[wave.round].closes), wave.score, wave.low, wave.high)
        for wave in change.earlier
        if wave.round in rounds
    ]
    found.append(_now(release, now, now.score))
    return sorted(found, key=lambda point: point.day) if len(found) >= FEWEST else []


def _now(release: Release, score: OutsideScore, value: float) -> Point:
    return Point(release.round.title, _day(release.round.closes), value, score.low, score.high)


def _day(closes: str) -> dt.date:
    return dt.date.fromisoformat(closes[:10])


def plan(release: Release, sheet: UnitSheet, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    found, change = points(release, sheet), overall(sheet)
    slope = change.slope if change else None
    legend = [Key(wording("legend.newcomers"), _swatch), marks.key(wording, "interval")]
    if slope is not None:
        legend.append(Key(wording("course.slope"), _slope_swatch))
    across = _across(found, wording)
    field = Field(across, Axis(wording("course.up"), score_ticks()), legend, height=150)
    field.canvas.curve([(field.x(p.day.toordinal()), field.y(p.score)) for p in found], color=ORANGE, width=1.2)
    if slope is not None and found:
        _paint_slope(field, found, slope)
    for point in found:
        _paint(field, point)
    for point in found:
        x, y = field.x(point.day.toordinal()), field.y(point.score)
        field.label(x, y, wording.number(point.score), weight=600)
    return field.canvas


def _across(found: Sequence[Point], wording: Wording) -> Axis:
    if not found:
        return Axis(wording("course.across"), (), 0.0, 1.0)
    first, last = found[0].day.year, found[-1].day.year
    ticks = tuple((float(dt.date(year, 1, 1).toordinal()), str(year)) for year in range(first, last + 2))
    return Axis(wording("course.across"), ticks, ticks[0][0], ticks[-1][0])


def _paint(field: Field, point: Point) -> None:
    x, y = field.x(point.day.toordinal()), field.y(point.score)
    if point.low is not None and point.high is not None:
        ends = field.y(point.low), field.y(point.high)
        field.canvas.line((x, ends[0]), (x, ends[1]), color=ORANGE, width=1.4)
        for end in ends:
            field.canvas.line((x - 3, end), (x + 3, end), color=ORANGE, width=1.4)
        field.taken.append((x - 3, ends[1], x + 3, ends[0]))
    field.canvas.marker(x, y, "D", fill=ORANGE, size=7.5)
    field.occupy(x, y)


def _paint_slope(field: Field, found: Sequence[Point], slope: float) -> None:
    """The trend as a dashed line through the middle of the points, from the first round to the last."""
    days = [point.day.toordinal() for point in found]
    day, score = sum(days) / len(days), sum(point.score for point in found) / len(found)
    ends = [(field.x(end), field.y(score + slope * (end - day) / YEAR)) for end in (days[0], days[-1])]
    field.canvas.line(ends[0], ends[1], color=GREY, width=1.4, dashed=True)


def _swatch(canvas: Canvas, scale: Scale, y: float) -> None:
    canvas.marker((scale.left + scale.right) / 2, y, "D", fill=ORANGE, size=7.5)


def _slope_swatch(canvas: Canvas, scale: Scale, y: float) -> None:
    canvas.line((scale.left, y), (scale.right, y), color=GREY, width=1.4, dashed=True)


def _table(release: Release, sheet: UnitSheet, name: str, wording: Wording) -> Table:
    header = tuple(wording(f"course.header.{key}") for key in ("round", "score", "interval"))
    rows = tuple(
        (point.title, wording.number(point.score), wording.interval(point.low, point.high))
        for point in points(release, sheet)
    )
    return Table(wording("course.caption", name=name), header, rows)


def _alternative(release: Release, sheet: UnitSheet, name: str, wording: Wording) -> str:
    found, change = points(release, sheet), overall(sheet)
    if not found:
        return wording("course.alternative_empty", name=name)
    first, last = found[0], found[-1]
    values = {"begin": first.title, "first": wording.number(first.score), "end": last.title}
    text = wording("course.alternative", name=name, last=wording.number(last.score), **values)
    if change is None or change.slope is None:
        return text
    return f"{text} {slope_sentence(change.slope, change.slope_low, change.slope_high, wording)}"


def slope_sentence(slope: float, low: float | None, high: float | None, wording: Wording) -> str:
    """The trend a year in words: up or down only where its interval leaves zero out."""
    sure = low is not None and high is not None and (low > 0 or high < 0)
    key = ("up" if slope > 0 else "down") if sure else "unsure"
    limits = wording("numbers.interval", low=per_year(low, wording), high=per_year(high, wording))
    return wording(f"course.slope_{key}", points=per_year(slope, wording), limits=limits)


def per_year(points: float | None, wording: Wording) -> str:
    """Points a year with one decimal and their sign."""
    text = wording.number(points, 1)
    return f"+{text}" if points is not None and round(points, 1) > 0 else text

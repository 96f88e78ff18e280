"""Importance across, rating upwards: which items matter much for staying, and how newcomers rate them here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reports.figures.drawing import BLUE, GREY, INK, ORANGE, Canvas, Figure, Table
from reports.figures.field import Axis, Field, score_ticks
from reports.figures.rows import Key, Scale
from reports.wording import Wording
from scoring.release import Release, UnitSheet


@dataclass(frozen=True)
class Point:
    """One item: its share in what explains the outcome over the region, and its score here."""

    item: str
    importance: float
    score: float


def draw(release: Release, sheet: UnitSheet | None = None, language: str = "de") -> Figure:
    """The items of a municipality, or of the region; importance is always the region's."""
    wording, place = Wording(language), _place(release, sheet)
    svg = plan(release, sheet, wording).svg(wording("priorities.title", place=place))
    return Figure(svg, _alternative(release, sheet, place, wording), _table(release, sheet, place, wording))


def _place(release: Release, sheet: UnitSheet | None) -> str:
    return release.municipality(sheet.ags).name if sheet else release.region_name


def points(release: Release, sheet: UnitSheet | None) -> list[Point]:
    """The items with an importance and a score, in the order of the catalogue."""
    here = {
        s.indicator: s.score if sheet else s.pooled  # type: ignore[union-attr]
        for s in (sheet.outside_view if sheet else release.region.outside_view)
        if s.kind == "item" and s.status == "published"
    }
    found = []
    for score in release.region.outside_view:
        rated = here.get(score.indicator)
        if score.importance is not None and rated is not None:
            found.append(Point(score.indicator, score.importance, rated))
    return found


def middle(values: Sequence[float]) -> float:
    """The median of what is drawn, where the field is divided."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def urgent(found: Sequence[Point]) -> list[Point]:
    """Items that matter more and are rated lower than the median, the most important first."""
    if not found:
        return []
    importance, score = middle([p.importance for p in found]), middle([p.score for p in found])
    chosen = [p for p in found if p.importance > importance and p.score < score]
    return sorted(chosen, key=lambda p: (-p.importance, p.item))


def plan(release: Release, sheet: UnitSheet | None, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    found = points(release, sheet)
    most = max([p.importance for p in found], default=0.0)
    high = max(0.05, ceil(most * 20 + 0.2) / 20)
    steps = [high * part / 4 for part in range(5)]
    ticks = tuple((step, wording.percent(step)) for step in steps)
    legend = [Key(wording("priorities.first"), _swatch_first), Key(wording("priorities.other"), _swatch_other)]
    across = Axis(wording("priorities.across"), ticks, 0.0, high)
    field = Field(across, Axis(wording("priorities.up"), score_ticks()), legend, height=175)
    if found:
        field.rule_up(middle([p.importance for p in found]))
        field.rule_across(middle([p.score for p in found]))
        field.corner(wording("priorities.improve"), right=True, bottom=True)
        field.corner(wording("priorities.keep"), right=True, bottom=False)
    first = {p.item for p in urgent(found)}
    for point in found:
        field.occupy(field.x(point.importance), field.y(point.score))
    for point in found:
        paint = _first if point.item in first else _other
        paint(field.canvas, field.x(point.importance), field.y(point.score))
    for point in sorted(found, key=lambda p: (p.item not in first, p.item)):
        weight = 600 if point.item in first else 400
        field.label(field.x(point.importance), field.y(point.score), point.item, weight=weight)
    return field.canvas


def _first(canvas: Canvas, x: float, y: float) -> None:
    canvas.marker(x, y, "v", fill=ORANGE, edge=INK, size=8)


def _other(canvas: Canvas, x: float, y: float) -> None:
    canvas.marker(x, y, "o", fill=BLUE, edge=GREY, size=6.5)


def _swatch_first(canvas: Canvas, scale: Scale, y: float) -> None:
    _first(canvas, (scale.left + scale.right) / 2, y)


def _swatch_other(canvas: Canvas, scale: Scale, y: float) -> None:
    _other(canvas, (scale.left + scale.right) / 2, y)


def _table(release: Release, sheet: UnitSheet | None, place: str, wording: Wording) -> Table:
    header = tuple(wording(f"priorities.header.{key}") for key in ("item", "importance", "score"))
    found = sorted(points(release, sheet), key=lambda p: (-p.importance, p.item))
    rows = tuple(
        (
            f"{point.item} {release.catalogue.item(point.item).text[wording.language]}",
            wording.percent(point.importance),
            wording.number(point.score),
        )
        for point in found
    )
    return Table(wording("priorities.caption", place=place), header, rows)


def _alternative(release: Release, sheet: UnitSheet | None, place: str, wording: Wording) -> str:
    found = points(release, sheet)
    if not found:
        return wording("priorities.alternative_empty", place=place)
    names = [
        wording("quotes.text", text=release.catalogue.item(p.item).text[wording.language]) for p in urgent(found)[:3]
    ]
    if not names:
        return wording("priorities.alternative_none", place=place)
    return wording("priorities.alternative", place=place, names=wording.listing(names))

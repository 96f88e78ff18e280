"""All municipalities that may be shown from the lowest score to the highest, with intervals and without names."""

from __future__ import annotations

from reports.figures import marks
from reports.figures.drawing import BLUE_LIGHT, GREY, ORANGE, Canvas, Figure, Table
from reports.figures.field import Axis, Field, score_ticks, shortened
from reports.figures.places import Point, points
from reports.figures.rows import Key
from reports.wording import Wording
from scoring.release import Quartiles, Release, UnitSheet


def draw(release: Release, sheet: UnitSheet | None = None, language: str = "de") -> Figure:
    """The newcomers' overall scores; the reader's own is marked, all others have no name."""
    wording = Wording(language)
    svg = plan(release, sheet, wording).svg(wording("caterpillar.title"))
    return Figure(svg, _alternative(release, sheet, wording), _table(release, sheet, wording))


def plan(release: Release, sheet: UnitSheet | None, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    found = points(release, sheet)
    legend = [Key(wording("caterpillar.other"), marks.nameless_swatch)]
    if sheet is not None:
        legend.append(Key(wording("caterpillar.own"), marks.own_swatch))
    legend.append(marks.key(wording, "region"))
    across = Axis(wording("caterpillar.across"), (), 0.0, max(len(found), 1))
    field = Field(across, Axis(wording("caterpillar.up"), score_ticks()), legend, height=125)
    spread = _spread(release)
    if spread:
        field.rule_across(spread.median)
    for number, point in enumerate(found):
        _paint(field, field.x(number + 0.5), point)
    _name(field, release, sheet, found)
    return field.canvas


def _paint(field: Field, x: float, point: Point) -> None:
    color = ORANGE if point.own else GREY
    field.canvas.line((x, field.y(point.low)), (x, field.y(point.high)), color=color, width=2.0 if point.own else 0.8)
    shape = ("D", ORANGE, 8.0) if point.own else ("o", BLUE_LIGHT, 4.0)
    field.canvas.marker(x, field.y(point.score), shape[0], fill=shape[1], edge=GREY, size=shape[2])


def _name(field: Field, release: Release, sheet: UnitSheet | None, found: list[Point]) -> None:
    own = next((number for number, point in enumerate(found) if point.own), None)
    if sheet is None or own is None:
        return
    name = shortened(release.municipality(sheet.ags).name, 150, weight=600)
    top = field.y(found[own].high)
    field.label(field.x(own + 0.5), top - 6 if top - 18 > field.top else field.y(found[own].low) + 8, name, weight=600)


def _spread(release: Release) -> Quartiles | None:
    return next((score.spread for score in release.region.outside_view if score.kind == "overall"), None)


def _table(release: Release, sheet: UnitSheet | None, wording: Wording) -> Table:
    header = tuple(wording(f"caterpillar.header.{key}") for key in ("what", "score", "interval"))
    found = points(release, sheet)
    rows = [
        (wording("caterpillar.municipality"), wording.number(p.score), wording.interval(p.low, p.high)) for p in found
    ]
    for number, point in enumerate(found):
        if point.own and sheet is not None:
            rows[number] = (release.municipality(sheet.ags).name, *rows[number][1:])
    return Table(wording("caterpillar.caption"), header, tuple(rows))


def _alternative(release: Release, sheet: UnitSheet | None, wording: Wording) -> str:
    found = points(release, sheet)
    if not found:
        return wording("caterpillar.alternative_empty")
    text = wording(
        "caterpillar.alternative",
        n=wording.counted("municipalities", len(found)),
        lowest=wording.number(found[0].score),
        highest=wording.number(found[-1].score),
    )
    own = next((point for point in found if point.own), None)
    if own is None or sheet is None:
        return text
    apart = sum(point.low > own.high or point.high < own.low for point in found)
    name = release.municipality(sheet.ags).name
    values = {"score": wording.number(own.score), "interval": wording.interval(own.low, own.high)}
    overlapping = wording.number(len(found) - 1 - apart)
    return f"{text} {wording('caterpillar.alternative_own', name=name, n=overlapping, **values)}"

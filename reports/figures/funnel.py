"""Overall scores against the number of answers: what lies within the funnel may be chance."""

from __future__ import annotations

from math import log

from reports.figures import marks
from reports.figures.drawing import BLUE, BLUE_LIGHT, GREY, ORANGE, Canvas, Figure, Table
from reports.figures.field import Axis, Field, number_ticks, score_ticks, shortened
from reports.figures.places import Point, points
from reports.figures.rows import Key, Scale
from reports.wording import Wording
from scoring.release import FunnelLimit, Release, UnitSheet

_TICKS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000)


def draw(release: Release, sheet: UnitSheet | None = None, language: str = "de") -> Figure:
    """The same municipalities as in the caterpillar plot, over their number of answers."""
    wording = Wording(language)
    svg = plan(release, sheet, wording).svg(wording("funnel.title"))
    return Figure(svg, _alternative(release, sheet, wording), _table(release, wording))


def plan(release: Release, sheet: UnitSheet | None, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    limits, found = release.region.funnel, points(release, sheet)
    sizes = [limit.n for limit in limits] + [point.n for point in found] + [10]
    low, high = float(min(sizes)), float(max(max(sizes), 20))
    ticks = number_ticks([tick for tick in _TICKS if low <= tick <= high], wording)
    legend = [Key(wording("caterpillar.other"), marks.nameless_swatch)]
    if sheet is not None:
        legend.append(Key(wording("caterpillar.own"), marks.own_swatch))
    legend += [Key(wording("funnel.inner"), _Line(False)), Key(wording("funnel.outer"), _Line(True))]
    across = Axis(wording("funnel.across"), ticks, low, high, log)
    field = Field(across, Axis(wording("funnel.up"), score_ticks()), legend, height=150)
    _paint_limits(field, release, limits)
    for point in found:
        field.occupy(field.x(point.n), field.y(point.score), 8.0 if point.own else 3.5)
        _paint(field, point)
    _name(field, release, sheet, found)
    return field.canvas


def _paint_limits(field: Field, release: Release, limits: tuple[FunnelLimit, ...]) -> None:
    if release.region.funnel_centre is not None:
        field.rule_across(release.region.funnel_centre)
    for name in ("low", "high", "outer_low", "outer_high"):
        curve = [(field.x(limit.n), field.y(getattr(limit, name))) for limit in limits]
        field.curve(curve, dashed=name.startswith("outer"))


def _paint(field: Field, point: Point) -> None:
    shape = ("D", ORANGE, 8.5) if point.own else ("o", BLUE_LIGHT, 5.0)
    field.canvas.marker(field.x(point.n), field.y(point.score), shape[0], fill=shape[1], edge=GREY, size=shape[2])


def _name(field: Field, release: Release, sheet: UnitSheet | None, found: list[Point]) -> None:
    own = next((point for point in found if point.own), None)
    if sheet is not None and own is not None:
        x, y = field.x(own.n), field.y(own.score)
        field.label(x, y, shortened(release.municipality(sheet.ags).name, 150, weight=600), weight=600)


class _Line:
    """Paints a sample of a limit."""

    def __init__(self, outer: bool) -> None:
        self.outer = outer

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.line((scale.left, y), (scale.right, y), color=BLUE, width=1.2, dashed=self.outer)


def _table(release: Release, wording: Wording) -> Table:
    header = tuple(wording(f"funnel.header.{key}") for key in ("n", "inner", "outer"))
    rows = tuple(
        (
            wording.number(limit.n),
            wording.interval(limit.low, limit.high),
            wording.interval(limit.outer_low, limit.outer_high),
        )
        for limit in release.region.funnel
    )
    return Table(wording("funnel.caption"), header, rows)


def _alternative(release: Release, sheet: UnitSheet | None, wording: Wording) -> str:
    limits, found = release.region.funnel, points(release, sheet)
    if not limits or not found:
        return wording("funnel.alternative_empty")
    outside = [point for point in found if not _ordinary(limits, point)]
    text = wording(
        "funnel.alternative",
        n=wording.counted("municipalities", len(found)),
        outside=wording.counted("municipalities", len(outside)),
        centre=wording.number(release.region.funnel_centre),
    )
    own = next((point for point in found if point.own), None)
    if own is None or sheet is None:
        return text
    key = "own_inside" if _ordinary(limits, own) else "own_outside"
    return f"{text} {wording(f'funnel.{key}', name=release.municipality(sheet.ags).name)}"


def _ordinary(limits: tuple[FunnelLimit, ...], point: Point) -> bool:
    """Whether a point lies within the inner limits at the nearest smaller number of answers."""
    below = [limit for limit in limits if limit.n <= point.n] or list(limits[:1])
    return below[-1].low <= point.score <= below[-1].high

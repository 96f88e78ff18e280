"""The region by dimension: quartiles of the municipalities' self-assessments and the newcomers' mean, no names."""

from __future__ import annotations

from reports.figures import marks
from reports.figures.drawing import Canvas, Figure, Table
from reports.figures.dumbbell import estimate
from reports.figures.profile import median_of, middle_half
from reports.figures.rows import Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import RegionIndicator, RegionNode, Release

Line = tuple[RegionNode, RegionIndicator | None]


def draw(release: Release, language: str = "de") -> Figure:
    """The profile of the whole region; a dimension too few municipalities can be shown for has a dash."""
    wording = Wording(language)
    svg = plan(release, wording).svg(wording("region_profile.title", region=release.region_name))
    return Figure(svg, _alternative(release, wording), _table(release, wording))


def lines(release: Release) -> list[Line]:
    """Every dimension with the newcomers' indicator of the same dimension, if there is one."""
    outside = {score.indicator: score for score in release.region.outside_view if score.kind == "dimension"}
    return [(node, outside.get(node.node)) for node in release.region.self_view if node.kind == "dimension"]


def plan(release: Release, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    rows: list[Row] = []
    area = None
    for node, outside in lines(release):
        dimension = release.catalogue.dimension(node.node)
        if dimension.area != area:
            area = dimension.area
            rows.append(Row(release.catalogue.area(area).title[wording.language], heading=True))
        values = (median_of(node.spread, wording), wording.number(outside.typical if outside else None))
        rows.append(Row(f"{dimension.id}  {dimension.title[wording.language]}", _Mark(node, outside), values))
    legend = [marks.key(wording, name) for name in ("municipalities", "newcomers", "interval")]
    columns = [(wording("region_profile.median"), 66.0), (wording("region_profile.newcomers"), 52.0)]
    return compose(Plan(rows, legend, marks.TICKS, columns))


class _Mark:
    """Paints one dimension: the bar of the municipalities and the newcomers' mean with its interval."""

    def __init__(self, node: RegionNode, outside: RegionIndicator | None) -> None:
        self.node = node
        self.outside = outside

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        if self.node.spread:
            marks.quartiles(canvas, scale, y, self.node.spread)
        if self.outside is None or self.outside.typical is None:
            return
        if self.outside.typical_low is not None and self.outside.typical_high is not None:
            marks.interval(canvas, scale, y, self.outside.typical_low, self.outside.typical_high)
        marks.newcomers_view(canvas, scale, y, self.outside.typical)


def _table(release: Release, wording: Wording) -> Table:
    keys = ("dimension", "n", "median", "half", "newcomers")
    rows = tuple(_table_row(release, node, outside, wording) for node, outside in lines(release))
    header = tuple(wording(f"region_profile.header.{key}") for key in keys)
    return Table(wording("region_profile.caption", region=release.region_name), header, rows)


def _table_row(
    release: Release, node: RegionNode, outside: RegionIndicator | None, wording: Wording
) -> tuple[str, ...]:
    newcomers = wording.number(None)
    if outside:
        newcomers = estimate(
            wording.number(outside.typical), wording.interval(outside.typical_low, outside.typical_high)
        )
    return (
        f"{node.node} {release.catalogue.dimension(node.node).title[wording.language]}",
        wording.number(node.spread.n if node.spread else None),
        median_of(node.spread, wording),
        middle_half(node.spread, wording),
        newcomers,
    )


def _alternative(release: Release, wording: Wording) -> str:
    known = sorted(
        ((node.spread.median, node.node) for node, _ in lines(release) if node.spread),
        key=lambda pair: (pair[0], pair[1]),
    )
    if not known:
        return wording("region_profile.alternative_empty", region=release.region_name)

    def named(entry: tuple[float, str]) -> str:
        title = release.catalogue.dimension(entry[1]).title[wording.language]
        return wording("profile.named", title=title, score=wording.number(entry[0]))

    values = {"region": release.region_name, "best": named(known[-1]), "worst": named(known[0])}
    return wording("region_profile.alternative", **values)

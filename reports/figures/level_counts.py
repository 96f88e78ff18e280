"""How many municipalities stand at which maturity level, criterion by criterion."""

from __future__ import annotations

from reports.figures.drawing import (
    BLUE,
    BLUE_LIGHT,
    BLUE_PALE,
    GREY,
    INK,
    WHITE,
    Canvas,
    Figure,
    Table,
    text_width,
)
from reports.figures.rows import SMALL, Key, Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import RegionNode, Release

# fill and colour of the number on it, from pale to dark so that the order reads in grey
STYLES = ((WHITE, INK), (BLUE_PALE, INK), (BLUE_LIGHT, INK), (BLUE, WHITE), (INK, WHITE))


def draw(release: Release, area: str, language: str = "de") -> Figure:
    """The criteria of one area; a criterion too few municipalities answered has a remark instead of a bar."""
    wording = Wording(language)
    title = wording("level_counts.title", area=release.catalogue.area(area).title[language])
    return Figure(
        plan(release, area, wording).svg(title), _alternative(release, area, wording), _table(release, area, wording)
    )


def nodes(release: Release, area: str) -> list[RegionNode]:
    """The region's nodes of the area's criteria in catalogue order."""
    known = {node.node: node for node in release.region.self_view if node.kind == "criterion"}
    criteria = [c for d in release.catalogue.dimensions_of(area) for c in release.catalogue.criteria_of(d.id)]
    return [known[criterion.id] for criterion in criteria if criterion.id in known]


def plan(release: Release, area: str, wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    most = max([sum(node.levels) for node in nodes(release, area) if node.levels], default=1) or 1
    legend = [Key(_level(release, number, wording), _Swatch(number)) for number in range(5)]
    ticks = [(0.0, "0"), (float(most), wording.number(most))]
    columns = [(wording("level_counts.advanced"), 70.0)]
    chart = Plan(_rows(release, area, wording), legend, ticks, columns, label_width=190.0, high=float(most))
    return compose(chart)


def _rows(release: Release, area: str, wording: Wording) -> list[Row]:
    rows: list[Row] = []
    dimension = None
    for node in nodes(release, area):
        criterion = release.catalogue.criterion(node.node)
        if criterion.dimension != dimension:
            dimension = criterion.dimension
            title = release.catalogue.dimension(dimension).title[wording.language]
            rows.append(Row(f"{dimension}  {title}", heading=True))
        label = f"{criterion.id}  {criterion.title[wording.language]}"
        rows.append(Row(label, _Bars(node, wording), (_advanced(node, wording),)))
    return rows


def _advanced(node: RegionNode, wording: Wording) -> str:
    if node.levels is None or not sum(node.levels):
        return wording.number(None)
    return wording.percent(sum(node.levels[2:]) / sum(node.levels))


def _level(release: Release, number: int, wording: Wording) -> str:
    return f"{number} {release.catalogue.levels[number].name[wording.language]}"


class _Swatch:
    """Paints a sample of one level."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.box(scale.left, y - 4.5, scale.right, y + 4.5, fill=STYLES[self.number][0], edge=GREY)


class _Bars:
    """Paints the counts of one criterion as a stacked bar with the numbers in it."""

    def __init__(self, node: RegionNode, wording: Wording) -> None:
        self.levels = node.levels
        self.wording = wording

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        if self.levels is None:
            remark = self.wording("level_counts.too_few")
            canvas.text((scale.left + scale.right) / 2, y + 2.5, remark, size=SMALL, color=GREY, align="center")
            return
        start = 0
        for number, count in enumerate(self.levels):
            if count:
                self._paint(canvas, number, (scale.x(start), scale.x(start + count)), y)
            start += count

    def _paint(self, canvas: Canvas, number: int, ends: tuple[float, float], y: float) -> None:
        fill, color = STYLES[number]
        canvas.box(ends[0], y - 6, ends[1], y + 6, fill=fill, edge=GREY if fill == WHITE else WHITE)
        label = self.wording.number(self.levels[number] if self.levels else None)
        if ends[1] - ends[0] >= text_width(label, SMALL, 600) + 2:
            middle = sum(ends) / 2
            canvas.text(middle, y + SMALL * 0.34, label, size=SMALL, weight=600, color=color, align="center")


def _table(release: Release, area: str, wording: Wording) -> Table:
    levels = tuple(_level(release, number, wording) for number in range(5))
    header = (wording("level_counts.criterion"), *levels, wording("level_counts.not_applicable"))
    rows = tuple(
        (
            f"{node.node} {release.catalogue.criterion(node.node).title[wording.language]}",
            *(wording.number(count) for count in node.levels or (None,) * 5),
            wording.number(node.not_applicable),
        )
        for node in nodes(release, area)
    )
    caption = wording("level_counts.caption", area=release.catalogue.area(area).title[wording.language])
    return Table(caption, header, rows)


def _alternative(release: Release, area: str, wording: Wording) -> str:
    shares = sorted(
        (sum(node.levels[2:]) / sum(node.levels), node.node)
        for node in nodes(release, area)
        if node.levels and sum(node.levels)
    )
    title = release.catalogue.area(area).title[wording.language]
    if not shares:
        return wording("level_counts.alternative_empty", area=title)

    def named(entry: tuple[float, str]) -> str:
        text = release.catalogue.criterion(entry[1]).title[wording.language]
        return wording("distribution.named", text=text, share=wording.percent(entry[0]))

    return wording("level_counts.alternative", area=title, best=named(shares[-1]), worst=named(shares[0]))

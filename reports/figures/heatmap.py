"""Municipalities down, dimensions across: the self-assessments of those that agreed, with the number in every cell."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures.drawing import (
    BLUE,
    BLUE_LIGHT,
    BLUE_PALE,
    GREY,
    INK,
    LINE,
    PALE,
    WHITE,
    WIDTH,
    Canvas,
    Figure,
    Table,
    wrapped,
)
from reports.figures.profile import dimension_scores
from reports.figures.rows import SMALL, Key, Scale, legend_places, paint_key
from reports.wording import Wording
from scoring.release import Release, UnitSheet

MOST = 40
LABEL = 132.0
# upper end of each class, its fill, and the colour of the number on it: from pale to dark, so that it reads in grey
CLASSES = ((20, WHITE, INK), (40, BLUE_PALE, INK), (60, BLUE_LIGHT, INK), (80, "#4a6cc0", WHITE), (101, BLUE, WHITE))


def draw(release: Release, sheets: Sequence[UnitSheet], place: str, language: str = "de") -> Figure:
    """The ``sheets`` by name in the alphabet's order; of more than ``MOST`` the others stand in the table only."""
    wording = Wording(language)
    svg = plan(release, sheets, wording).svg(wording("heatmap.title", place=place))
    return Figure(svg, _alternative(release, sheets, place, wording), _table(release, sheets, place, wording))


def by_name(release: Release, sheets: Sequence[UnitSheet]) -> list[UnitSheet]:
    """The sheets with a self-view, by the name of the municipality."""
    said = [sheet for sheet in sheets if any(score.score is not None for score in dimension_scores(sheet))]
    names = {m.ags: m.name for m in release.municipalities}
    return sorted(said, key=lambda sheet: (names[sheet.ags], sheet.ags))


def plan(release: Release, sheets: Sequence[UnitSheet], wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    found = by_name(release, sheets)
    names = {m.ags: m.name for m in release.municipalities}
    lines = [wrapped(names[sheet.ags], LABEL - 6)[:3] for sheet in found[:MOST]]
    heights = [max(15.0, len(text) * LINE + 4) for text in lines]
    legend = legend_places([Key(_class(number, wording), _Swatch(number)) for number in range(len(CLASSES))])
    top = legend[-1][2] + 30
    more = [wording("heatmap.more", n=wording.number(len(found) - MOST))] if len(found) > MOST else []
    canvas = Canvas(top + sum(heights) + 4 + 14 * len(more))
    for entry, x, y in legend:
        paint_key(canvas, entry, x, y)
    keys = [dimension.id for dimension in release.catalogue.dimensions]
    width = (WIDTH - LABEL) / max(len(keys), 1)
    for column, key in enumerate(keys):
        middle = LABEL + (column + 0.5) * width
        canvas.text(middle, top - 5, key, size=SMALL, weight=600, color=GREY, align="center")
    y = top
    for sheet, text, height in zip(found[:MOST], lines, heights, strict=True):
        canvas.paragraph(0, y + height / 2, text)
        _paint_row(canvas, sheet, keys, (y, y + height), width, wording)
        y += height
    for number, line in enumerate(more):
        canvas.text(0, y + 12 + 14 * number, line, size=SMALL, color=GREY)
    return canvas


def _paint_row(
    canvas: Canvas, sheet: UnitSheet, keys: Sequence[str], ends: tuple[float, float], width: float, wording: Wording
) -> None:
    scores = {score.node: score.score for score in dimension_scores(sheet)}
    for column, key in enumerate(keys):
        score, left = scores.get(key), LABEL + column * width
        fill, color = (WHITE, GREY) if score is None else _style(score)
        canvas.box(left + 0.7, ends[0] + 0.7, left + width - 0.7, ends[1] - 0.7, fill=fill, edge=PALE)
        base = (ends[0] + ends[1]) / 2 + SMALL * 0.34
        canvas.text(left + width / 2, base, wording.number(score), size=SMALL, color=color, align="center")


def _style(score: float) -> tuple[str, str]:
    return next((fill, color) for end, fill, color in CLASSES if score < end)


def _class(number: int, wording: Wording) -> str:
    low = CLASSES[number - 1][0] if number else 0
    high = min(CLASSES[number][0], 100)
    return wording("heatmap.class", low=wording.number(low), high=wording.number(high))


class _Swatch:
    """Paints a sample of one class."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.box(scale.left, y - 4.5, scale.right, y + 4.5, fill=CLASSES[self.number][1], edge=GREY)


def _table(release: Release, sheets: Sequence[UnitSheet], place: str, wording: Wording) -> Table:
    names = {m.ags: m.name for m in release.municipalities}
    keys = [dimension.id for dimension in release.catalogue.dimensions]
    rows = []
    for sheet in by_name(release, sheets):
        scores = {score.node: score.score for score in dimension_scores(sheet)}
        rows.append((names[sheet.ags], *(wording.number(scores.get(key)) for key in keys)))
    return Table(wording("heatmap.caption", place=place), (wording("heatmap.municipality"), *keys), tuple(rows))


def _alternative(release: Release, sheets: Sequence[UnitSheet], place: str, wording: Wording) -> str:
    found = by_name(release, sheets)
    if not found:
        return wording("heatmap.alternative_empty", place=place)
    sums: dict[str, list[float]] = {}
    for sheet in found:
        for score in dimension_scores(sheet):
            if score.score is not None:
                sums.setdefault(score.node, []).append(score.score)
    means = sorted((sum(values) / len(values), node) for node, values in sums.items())

    def named(entry: tuple[float, str]) -> str:
        title = release.catalogue.dimension(entry[1]).title[wording.language]
        return wording("profile.named", title=title, score=wording.number(entry[0]))

    count = wording.counted("municipalities", len(found))
    return wording("heatmap.alternative", place=place, n=count, best=named(means[-1]), worst=named(means[0]))

"""The picture that a link to the results shows elsewhere: the question, the round, how many took part."""

from __future__ import annotations

import io

from reports.figures.drawing import BLUE, GREY, INK, ORANGE, PALE, WHITE, Canvas, wrapped
from reports.figures.field import shortened
from reports.figures.tile_map import state, tiles
from reports.wording import Wording
from scoring.release import Release

WIDTH, HEIGHT = 1200, 630
EDGE = 64
TITLE, TEXT = 58, 30
MAP = (800.0, 150.0, 336.0, 330.0)
_FILLS = {"shown": BLUE, "part": "#97afe1", "away": PALE}


def png(release: Release, language: str = "de") -> bytes:
    """The picture as PNG, 1200 by 630 pixels; the same release gives the same bytes."""
    from reports.figures.library import FigureCanvasAgg

    buffer = io.BytesIO()
    canvas = FigureCanvasAgg(plan(release, Wording(language)).picture)
    canvas.print_png(buffer, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def plan(release: Release, wording: Wording) -> Canvas:
    """The drawing before it becomes a picture."""
    canvas = Canvas(HEIGHT, WIDTH)
    canvas.box(0, 0, WIDTH, HEIGHT, fill=WHITE)
    canvas.box(0, 0, WIDTH, 18, fill=BLUE)
    room = MAP[0] - 2 * EDGE
    brand = shortened(wording("frame.author", region=release.region_name), WIDTH - 2 * EDGE, TEXT, 600)
    canvas.text(EDGE, 92, brand, size=TEXT, weight=600, color=BLUE)
    for number, line in enumerate(wrapped(wording("region.title", region=release.region_name), room, TITLE, 600)[:4]):
        canvas.text(EDGE, 200 + number * 70, line, size=TITLE, weight=600, color=INK)
    for number, line in enumerate(_facts(release, wording)):
        canvas.text(EDGE, 500 + number * 42, shortened(line, WIDTH - 2 * EDGE, TEXT), size=TEXT, color=GREY)
    if release.demo:
        canvas.text(WIDTH - EDGE, 92, wording("frame.demo"), size=TEXT, weight=600, color=ORANGE, align="right")
    _paint_map(canvas, release)
    return canvas


def _facts(release: Release, wording: Wording) -> list[str]:
    taking_part = sum(municipality.participates for municipality in release.municipalities)
    parts = [wording.counted("municipalities", taking_part)]
    if release.region.responses is not None:
        parts.append(wording.counted("answers", release.region.responses))
    return [release.round.title, " · ".join(parts)]


def _paint_map(canvas: Canvas, release: Release) -> None:
    """Every municipality as a tile without a name."""
    placed = tiles(release.municipalities)
    columns, rows = (max((place[axis] for place in placed.values()), default=0) + 1 for axis in (0, 1))
    left, top, width, height = MAP
    side = min(width / columns, height / rows)
    for municipality in release.municipalities:
        column, row = placed[municipality.ags]
        x, y, gap = left + column * side, top + row * side, side / 12
        fill = _FILLS[state(release, municipality)]
        canvas.box(x + gap, y + gap, x + side - gap, y + side - gap, fill=fill)

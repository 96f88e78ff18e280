"""How newcomers answered each item: stacked bars that diverge from the middle answer."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from reports.figures.drawing import (
    BLUE,
    BLUE_LIGHT,
    GREY,
    INK,
    ORANGE,
    ORANGE_LIGHT,
    PALE,
    WHITE,
    Canvas,
    Figure,
    Table,
    text_width,
)
from reports.figures.rows import SMALL, Key, Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import OutsideScore, RegionIndicator, Release

Indicator = OutsideScore | RegionIndicator
Shares = tuple[float, float, float, float, float]

# fill, hatch colour, hatch, colour of the number on it
STYLES = (
    (ORANGE, WHITE, "////", INK),
    (ORANGE_LIGHT, None, None, INK),
    (PALE, None, None, INK),
    (BLUE_LIGHT, None, None, INK),
    (BLUE, None, None, WHITE),
)
_HALF = 6.0


def draw(release: Release, indicators: Sequence[Indicator], place: str, language: str = "de") -> Figure:
    """The items of ``indicators`` in their order; ``place`` is whose answers they are.

    An item without a distribution keeps its row and says that there are too few answers.
    """
    wording = Wording(language)
    items = [indicator for indicator in indicators if indicator.kind == "item"]
    svg = plan(release, items, wording).svg(wording("distribution.title", place=place))
    return Figure(svg, _alternative(release, items, place, wording), _table(release, items, place, wording))


def score_of(indicator: Indicator) -> float | None:
    """The mean of an indicator, for a region the one over all answers."""
    return indicator.score if isinstance(indicator, OutsideScore) else indicator.pooled


def plan(release: Release, items: Sequence[Indicator], wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    rows = [Row(_label(release, item, wording), _mark(item, wording), _values(item, wording)) for item in items]
    labels = [label[wording.language] for label in release.catalogue.rating_labels]
    legend = [Key(label, _Swatch(number)) for number, label in enumerate(labels)]
    low, high = _extent(items)
    ticks = [(float(value), f"{abs(value)}{wording('numbers.percent')}") for value in range(low, high + 1, 25)]
    columns = [(wording("distribution.answers"), 48.0), (wording("distribution.score"), 34.0)]
    return compose(Plan(rows, legend, ticks, columns, label_width=192.0, low=low, high=high))


def _extent(items: Sequence[Indicator]) -> tuple[int, int]:
    """How far the bars reach to both sides of the middle answer in per cent, in steps of 25 and at least one step."""
    starts = [_start(item.distribution) for item in items if item.distribution]
    low = min(starts, default=0.0)
    high = max((start + 100 for start in starts), default=0.0)
    return min(-25, floor(low / 25) * 25), max(25, ceil(high / 25) * 25)


def _start(shares: Shares) -> float:
    """Where a bar begins, so that the middle of its middle answer stands at zero."""
    return -100 * (shares[0] + shares[1] + shares[2] / 2)


def _label(release: Release, item: Indicator, wording: Wording) -> str:
    return f"{item.indicator}  {release.catalogue.item(item.indicator).text[wording.language]}"


def _values(item: Indicator, wording: Wording) -> tuple[str, str]:
    return wording.number(item.n), wording.number(score_of(item))


def _mark(item: Indicator, wording: Wording) -> _Bars | _Remark:
    if item.distribution:
        return _Bars(item.distribution, wording)
    alike = isinstance(item, OutsideScore) and item.homogeneous
    return _Remark(wording(f"outside_status.{'alike' if alike else 'suppressed'}"))


class _Swatch:
    """Paints a sample of one answer."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        _paint_box(canvas, self.number, scale.left, scale.right, y, 4.5)


class _Remark:
    """Writes why there is no bar."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.text((scale.left + scale.right) / 2, y + SMALL * 0.34, self.text, size=SMALL, color=GREY, align="center")


class _Bars:
    """Paints the five shares of one item, the middle of the middle answer at zero."""

    def __init__(self, shares: Shares, wording: Wording) -> None:
        self.shares = shares
        self.wording = wording

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        left = _start(self.shares)
        for number, share in enumerate(self.shares):
            right = left + 100 * share
            if share > 0:
                self._paint(canvas, number, (scale.x(left), scale.x(right)), y)
            left = right

    def _paint(self, canvas: Canvas, number: int, ends: tuple[float, float], y: float) -> None:
        left, right = ends
        _paint_box(canvas, number, left, right, y, _HALF)
        label = self.wording.number(100 * self.shares[number])
        room = text_width(label, SMALL, 600) + 4
        if right - left < room:
            return
        middle = (left + right) / 2
        if STYLES[number][2]:
            canvas.box(middle - room / 2 + 1, y - 4, middle + room / 2 - 1, y + 4, fill=WHITE)
        canvas.text(middle, y + SMALL * 0.34, label, size=SMALL, weight=600, color=STYLES[number][3], align="center")


def _paint_box(canvas: Canvas, number: int, left: float, right: float, y: float, half: float) -> None:
    fill, edge, hatch, _ = STYLES[number]
    canvas.box(left, y - half, right, y + half, fill=fill, edge=edge or WHITE, hatch=hatch)


def _table(release: Release, items: Sequence[Indicator], place: str, wording: Wording) -> Table:
    labels = tuple(label[wording.language] for label in release.catalogue.rating_labels)
    header = (
        wording("distribution.item"),
        wording("distribution.answers"),
        *labels,
        wording("distribution.not_concerned"),
    )
    rows = tuple(
        (
            _label(release, item, wording),
            wording.number(item.n),
            *(wording.percent(share) for share in item.distribution or (None,) * 5),
            wording.percent(item.not_concerned),
        )
        for item in items
    )
    return Table(wording("distribution.caption", place=place), header, rows)


def _alternative(release: Release, items: Sequence[Indicator], place: str, wording: Wording) -> str:
    known = sorted((item for item in items if item.distribution), key=lambda item: (_agreeing(item), item.indicator))
    if not known:
        return wording("distribution.alternative_empty", place=place)
    return wording(
        "distribution.alternative",
        place=place,
        n=len(known),
        all=len(items),
        best=_named(release, known[-1], wording),
        worst=_named(release, known[0], wording),
    )


def _agreeing(item: Indicator) -> float:
    return sum(item.distribution[3:]) if item.distribution else 0.0


def _named(release: Release, item: Indicator, wording: Wording) -> str:
    text = release.catalogue.item(item.indicator).text[wording.language]
    return wording("distribution.named", text=text, share=wording.percent(_agreeing(item)))

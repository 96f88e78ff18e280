"""What newcomers wrote about in their own words: how many free texts people read as being about each theme."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures.drawing import BLUE_LIGHT, GREY, Canvas, Figure, Table
from reports.figures.rows import Plan, Row, Scale, compose
from reports.wording import Wording
from scoring.release import Release, Theme


def draw(release: Release, themes: Sequence[Theme], place: str, language: str = "de") -> Figure:
    """The themes of a place, the most frequent first; those with too few texts are not in the release."""
    wording = Wording(language)
    svg = plan(themes, wording).svg(wording("themes.title", place=place))
    return Figure(svg, _alternative(themes, place, wording), _table(release, themes, place, wording))


def plan(themes: Sequence[Theme], wording: Wording) -> Canvas:
    """The drawing before it becomes SVG."""
    most = float(max((theme.n for theme in themes), default=1) or 1)
    rows = [Row(title_of(theme, wording), _Bar(theme.n), (wording.number(theme.n),)) for theme in themes]
    ticks = ((0.0, "0"), (most, wording.number(most)))
    return compose(Plan(rows, [], ticks, [(wording("themes.texts"), 40.0)], high=most))


def title_of(theme: Theme, wording: Wording) -> str:
    """The name of a theme in the reader's language, or in the one it has."""
    return theme.title.get(wording.language) or next(iter(theme.title.values()), theme.theme)


class _Bar:
    """Paints a number of texts as a bar."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __call__(self, canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.box(scale.left, y - 5, max(scale.x(self.count), scale.left + 0.5), y + 5, fill=BLUE_LIGHT, edge=GREY)


def _table(release: Release, themes: Sequence[Theme], place: str, wording: Wording) -> Table:
    everywhere = {theme.theme: theme.n for theme in release.themes}
    header = tuple(wording(f"themes.header.{key}") for key in ("theme", "n", "region"))
    rows = tuple(
        (title_of(theme, wording), wording.number(theme.n), wording.number(everywhere.get(theme.theme)))
        for theme in themes
    )
    return Table(wording("themes.caption", place=place), header, rows)


def _alternative(themes: Sequence[Theme], place: str, wording: Wording) -> str:
    if not themes:
        return wording("themes.alternative_empty", place=place)
    first = [
        wording("themes.named", title=title_of(theme, wording), n=wording.counted("texts", theme.n))
        for theme in themes[:3]
    ]
    return wording("themes.alternative", place=place, n=wording.number(len(themes)), names=wording.listing(first))

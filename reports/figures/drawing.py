"""The visual language all figures share: colours, a canvas in points, text that is measured before it is set.

Origin top left, y downwards, one unit one point. Colours are KERN's; every meaning also has a shape, a hatch or a
word, so that a figure reads in grey and for colour-blind eyes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reports import fonts
from reports.figures.svg import cleaned

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.font_manager import FontProperties

INK = "#1d2034"
GREY = "#5b6185"
PALE = "#dfe1ea"
BLUE = "#2044aa"
BLUE_LIGHT = "#97afe1"
BLUE_PALE = "#d8e1f4"
ORANGE = "#ad6500"
ORANGE_LIGHT = "#ffb53a"
WHITE = "#ffffff"

WIDTH = 482.0
SIZE = 8.5
LINE = 10.5
ALIGNED = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Where a text stands at its place: which part of its width lies before it."""


@dataclass(frozen=True)
class Table:
    """The data of a figure as text: a caption, one header per column, and rows of as many cells."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A drawing with what stands in for it: the finding in words and the data as a table."""

    svg: str
    alternative: str
    table: Table


@lru_cache(maxsize=8192)
def text_width(text: str, size: float = SIZE, weight: int = 400) -> float:
    """Width of one line of text in points, as the font itself sets it."""
    from reports.figures import library

    font = library.get_font([fonts.file_of(weight), *fonts.fallbacks()])
    font.set_size(size, 72)
    # hinting rounds every letter to whole pixels; a drawing that scales has none
    font.set_text(text, 0.0, flags=library.LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


@lru_cache(maxsize=64)
def _font(family: str, size: float, weight: int) -> FontProperties:
    from reports.figures import library

    if family != fonts.FAMILY and weight == 600:  # the others have no semi-bold, and matplotlib would complain
        weight = 700
    return library.FontProperties(family=family, size=size, weight=weight)


def _weight(font: FontProperties) -> int:
    return int(font.get_weight())


def wrapped(text: str, width: float, size: float = SIZE, weight: int = 400) -> list[str]:
    """The text in lines no wider than ``width`` points; a word that is wider alone is broken."""
    lines: list[str] = []
    for word in _breakable(fonts.printable(" ".join(text.split())), width, size, weight):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size, weight) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines or [""]


def _breakable(text: str, width: float, size: float, weight: int) -> Iterator[str]:
    """The words; one that is wider than a line comes in the longest pieces that fit, at least a letter each."""
    for word in text.split(" "):
        piece = ""
        for letter in word if text_width(word, size, weight) > width else ():
            if piece and text_width(piece + letter, size, weight) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece or word


class Canvas:
    """A drawing of ``width`` by ``height`` points under construction."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        from reports.figures import library  # Not before something is drawn: it is heavy.

        fonts.install()
        self._library = library
        self.width = width
        self.height = height
        self.picture = library.Picture(figsize=(width / 72, height / 72), dpi=72)
        library.FigureCanvasSVG(self.picture)
        self._transform = library.Affine2D().scale(1, -1).translate(0, height)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        weight: int = 400,
        color: str = INK,
        align: str = "left",
    ) -> None:
        """One line of text with its baseline at ``y``; ``align`` says which part of it stands at ``x``."""
        runs = [(_font(family, size, weight), run) for family, run in fonts.runs(fonts.printable(text))]
        if len(runs) > 1:
            x -= ALIGNED[align] * sum(text_width(run, size, _weight(font)) for font, run in runs)
            align = "left"
        for font, run in runs:
            self._run(x, y, run, font, color, align)
            x += text_width(run, size, _weight(font))

    def _run(self, x: float, y: float, run: str, font: FontProperties, color: str, align: str) -> None:
        seen, size, weight = run.strip(), font.get_size(), _weight(font)
        if align == "left":  # SVG drops a space at the beginning of a text
            x += text_width(run, size, weight) - text_width(run.lstrip(), size, weight)
        # parse_math off: a dollar sign in a name is a dollar sign
        text = self._library.Text(x, y, seen, color=color, fontproperties=font, parse_math=False)
        text.set(ha=align, va="baseline")
        self._add(text)

    def paragraph(self, x: float, middle: float, lines: Sequence[str], *, weight: int = 400, color: str = INK) -> None:
        """Lines of text, centred vertically on ``middle``."""
        first = middle - (len(lines) - 1) * LINE / 2 + SIZE * 0.34
        for number, line in enumerate(lines):
            self.text(x, first + number * LINE, line, weight=weight, color=color)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        color: str = INK,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        stroke = self._library.Line2D([start[0], end[0]], [start[1], end[1]], color=color, linewidth=width)
        if dashed:
            stroke.set_linestyle((0.0, (2.5, 2.0)))
        self._add(stroke)

    def curve(
        self, points: Sequence[tuple[float, float]], *, color: str = INK, width: float = 1.0, dashed: bool = False
    ) -> None:
        """A line through points; nothing for fewer than two."""
        if len(points) < 2:
            return
        stroke = self._library.Line2D([x for x, _ in points], [y for _, y in points], color=color, linewidth=width)
        if dashed:
            stroke.set_linestyle((0.0, (2.5, 2.0)))
        self._add(stroke)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: str,
        edge: str | None = None,
        hatch: str | None = None,
    ) -> None:
        """A filled rectangle; its edge colour is also the colour of its hatch."""
        size = (right - left, bottom - top)
        self._add(
            self._library.Rectangle(
                (left, top), *size, facecolor=fill, edgecolor=edge or "none", linewidth=0.7 if edge else 0, hatch=hatch
            )
        )

    def marker(self, x: float, y: float, shape: str, *, fill: str, edge: str = WHITE, size: float = 8.0) -> None:
        """A marker of matplotlib's shapes: ``o`` circle, ``D`` diamond, ``s`` square."""
        self._add(
            self._library.Line2D(
                [x], [y], marker=shape, markersize=size, markerfacecolor=fill, markeredgecolor=edge, linestyle="none"
            )
        )

    def svg(self, title: str) -> str:
        """The drawing as SVG that needs no style sheet, with ``title`` as its accessible name."""
        buffer = io.StringIO()
        self.picture.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        return cleaned(buffer.getvalue(), title)

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self._transform)
        self.picture.add_artist(artist)

"""The typeface of every figure and document: Fira Sans (Latin, Cyrillic), Vazirmatn (Arabic), else DejaVu Sans.

``python -m reports.fonts NODE_MODULES`` makes the TTF files beside this module from the npm packages; both matplotlib
(which measures the text) and Typst (which sets it) read these files and no font of the system.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager

FOLDER = Path(__file__).parent
FAMILY = "Fira Sans"
FALLBACK = "DejaVu Sans"
STYLES = {
    (400, "normal"): "FiraSans-Regular.ttf",
    (400, "italic"): "FiraSans-Italic.ttf",
    (600, "normal"): "FiraSans-SemiBold.ttf",
    (700, "normal"): "FiraSans-Bold.ttf",
}
ARABIC_FAMILY = "Vazirmatn"
ARABIC_STYLES = {400: "Vazirmatn-Regular.ttf", 700: "Vazirmatn-Bold.ttf"}
"""For Arabic and Farsi; figures and reports are German and English and do without."""
SPACES = "\n\u00a0"  # not printable to Python, but meant
REPLACEMENT = "\N{WHITE SQUARE}"


class FontsMissing(RuntimeError):
    """The font files were not made yet."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            f"Schriftdateien fehlen in {FOLDER.name}/ ({', '.join(missing)}): bitte einmal „make setup“ ausführen."
        )


def fallback_folder() -> Path:
    """The folder of the fonts that come with matplotlib, DejaVu Sans among them."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def install() -> None:
    """Make the family known to matplotlib; ``FontsMissing`` if it was not built."""
    missing = [name for name in (*STYLES.values(), *ARABIC_STYLES.values()) if not (FOLDER / name).is_file()]
    if missing:
        raise FontsMissing(missing)
    for name in STYLES.values():
        font_manager.fontManager.addfont(FOLDER / name)


@cache
def file_of(weight: int = 400, style: str = "normal") -> str:
    """Path of the font file of a weight (400, 600, 700) and style; ``KeyError`` for a style that is not built."""
    install()
    return str(FOLDER / STYLES[weight, style])


@cache
def _letters(path: str) -> frozenset[int]:
    return frozenset(font_manager.get_font(path).get_charmap())


@cache
def _known() -> frozenset[int]:
    return _letters(file_of()) | _letters(str(fallback_folder() / "DejaVuSans.ttf"))


def family_for(text: str) -> str:
    """The family that has every character of the text: our own if it can."""
    return FAMILY if all(ord(character) in _letters(file_of()) for character in text) else FALLBACK


def printable(text: str) -> str:
    """The text with control characters dropped and every character that no font has replaced by a square.

    A document that is accessible by its standard must not hold a character it cannot show, and a name is not ours
    to choose: an emoji must not stop a report.
    """
    return "".join(_shown(character) for character in text if _has_a_shape(character))


def _has_a_shape(character: str) -> bool:
    """Whether a reader would see it: private-use characters count, controls and unseen marks do not."""
    return character.isprintable() or character in SPACES or unicodedata.category(character) == "Co"


def _shown(character: str) -> str:
    return character if ord(character) in _known() or character in SPACES else REPLACEMENT

"""The typeface of every figure and document: Fira Sans (Latin, Cyrillic), Vazirmatn (Arabic), DejaVu Sans, Noto Emoji.

``python -m reports.fonts NODE_MODULES`` makes the TTF files beside this module from the npm packages; both matplotlib
(which measures the text) and Typst (which sets it) read these files and no font of the system.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

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
EMOJI_FAMILY = "Noto Emoji"
EMOJI_FILE = "NotoEmoji-Regular.ttf"
"""For pictures in names and in what people wrote, in one colour like the rest."""
FAMILIES = (FAMILY, ARABIC_FAMILY, FALLBACK, EMOJI_FAMILY)
"""In the order in which a document looks for a character."""
FILES = (*STYLES.values(), *ARABIC_STYLES.values(), EMOJI_FILE)
SPACES = "\n\u00a0\u200c"  # not printable to Python, but meant


class FontsMissing(RuntimeError):
    """The font files were not made yet."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            f"Schriftdateien fehlen in {FOLDER.name}/ ({', '.join(missing)}): bitte einmal „make setup“ ausführen."
        )


def fallback_folder() -> Path:
    """The folder of the fonts that come with matplotlib, DejaVu Sans among them."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def install() -> None:
    """Make the family known to matplotlib; ``FontsMissing`` if it was not built."""
    missing = [name for name in FILES if not (FOLDER / name).is_file()]
    if missing:
        raise FontsMissing(missing)
    from matplotlib import font_manager  # It is heavy, and most processes never draw.

    for name in STYLES.values():
        font_manager.fontManager.addfont(FOLDER / name)
    emoji = str(FOLDER / EMOJI_FILE)
    for weight in (400, 700):  # it has one, and matplotlib would complain of bold type
        font_manager.fontManager.ttflist.append(font_manager.FontEntry(emoji, name=EMOJI_FAMILY, weight=weight))


@cache
def file_of(weight: int = 400, style: str = "normal") -> str:
    """Path of the font file of a weight (400, 600, 700) and style; ``KeyError`` for a style that is not built."""
    install()
    return str(FOLDER / STYLES[weight, style])


@cache
def _letters(path: str) -> frozenset[int]:
    from matplotlib import font_manager

    return frozenset(font_manager.get_font(path).get_charmap())


def fallbacks() -> list[str]:
    """Paths of the fonts that a figure looks through where its own lacks a character."""
    return [str(fallback_folder() / "DejaVuSans.ttf"), str(FOLDER / EMOJI_FILE)]


@cache
def _known() -> frozenset[int]:
    install()
    return frozenset().union(*map(_letters, (file_of(), str(FOLDER / ARABIC_STYLES[400]), *fallbacks())))


def runs(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the family that has it: our own or DejaVu Sans, and Noto Emoji for pictures."""
    pieces = ("".join(found) for _, found in groupby(text, _is_picture))
    return [(_family_for(piece), piece) for piece in pieces]


def _is_picture(character: str) -> bool:
    ours, other, pictures = file_of(), *fallbacks()
    letter = ord(character)
    return letter in _letters(pictures) and letter not in _letters(ours) and letter not in _letters(other)


def _family_for(piece: str) -> str:
    if _is_picture(piece[0]):
        return EMOJI_FAMILY
    return FAMILY if all(ord(character) in _letters(file_of()) for character in piece) else FALLBACK


def printable(text: str) -> str:
    """The text with control characters dropped, and the name of every character that no font has in its place.

    A document that is accessible by its standard must not hold a character it cannot show, and a name is not ours
    to choose: a strange letter must not stop a report, and its reader should know what stood there.
    """
    return "".join(_shown(character) for character in text if _has_a_shape(character))


def _has_a_shape(character: str) -> bool:
    """Whether a reader would see it: private-use characters count, controls and variations do not."""
    if unicodedata.name(character, "").startswith("VARIATION SELECTOR"):
        return False
    return character.isprintable() or character in SPACES or unicodedata.category(character) in ("Co", "Cn")


def _shown(character: str) -> str:
    if ord(character) in _known() or character in SPACES:
        return character
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}')}]"

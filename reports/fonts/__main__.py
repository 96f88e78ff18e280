"""Make the font files: ``python -m reports.fonts NODE_MODULES``.

The npm package ``@fontsource/fira-sans`` ships WOFF2 subsets; a document needs whole TTF files. Arabic and Farsi come
from ``@fontsource-variable/vazirmatn``, cut to two fixed weights, and emoji from ``@fontsource/noto-emoji``.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger  # type: ignore[import-untyped]
from fontTools.subset import Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]

from reports.fonts import ARABIC_FAMILY, ARABIC_STYLES, EMOJI_FAMILY, EMOJI_FILE, FAMILY, FOLDER, STYLES

FIRST_PICTURE = 0x2300
"""Letters, digits and arrows stand before it; the other fonts have them."""
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")


def build(node_modules: Path, folder: Path = FOLDER) -> list[Path]:
    """Write the TTF file of every style into ``folder``; ``FileNotFoundError`` names what the package lacks."""
    source = node_modules / "@fontsource" / "fira-sans" / "files"
    arabic = node_modules / "@fontsource-variable" / "vazirmatn" / "files" / "vazirmatn-arabic-wght-normal.woff2"
    emoji = node_modules / "@fontsource" / "noto-emoji" / "files" / "noto-emoji-emoji-400-normal.woff2"
    return [
        *(_build_style(source, weight, style, folder / name) for (weight, style), name in STYLES.items()),
        *(_build_weight(arabic, weight, folder / name) for weight, name in ARABIC_STYLES.items()),
        _build_emoji(emoji, folder / EMOJI_FILE),
    ]


def _build_emoji(source: Path, target: Path) -> Path:
    """The pictures only: its own digits and its space, as wide as a picture, would stand between those of the text."""
    if _is_newer(target, [source]):
        return target
    with tempfile.TemporaryDirectory() as folder:
        font = TTFont(_unpacked(source, Path(folder)))
        pictures = Subsetter()
        pictures.populate(unicodes=[letter for letter in font.getBestCmap() if letter >= FIRST_PICTURE])
        pictures.subset(font)
        _name_family(font, target.stem.rpartition("-")[2], EMOJI_FAMILY)
        _save(font, target)
    return target


def _build_weight(source: Path, weight: int, target: Path) -> Path:
    """One fixed weight of a variable font."""
    if _is_newer(target, [source]):
        return target
    with tempfile.TemporaryDirectory() as folder:
        font = instantiateVariableFont(TTFont(_unpacked(source, Path(folder))), {"wght": weight})
        _name_family(font, target.stem.rpartition("-")[2], ARABIC_FAMILY)
        font["OS/2"].usWeightClass = weight
        _save(font, target)
    return target


def _build_style(source: Path, weight: int, style: str, target: Path) -> Path:
    parts = [source / f"fira-sans-{subset}-{weight}-{style}.woff2" for subset in SUBSETS]
    if _is_newer(target, parts):
        return target
    with tempfile.TemporaryDirectory() as folder:
        font = Merger().merge([_unpacked(part, Path(folder)) for part in parts])
        _name_family(font, target.stem.removeprefix("FiraSans-"))
        _save(font, target)
    return target


def _is_newer(target: Path, sources: list[Path]) -> bool:
    """Whether the file was made from these packed files, by this module as it is."""
    if not target.is_file():
        return False
    made = target.stat().st_mtime
    return all(source.is_file() and source.stat().st_mtime <= made for source in (*sources, Path(__file__)))


def _save(font: TTFont, target: Path) -> None:
    """Write aside and move, so that a build that was stopped leaves no half font."""
    aside = target.with_suffix(".part")
    font.save(aside)
    aside.replace(target)


def _unpacked(woff2: Path, folder: Path) -> str:
    if not woff2.is_file():
        raise FileNotFoundError(f"{woff2} fehlt: bitte die npm-Pakete installieren (npm ci).")
    font = TTFont(woff2)
    font.flavor = None
    path = folder / f"{woff2.stem}.ttf"
    font.save(path)
    return str(path)


def _name_family(font: TTFont, style: str, family: str = FAMILY) -> None:
    """One family name for all weights; the packed files call the semi-bold a family of its own."""
    for identifier, name in ((1, family), (2, style), (16, family), (17, style)):
        font["name"].setName(name, identifier, 3, 1, 0x409)


def main(arguments: list[str]) -> int:
    """Build the fonts from the folder given; 0, or 1 with a sentence that says what is missing."""
    if len(arguments) != 1:
        print("Aufruf: python -m reports.fonts NODE_MODULES", file=sys.stderr)  # noqa: T201
        return 2
    logging.disable(logging.WARNING)
    try:
        paths = build(Path(arguments[0]))
    except FileNotFoundError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print(f"{len(paths)} Schriftdateien liegen in {FOLDER.parent.name}/{FOLDER.name}/.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

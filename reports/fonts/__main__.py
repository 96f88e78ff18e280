"""Make the font files: ``python -m reports.fonts NODE_MODULES``.

The npm package ``@fontsource/fira-sans`` ships WOFF2 subsets; a document needs whole TTF files.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from reports.fonts import FAMILY, FOLDER, STYLES

SUBSETS = ("latin", "latin-ext")


def build(node_modules: Path, folder: Path = FOLDER) -> list[Path]:
    """Write the TTF file of every style into ``folder``; ``FileNotFoundError`` names what the package lacks."""
    source = node_modules / "@fontsource" / "fira-sans" / "files"
    return [_build_style(source, weight, style, folder / name) for (weight, style), name in STYLES.items()]


def _build_style(source: Path, weight: int, style: str, target: Path) -> Path:
    parts = [source / f"fira-sans-{subset}-{weight}-{style}.woff2" for subset in SUBSETS]
    if target.is_file() and all(part.is_file() and part.stat().st_mtime <= target.stat().st_mtime for part in parts):
        return target
    with tempfile.TemporaryDirectory() as folder:
        font = Merger().merge([_unpacked(part, Path(folder)) for part in parts])
        _name_family(font, target.stem.removeprefix("FiraSans-"))
        # written aside and moved, so that a build that was stopped leaves no half font
        aside = target.with_suffix(".part")
        font.save(aside)
        aside.replace(target)
    return target


def _unpacked(woff2: Path, folder: Path) -> str:
    if not woff2.is_file():
        raise FileNotFoundError(f"{woff2} fehlt: bitte das npm-Paket @fontsource/fira-sans installieren.")
    font = TTFont(woff2)
    font.flavor = None
    path = folder / f"{woff2.stem}.ttf"
    font.save(path)
    return str(path)


def _name_family(font: TTFont, style: str) -> None:
    """One family name for all weights; the packed files call the semi-bold a family of its own."""
    for identifier, name in ((1, FAMILY), (2, style), (16, FAMILY), (17, style)):
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

"""Cut the web fonts down to the letters and the typesetting the pages use: ``subset_fonts.py NODE_MODULES TARGET``.

What arrives from npm carries small capitals, fractions and old-style figures that no page shows. The newcomers' pages
get fonts of their own, one file for each weight of a script, cut to the letters of their texts: a first page has a
budget (docs/accessibility.md), and whoever opens it may be on a slow line.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib import instancer  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[3]
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]
SHAPING = [*FEATURES, "init", "medi", "fina", "isol", "rlig", "calt"]
WEIGHTS = (400, 600)
SUBSETS = ("latin", "latin-ext")
ZERO_WIDTH = {0x200B, 0x200C, 0x200D, 0xFEFF}
JOINERS = {0x200C, 0x200D}
# What people type and what places are called, whatever the texts happen to hold.
ALWAYS = frozenset(string.ascii_letters + string.digits + string.punctuation + " ÄÖÜäöüß»«„“”’–…·€")
ARABIC = frozenset(map(chr, [*range(0x0621, 0x063B), *range(0x0641, 0x0653)])) | frozenset("پچژکگیۀ،؛؟")
CYRILLIC = frozenset(map(chr, range(0x0410, 0x0450))) | frozenset("ЁёЄєІіЇїҐґ№")


def newcomers_letters() -> frozenset[str]:
    """Every character of the texts that newcomers read, in all their languages, and what people type besides."""
    files = [*ROOT.glob("questionnaires/welcome/*/*.yaml"), *ROOT.glob("app/web/translations/*/LC_MESSAGES/*.po")]
    texts = (re.sub("(?m)^(#|msgid).*", "", path.read_text("utf-8")) for path in files)
    return ALWAYS | ARABIC | CYRILLIC | {letter for text in texts for letter in text if letter.isprintable()}


def cut(source: Path, target: Path, letters: Iterable[str] | None = None) -> None:
    """Write ``source`` without unused features and hints to ``target``; with ``letters``, or all but those unseen."""
    font = TTFont(source)
    known = set(font.getBestCmap()) - ZERO_WIDTH
    shrink(font, known if letters is None else known & set(map(ord, letters)), FEATURES)
    font.save(target)


def cut_variable(source: Path, target: Path, letters: Iterable[str]) -> None:
    """The same of a variable font, with the weights that pages use and what joins letters to words."""
    font = TTFont(source)
    shrink(font, (set(font.getBestCmap()) & set(map(ord, letters))) | JOINERS, SHAPING)
    instancer.instantiateVariableFont(font, {"wght": (WEIGHTS[0], WEIGHTS[0], WEIGHTS[-1])}, inplace=True)
    font.save(target)


def shrink(font: TTFont, letters: set[int], features: list[str]) -> None:
    """Leave only these letters and features in the font."""
    subsetter = Subsetter(Options(layout_features=features, hinting=False, desubroutinize=True, flavor="woff2"))
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.flavor = "woff2"


def main(modules: Path, folder: Path) -> None:
    """Cut every font the style sheets name."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = newcomers_letters()
    fira, vazirmatn = modules / "@fontsource/fira-sans/files", modules / "@fontsource-variable/vazirmatn/files"
    for weight in WEIGHTS:
        for subset in SUBSETS:
            cut(fira / f"fira-sans-{subset}-{weight}-normal.woff2", folder / f"fira-sans-{subset}-{weight}.woff2")
        for subset in (*SUBSETS, "cyrillic"):
            source = fira / f"fira-sans-{subset}-{weight}-normal.woff2"
            cut(source, folder / f"newcomers-{subset}-{weight}.woff2", letters)
    for subset, wanted in (("arabic", letters), ("latin", ALWAYS)):
        source = vazirmatn / f"vazirmatn-{subset}-wght-normal.woff2"
        cut_variable(source, folder / f"newcomers-vazirmatn-{subset}.woff2", wanted)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

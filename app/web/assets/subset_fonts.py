"""Cut the web fonts down to the letters and the typesetting the pages use: ``subset_fonts.py NODE_MODULES TARGET``.

What arrives from npm carries small capitals, fractions and old-style figures that no page shows; without them
the two weights of a newcomer's first page fit its budget.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]
WEIGHTS = (400, 600)
SUBSETS = ("latin", "latin-ext")
ZERO_WIDTH = {0x200B, 0x200C, 0x200D, 0xFEFF}


def cut(source: Path, target: Path) -> None:
    """Write ``source`` without unused features and hints to ``target``."""
    font = TTFont(source)
    options = Options(layout_features=FEATURES, hinting=False, desubroutinize=True, flavor="woff2")
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(font.getBestCmap()) - ZERO_WIDTH)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def main(modules: Path, folder: Path) -> None:
    """Cut every font the style sheets name."""
    folder.mkdir(parents=True, exist_ok=True)
    for subset in SUBSETS:
        for weight in WEIGHTS:
            source = modules / f"@fontsource/fira-sans/files/fira-sans-{subset}-{weight}-normal.woff2"
            cut(source, folder / f"fira-sans-{subset}-{weight}.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

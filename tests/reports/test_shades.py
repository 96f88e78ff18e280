"""Shades that stand side by side can be told apart in grey and by colour-blind eyes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from reports.figures import distribution, heatmap, level_counts, participation, tile_map
from reports.figures.drawing import BLUE, ORANGE

LEAST = 8.0
"""Difference in lightness (CIE L*, 0 to 100) that shows between two neighbouring areas."""
EYES = {
    "in grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
    "without red (protanopia)": [[0.1124, 0.8876, 0], [0.1124, 0.8876, 0], [0.004, -0.004, 1]],
    "without green (deuteranopia)": [[0.2927, 0.7073, 0], [0.2927, 0.7073, 0], [-0.0223, 0.0223, 1]],
    "without blue (tritanopia)": [[1, 0.1443, -0.1443], [0, 0.8585, 0.1415], [0, 0.8585, 0.1415]],
}
"""What is left of linear red, green and blue (Viénot, Brettel and Mollon 1999; grey as luminance)."""
NEIGHBOURS = {
    "levels": [style[0] for style in level_counts.STYLES],
    "classes of the heat map": [shade for _, shade, _ in heatmap.CLASSES],
    "disagreement": [style[0] for style in distribution.STYLES[:3]],
    "agreement": [style[0] for style in distribution.STYLES[2:]],
    "both views": [BLUE, ORANGE],
}


def lightness(colour: str, eyes: object) -> float:
    """CIE L* of a colour as those eyes see it."""
    part = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    luminance = float(np.clip(np.asarray(eyes) @ linear, 0, 1) @ [0.2126, 0.7152, 0.0722])
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("palette", NEIGHBOURS)
def test_neighbouring_shades_differ_in_lightness(palette: str, eyes: str):
    for one, other in pairwise(NEIGHBOURS[palette]):
        assert abs(lightness(one, EYES[eyes]) - lightness(other, EYES[eyes])) >= LEAST, (one, other)


def test_where_lightness_is_close_a_hatch_tells_areas_apart():
    hatches = [hatch for _fill, _edge, hatch in tile_map.STATES.values()]
    assert hatches.count(None) == 2
    shown, _part, away = (fill for fill, _edge, _hatch in tile_map.STATES.values())
    assert abs(lightness(shown, EYES["in grey"]) - lightness(away, EYES["in grey"])) >= LEAST
    assert len({participation.HATCH.get(kind) for kind in participation.KINDS}) > 1
    assert distribution.STYLES[0][2]
    assert not any(style[2] for style in distribution.STYLES[1:])

"""The map of steps: every municipality on a tile of its own, with its number, and the counts in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.figures.stage_map import SHADES, Tile, draw, plan
from tests.reports.test_figures import check_texts

STEPS = tuple(f"Schritt {number}" for number in range(len(SHADES)))
DISTRICTS = (("05958", "Hochsauerlandkreis"), ("05966", "Kreis Olpe"))


def tiles(count: int, name: str = "Ort") -> tuple[Tile, ...]:
    return tuple(
        Tile(f"{n:08d}", f"{name} {n}", DISTRICTS[n % 2][0], 51 + n % 7 / 10, 8 + n / 20, n % len(STEPS))
        for n in range(count)
    )


CASES = {
    "none": (),
    "one": tiles(1),
    "the region": tiles(59),
    "all at one step": tuple(replace(tile, step=4) for tile in tiles(59)),
    "thousands": tiles(3_000),
    "long names": tiles(59, "Schmallenberg-Oberkirchen-Winkhausen"),
}


@pytest.mark.parametrize("case", CASES)
def test_no_text_stands_outside(case):
    check_texts(case, plan(CASES[case], STEPS, DISTRICTS))


def test_every_municipality_has_its_tile_its_number_and_its_row():
    figure = draw(tiles(20), STEPS, DISTRICTS)
    assert figure.alternative.startswith("Karte mit gleich großen Feldern, ungefähr an ihrem Ort, 20 Kommunen.")
    assert "Schritt 0: 3; Schritt 1: 3; Schritt 2: 2" in figure.alternative
    assert len(figure.table.rows) == 20
    assert figure.table.rows[0] == ("Ort 0", "Hochsauerlandkreis", "Schritt 0")
    for number in range(20):
        assert f"Ort {number}" in figure.svg


def test_it_is_drawn_the_same_twice_and_in_english():
    draw.cache_clear()
    first = draw(tiles(5), STEPS, DISTRICTS, "en")
    draw.cache_clear()
    assert draw(tiles(5), STEPS, DISTRICTS, "en") == first
    assert "Map with tiles of equal size" in first.alternative

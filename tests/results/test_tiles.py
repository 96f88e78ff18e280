"""The map on the page of the region: every municipality once, links only to those that show their results."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.results import tiles
from reports.figures import tile_map
from scoring.release import Release
from tests.reports import sample
from tests.reports.test_figures import with_nothing, with_ten_thousand
from tests.results.test_public import release_of


def test_every_municipality_stands_on_the_map_once_where_the_printed_one_has_it(app: Flask, published: str):
    release = release_of(app, published)
    placed = tile_map.tiles(release.municipalities)
    found = {
        tile.place.municipality.ags: (column, row)
        for row, line in enumerate(tiles.map_of(release).rows)
        for column, tile in enumerate(line)
        if tile
    }
    assert found == placed
    assert len(found) == 59


def test_the_map_links_those_that_agreed_and_nobody_else(client: FlaskClient, app: Flask, published: str):
    release = release_of(app, published)
    page = BeautifulSoup(client.get("/ergebnisse").text, "html.parser")
    links = {link.select_one(".wk-tile__name").get_text() for link in page.select(".wk-map a")}
    assert links == {release.municipality(ags).name for ags in release.public}
    for link in page.select(".wk-map a")[:3]:
        assert client.get(link["href"]).status_code == 200
    others = page.select(".wk-map__row span.wk-tile:not(.wk-tile--gap)")
    assert len(others) == 59 - len(links)
    assert all("nimmt teil, ohne namentliche Ergebnisse" in tile.get_text() for tile in others)


def test_an_earlier_release_keeps_its_readers_on_its_map(client: FlaskClient, published: str):
    page = BeautifulSoup(client.get(f"/ergebnisse/stand/{published[:12]}").text, "html.parser")
    assert all(f"/stand/{published[:12]}/" in link["href"] for link in page.select(".wk-map a"))
    assert page.select(".wk-map a")


def test_every_district_has_its_number_and_a_border_to_the_others(app: Flask, published: str):
    release = release_of(app, published)
    made = tiles.map_of(release)
    numbers = {district.ags: number for number, district in enumerate(made.districts, start=1)}
    grid = {(c, r): tile for r, line in enumerate(made.rows) for c, tile in enumerate(line) if tile}
    for (column, row), tile in grid.items():
        assert tile.district == numbers[tile.place.municipality.district]
        right = grid.get((column + 1, row))
        assert ("east" in tile.borders) is (right is None or right.district != tile.district)


def test_short_names_are_three_letters_and_all_different(app: Flask, published: str):
    names = sorted(m.name for m in release_of(app, published).municipalities)
    short = tiles.short_names(tuple(names))
    assert all(len(text) == 3 for text in short.values())
    assert len(set(short.values())) == len(names)
    assert all(text.isalpha() for text in short.values())
    assert tiles.short_names(("Bad Berleburg", "Hallenberg", "Halver")) == {
        "Bad Berleburg": "BBe", "Hallenberg": "Hal", "Halver": "Hav",
    }  # fmt: skip


def test_too_many_or_no_municipalities_make_no_map():
    release: Release = sample.release()
    assert tiles.map_of(release) is not None
    assert tiles.map_of(with_ten_thousand(release)) is None
    assert tiles.map_of(with_nothing(release).model_copy(update={"municipalities": ()})) is None


def test_the_picture_of_the_map_is_for_paper_and_its_table_stays(client: FlaskClient, published: str):
    page = client.get("/ergebnisse").text
    assert "Karte der Kommunen: Südwestfalen" not in page
    assert "Kommunen, Kreise und Teilnahme" in page

from __future__ import annotations

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.results import criteria
from tests.results.test_public import release_of

LIST = "/ergebnisse/kriterien"


def named(html: str) -> list[str]:
    """The municipalities that a criterion's page names, in the order of the page."""
    names = BeautifulSoup(html, "html.parser").select(".wk-names a")
    return [name.get_text().strip() for name in names]


def test_every_criterion_names_those_who_agreed_and_stand_at_level_3_or_4_and_nobody_else(
    client: FlaskClient, app: Flask, published: str
):
    release = release_of(app, published)
    for criterion in release.catalogue.criteria[:6]:
        good = {
            release.municipality(ags).name
            for ags, sheet in release.public.items()
            for score in sheet.self_view
            if score.node == criterion.id and (score.level or 0) >= 3
        }
        html = client.get(f"{LIST}/{criterion.id}").text
        assert set(named(html)) == good
        assert named(html) == sorted(
            named(html), key=lambda n: n.lower().replace("ü", "ue").replace("ö", "oe").replace("ä", "ae")
        )


def test_a_municipality_that_did_not_agree_is_named_nowhere(client: FlaskClient, app: Flask, published: str):
    release = release_of(app, published)
    silent = {m.name for m in release.municipalities if not m.consented}
    for criterion in release.catalogue.criteria[:3]:
        assert not silent & set(named(client.get(f"{LIST}/{criterion.id}").text))


def test_the_list_tells_how_many_good_examples_there_are(client: FlaskClient, app: Flask, published: str):
    release = release_of(app, published)
    items = BeautifulSoup(client.get(LIST).text, "html.parser").main.find_all("li")
    texts = {li.a.get_text().split()[0]: " ".join(li.get_text().split()) for li in items if li.a}
    for criterion in release.catalogue.criteria:
        with app.test_request_context():
            count = len(criteria.examples_of(release, criterion.id))
        assert (f"– {count} gute" in texts[criterion.id]) is (count > 0)


def test_the_page_shows_levels_of_the_region_and_what_newcomers_say_with_base_and_interval(
    client: FlaskClient, app: Flask, published: str
):
    release = release_of(app, published)
    item, criterion = next(iter(release.catalogue.pairs()))
    found = next(s for s in release.region.outside_view if s.indicator == item.id)
    html = client.get(f"{LIST}/{criterion.id}").text
    assert item.text["de"] in html
    assert f"n = {found.n:,}".replace(",", ".") in html
    node = next(n for n in release.region.self_view if n.node == criterion.id)
    rows = BeautifulSoup(html, "html.parser").main.table.tbody.find_all("tr")
    assert [row.find_all("td")[-1].get_text() for row in rows] == [str(count) for count in node.levels]


def test_an_unknown_criterion_is_404_and_says_so(client: FlaskClient, published: str):
    page = client.get(f"{LIST}/Z9.9")
    assert page.status_code == 404
    assert "Ein Kriterium mit dieser Kennung gibt es nicht" in page.text


def test_a_criterion_asks_the_database_once(client: FlaskClient, published: str, statements: list[str]):
    for path in (LIST, f"{LIST}/A1.1"):
        client.get(path)
        statements.clear()
        client.get(path)
        assert len(statements) == 1

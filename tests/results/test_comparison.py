from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.releases import reading
from app.results import comparison, places
from scoring.release import Release
from tests.results.test_public import FEW, MANY, SILENT, release_of

PAGE = "/ergebnisse/vergleich"
OTHER = "meschede"


def heads(html: str) -> list[list[str]]:
    """The column heads of every table of a page, without the first."""
    tables = BeautifulSoup(html, "html.parser").main.find_all("table")
    return [[" ".join(th.get_text().split()) for th in table.thead.find_all(["th", "td"])][1:] for table in tables]


def test_up_to_four_municipalities_stand_side_by_side_by_name_whatever_the_order_asked(
    client: FlaskClient, published: str
):
    html = client.get(f"{PAGE}?kommune={OTHER}&kommune={MANY}&kommune={FEW}").text
    assert all(columns[:-1] == ["Arnsberg", "Hallenberg", "Meschede"] for columns in heads(html))
    assert len(heads(html)) == 3


def test_the_numbers_are_those_of_the_release_with_interval_and_base(client: FlaskClient, app: Flask, published: str):
    release = release_of(app, published)
    sheet = release.public[places.place_of(release, MANY).municipality.ags]
    overall = next(score for score in sheet.outside_view if score.kind == "overall")
    html = client.get(f"{PAGE}?kommune={OTHER}&kommune={MANY}").text
    row = BeautifulSoup(html, "html.parser").find("th", string="Alle Fragen zusammen").find_parent("tr")
    text = " ".join(row.find_all("td")[0].get_text().split())
    assert text == f"{overall.score:.0f} ({overall.low:.0f}–{overall.high:.0f}) n = {overall.n}"


def test_too_few_answers_are_said_in_words_and_drawn_nowhere(client: FlaskClient, published: str):
    html = client.get(f"{PAGE}?kommune={FEW}&kommune={MANY}").text
    row = BeautifulSoup(html, "html.parser").find("th", string="Alle Fragen zusammen").find_parent("tr")
    few, many, _region = row.find_all("td")
    assert few.get_text().strip() == "zu wenige Antworten"
    assert few.svg is None
    assert many.svg is not None


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (f"kommune={MANY}", "mindestens zwei"),
        (f"kommune={MANY}&kommune={MANY}", "mindestens zwei"),
        (f"kommune={MANY}&kommune={SILENT}", "nicht namentlich"),
        (f"kommune={MANY}&kommune=nirgendwo", "Bitte wählen Sie eine aus der Liste"),
        (f"kommune={MANY}&kommune=%00", "Bitte wählen Sie eine aus der Liste"),
    ],
)
def test_a_choice_that_cannot_be_compared_says_why_and_keeps_what_was_chosen(
    client: FlaskClient, published: str, query: str, sentence: str
):
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert sentence in page.text
    chosen = BeautifulSoup(page.text, "html.parser").find_all("option", selected=True)
    assert MANY in [option["value"] for option in chosen]


def test_more_than_four_are_cut_with_a_sentence(client: FlaskClient, app: Flask, published: str):
    five = [place.slug for place in places.shown_places(release_of(app, published))][:5]
    html = client.get(f"{PAGE}?" + "&".join(f"kommune={slug}" for slug in five)).text
    assert "höchstens 4 Kommunen" in html
    assert {len(columns) for columns in heads(html)} == {5}


def test_nobody_who_did_not_agree_can_be_chosen(client: FlaskClient, published: str):
    html = client.get(PAGE).text
    assert f'value="{MANY}"' in html
    assert f'value="{SILENT}"' not in html


def test_nothing_is_sorted_by_a_number(app: Flask, published: str):
    release: Release = release_of(app, published)
    with app.test_request_context():
        some = [place.slug for place in places.shown_places(release)][:4]
        forward, backward = comparison.choose(release, some), comparison.choose(release, some[::-1])
    assert forward == backward
    assert [p.slug for p in forward.places] == sorted(some)


def test_the_form_needs_no_script_and_keeps_the_language(client: FlaskClient, published: str):
    form = BeautifulSoup(client.get(f"{PAGE}?lang=en").text, "html.parser").main.form
    assert form["method"] == "get"
    assert form["action"] == PAGE
    assert form.find("input", {"name": "lang"})["value"] == "en"
    assert len(form.find_all("select")) == 4


def test_a_comparison_asks_the_database_once(client: FlaskClient, published: str, statements: list[str]):
    for places_ in (2, 4):
        address = f"{PAGE}?" + "&".join(f"kommune={slug}" for slug in (FEW, MANY, OTHER, "bestwig")[:places_])
        client.get(address)
        statements.clear()
        client.get(address)
        assert len(statements) == 1


def test_the_comparison_of_a_release_has_its_own_address(client: FlaskClient, app: Flask, published: str):
    page = client.get(f"/ergebnisse/stand/{published[:12]}/vergleich?kommune={MANY}&kommune={OTHER}")
    assert page.status_code == 200
    assert re.search(rf'action="/ergebnisse/stand/{published[:12]}/vergleich"', page.text)
    with app.app_context():
        assert reading.published_record() is not None

"""The newcomer's form as it is read."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.feedback.audience import audience
from app.feedback.driver import Compiled
from app.rounds import lifecycle
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin
from tests.feedback.conftest import PLACE, change_round, soup, token_in

BYTES_OVER_THE_WIRE = 25_000


@pytest.fixture
def statements(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """The SQL statements that the application sends, but for those that only open a transaction.

    A slow machine must not look like a page that asks too much: what is remembered for seconds is remembered longer.
    """
    monkeypatch.setattr("app.feedback.places.SECONDS_KEPT", 3600.0)
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    run = Compiled.run

    def note_and_run(compiled: Compiled, *values) -> int:
        sent.append(compiled.sql)
        return run(compiled, *values)

    monkeypatch.setattr(Compiled, "run", note_and_run)
    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_the_catalogue_asks_is_on_the_page(client: FlaskClient, open_round: int, language: str):
    page = soup(client.get(f"/f/{PLACE}?lang={language}"))
    text = " ".join(page.get_text().split())
    catalogue = builtin()
    for question in (*catalogue.items, *catalogue.profile_questions, *catalogue.open_questions):
        assert question.text[language] in text
        assert page.select(f"[name={question.id}]")
    assert all(len(page.select(f"input[type=radio][name={item.id}]")) == 6 for item in catalogue.items)
    assert page.html["lang"] == language


def test_nobody_has_to_answer_anything(client: FlaskClient, open_round: int):
    page = soup(client.get(f"/f/{PLACE}"))
    assert not page.select("[required]")
    assert all(page.select(f'[name={question}][value=""]') for question in ("D1", "D2", "D4"))


def test_the_form_needs_neither_cookie_nor_more_script_than_its_own_file(client: FlaskClient, open_round: int):
    response = client.get(f"/f/{PLACE}")
    assert [script.has_attr("defer") for script in soup(response).select("script")] == [True]
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("address", "wish", "language"),
    [
        ("?lang=en", "de", "en"),
        ("?lang=de", "en", "de"),
        ("", "en-GB,en;q=0.9,de;q=0.5", "en"),
        ("", "sv", "de"),
        ("?lang=xx", "en", "en"),
    ],
)
def test_the_address_chooses_the_language_before_the_browser_does(
    client: FlaskClient, open_round: int, address: str, wish: str, language: str
):
    response = client.get(f"/f/{PLACE}{address}", headers={"Accept-Language": wish})
    assert (soup(response).html["lang"], response.headers["Content-Language"]) == (language, language)
    assert soup(response).form["action"].endswith(f"?lang={language}")


def test_a_catalogue_in_german_only_gives_a_page_in_german_only(client: FlaskClient, app: Flask):
    with app.app_context():
        round_ = lifecycle.create_round("de", "Runde", lifecycle.today(), lifecycle.today())
        lifecycle.open_round(round_, german_only())
        db.session.commit()
    response = client.get(f"/f/{PLACE}", headers={"Accept-Language": "en"})
    assert soup(response).html["lang"] == "de"
    assert [link["lang"] for link in soup(response).select(".wk-languages a")] == ["de"]


def german_only() -> Catalogue:
    """Made from JSON, because a copy of the model would keep the identity of the original."""
    return Catalogue.from_json(json.dumps({**json.loads(builtin().to_json()), "languages": ["de"]}))


def test_links_to_other_languages_keep_the_rest_of_the_address(client: FlaskClient, open_round: int):
    page = soup(client.get(f"/f/{PLACE}?von=brief"))
    assert all("von=brief" in link["href"] for link in page.select(".wk-languages a"))
    assert "von=brief" not in client.get(f"/f/{PLACE}").text


def test_an_item_for_some_says_for_whom(client: FlaskClient, open_round: int):
    page = soup(client.get(f"/f/{PLACE}?lang=de"))
    assert "Kinder im Haushalt" in page.select_one("#N10-hint").get_text()
    assert not page.select("#N01-hint")


def test_hints_name_each_option_once_and_those_who_are_not_asked(app: Flask):
    catalogue = builtin()
    with app.test_request_context("/?lang=de"):
        hints = {id: audience(catalogue, catalogue.item(id), "de") for id in ("N01", "N02", "N05", "N17")}
    assert hints == {
        "N01": "",
        "N02": "Nicht, wenn auf Sie zutrifft: Schülerin oder Schüler.",
        "N05": "Nur, wenn auf Sie zutrifft: aus dem Ausland.",
        "N17": "Nur, wenn auf Sie zutrifft: Schülerin oder Schüler oder Studium.",
    }


def test_each_form_has_a_token_of_its_own(client: FlaskClient, open_round: int):
    tokens = {token_in(client.get(f"/f/{PLACE}")) for _ in range(5)}
    assert len(tokens) == 5


def test_the_compressed_form_is_the_form_and_light(client: FlaskClient, open_round: int):
    packed = client.get(f"/f/{PLACE}", headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(f"/f/{PLACE}").text
    assert packed.content_encoding == "gzip"
    assert "Accept-Encoding" in packed.vary
    unpacked = gzip.decompress(packed.data).decode()
    assert unpacked.replace(token_of(unpacked), "") == plain.replace(token_of(plain), "")
    assert len(packed.data) < BYTES_OVER_THE_WIRE


def token_of(html: str) -> str:
    return html.split('name="token" value="')[1].split('"')[0]


def test_the_first_form_takes_two_statements_and_the_next_none(client: FlaskClient, open_round: int, statements):
    client.get(f"/f/{PLACE}")
    assert len(statements) <= 2
    statements.clear()
    client.get(f"/f/{PLACE}?lang=en")
    assert statements == []


def test_sending_takes_four_statements_at_most(newcomer, statements):
    token = newcomer.token()
    statements.clear()
    newcomer.send({"N01": "5", "O1": "Danke", "O2": "Nichts"}, token=token)
    assert 0 < len(statements) <= 4


def test_the_page_follows_the_round_at_once(client: FlaskClient, app: Flask, open_round: int):
    assert soup(client.get(f"/f/{PLACE}")).form
    last = lifecycle.today() + dt.timedelta(days=400)
    change_round(app, lambda r: lifecycle.change_window(r, "Runde", r.opens, last))
    assert str(last.year) in soup(client.get(f"/f/{PLACE}?lang=de")).select_one(".fb-promises").get_text()
    change_round(app, lifecycle.close_round)
    assert not soup(client.get(f"/f/{PLACE}")).form


def test_an_address_typed_with_capitals_leads_to_the_form(client: FlaskClient, open_round: int):
    response = client.get("/f/Arnsberg")
    assert (response.status_code, response.location) == (301, "/f/arnsberg")


def test_the_chooser_lists_every_invited_municipality_under_its_district(client: FlaskClient, open_round: int):
    page = soup(client.get("/f/"))
    assert len(page.select(".fb-places a")) == 59
    assert len(page.select(".fb-district h2")) == 5
    assert page.select_one('a[href="/f/olpe"]').get_text() == "Olpe"


def test_the_chooser_says_when_nobody_asks(client: FlaskClient):
    assert "läuft keine Befragung" in client.get("/f/?lang=de").text


def test_the_form_is_kept_by_no_proxy(client: FlaskClient, open_round: int):
    assert {"private", "no-cache"} <= set(client.get(f"/f/{PLACE}").headers["Cache-Control"].split(", "))

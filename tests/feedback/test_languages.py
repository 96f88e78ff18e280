"""The newcomer's pages in their twelve languages: complete, in their own direction and letters, light on the line."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.rounds import lifecycle
from app.web.language import NEWCOMERS, POP_ISOLATE, Language
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin
from tests.feedback.conftest import PLACE, Newcomer, soup

LANGUAGES = pytest.mark.parametrize("language", NEWCOMERS.values(), ids=NEWCOMERS)
BYTES_WITHOUT_FONTS, BYTES_WITH_FONTS = 25_000, 60_000


def prose(page) -> str:
    """The words of a page, but for the names in the list of languages."""
    page.select_one(".wk-languages").extract()
    return " ".join(page.get_text(" ").split())


@LANGUAGES
def test_every_question_and_answer_is_there_in_the_readers_language(
    client: FlaskClient, open_round: int, language: Language
):
    page = soup(client.get(f"/f/{PLACE}?lang={language.tag}"))
    assert (page.html["lang"], page.html["dir"]) == (language.tag, language.direction)
    assert not page.select("main [lang=de]")
    text, catalogue = prose(page), builtin()
    questions = (*catalogue.items, *catalogue.profile_questions, *catalogue.open_questions)
    options = [option.text for question in catalogue.profile_questions for option in question.options]
    for wanted in (*(question.text for question in questions), *options, *catalogue.rating_labels, catalogue.opt_out):
        assert wanted.has(language.tag)
        assert wanted[language.tag] in text


@LANGUAGES
@pytest.mark.parametrize("path", ["/f/", f"/f/{PLACE}", f"/f/{PLACE}/danke", "/f/anonym", "/f/gibt-es-nicht", "/f/a/b"])
def test_no_page_keeps_a_german_word(client: FlaskClient, open_round: int, path: str, language: Language):
    """Known by words that stand in every German text and in no other of the languages."""
    page = soup(client.get(f"{path}?lang={language.tag}"))
    words = set(prose(page).split()) & {"und", "nicht", "Sie", "Ihre", "wir", "Bitte", "Datenschutz"}
    assert bool(words) is (language.tag in ("de", "de-simple"))
    assert (page.html["lang"], page.html["dir"]) == (language.tag, language.direction)


@LANGUAGES
def test_every_language_is_one_link_away_under_its_own_name(client: FlaskClient, open_round: int, language: Language):
    links = soup(client.get(f"/f/{PLACE}?lang={language.tag}")).select(".wk-languages a")
    assert [(a["lang"], a["hreflang"], a["dir"], a.get_text(), a["href"]) for a in links] == [
        (other.tag, other.tag, other.direction, other.name, f"/f/{PLACE}?lang={other.tag}")
        for other in NEWCOMERS.values()
    ]
    assert [a["lang"] for a in links if a.get("aria-current")] == [language.tag]


@pytest.mark.parametrize(
    ("wish", "tag"),
    [
        ("uk-UA,ru;q=0.9", "uk"),
        ("fa-AF", "fa"),
        ("prs,ps;q=0.9", "fa"),
        ("ar-SY,ar;q=0.9,en;q=0.8", "ar"),
        ("pt-BR,es;q=0.5,de;q=0.7", "de"),
        ("tr;q=0.2,ro;q=0.8", "ro"),
        ("pl;q=0,fr-CH", "fr"),
        ("*", "de"),
    ],
)
def test_the_phone_chooses_the_language(client: FlaskClient, open_round: int, wish: str, tag: str):
    for path in (f"/f/{PLACE}", "/f/anonym", "/f/", "/c/"):
        assert soup(client.get(path, headers={"Accept-Language": wish})).html["lang"] == tag


def test_the_language_holds_from_page_to_page_by_the_address_alone(newcomer: Newcomer, client: FlaskClient):
    newcomer.language = "ar"
    sent = newcomer.send({"N01": "5"})
    assert sent.location.endswith("?lang=ar")
    assert "Set-Cookie" not in sent.headers
    assert soup(client.get(sent.location, headers={"Accept-Language": "de"})).html["lang"] == "ar"


def test_pages_that_have_no_such_language_are_german_and_lead_back(client: FlaskClient):
    page = soup(client.get("/datenschutz?lang=uk", headers={"Accept-Language": "uk"}))
    assert page.html["lang"] == "de"
    assert page.select_one(".wk-brand")["href"] == "/?lang=uk"
    assert soup(client.get("/datenschutz?lang=de-simple", headers={"Accept-Language": "en"})).html["lang"] == "de"


def test_a_refused_form_speaks_the_readers_language_and_keeps_what_was_typed(newcomer: Newcomer):
    newcomer.language = "ar"
    page = soup(newcomer.send({"N01": "7", "O1": "كل شيء جيد"}))
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    assert "ليست من الإجابات الممكنة" in page.select_one("#N01-error").get_text()
    assert page.select_one("#O1").get_text().strip() == "كل شيء جيد"


def test_a_german_name_in_a_sentence_from_right_to_left_keeps_its_own_direction(client: FlaskClient, open_round: int):
    arabic, german = (soup(client.get(f"/f/{PLACE}?lang={tag}")).h1.get_text() for tag in ("ar", "de"))
    assert f"\u2068Arnsberg{POP_ISOLATE}" in arabic
    assert POP_ISOLATE not in german


@LANGUAGES
def test_numbers_are_written_in_the_digits_of_the_letters_from_the_town_hall(
    client: FlaskClient, open_round: int, language: Language
):
    text = prose(soup(client.get(f"/f/{PLACE}?lang={language.tag}")))
    assert str(lifecycle.today().year) in text or str(lifecycle.today().year + 1) in text
    assert not any(character.isdigit() and not character.isascii() for character in text)


@LANGUAGES
def test_a_first_visit_is_light(client: FlaskClient, open_round: int, language: Language):
    page = client.get(f"/f/{PLACE}?lang={language.tag}", headers={"Accept-Encoding": "gzip"})
    html = soup(client.get(f"/f/{PLACE}?lang={language.tag}"))
    script = html.select_one("script")["src"]
    fonts = [part.split(chr(34))[0] for part in html.style.get_text().split('src:url("')[1:]]
    assert fonts

    def fetched(address: str) -> int:
        return len(client.get(address, headers={"Accept-Encoding": "br"}, buffered=True).data)

    without = len(page.data) + fetched(script) + fetched(html.select_one("link[rel=icon]")["href"])
    assert without < BYTES_WITHOUT_FONTS
    assert without + sum(map(fetched, fonts)) < BYTES_WITH_FONTS, "even with every font of the sheet"


@LANGUAGES
def test_a_page_asks_for_nothing_before_there_are_words(client: FlaskClient, open_round: int, language: Language):
    """Its style sheet stands in it, its script waits; fonts come once there are words to show."""
    page = client.get(f"/f/{PLACE}?lang={language.tag}")
    html = soup(page)
    assert not html.select("img, link[rel=preload], link[rel=stylesheet], script:not([defer])")
    assert len(html.select("script")) == 1
    assert "Link" not in page.headers


@LANGUAGES
def test_every_page_for_newcomers_has_its_style_sheet_in_it(client: FlaskClient, open_round: int, language: Language):
    """And its policy names exactly that one, the first time and when the page is handed out again."""
    for path in ("/f/", f"/f/{PLACE}", f"/f/{PLACE}/danke", "/f/anonym", "/f/gibt-es-nicht", "/f/a/b", "/c/"):
        for _time in ("first", "again"):
            page = client.get(f"{path}?lang={language.tag}")
            [style] = soup(page).select("style")
            digest = base64.b64encode(hashlib.sha256(style.get_text().encode()).digest()).decode()
            assert f"style-src 'self' 'sha256-{digest}';" in page.headers["Content-Security-Policy"]


def test_a_page_for_others_allows_no_style_in_it(client: FlaskClient, open_round: int):
    assert "style-src 'self';" in client.get("/impressum").headers["Content-Security-Policy"]


def test_the_fonts_are_found_under_whatever_path_the_service_is_reached_by(client: FlaskClient, open_round: int):
    page = soup(client.get(f"/f/{PLACE}", base_url="http://localhost/kompass/"))
    fonts = [part.split(chr(34))[0] for part in page.style.get_text().split('src:url("')[1:]]
    assert {font.rpartition("/")[0] for font in fonts} == {"/kompass/static/built"}


def test_the_sheet_of_newcomers_defines_every_variable_that_it_uses(client: FlaskClient, open_round: int):
    """What never changes was put in its place when the sheet was built; light and dark still differ."""
    for tag in ("de", "uk", "ar"):
        css = soup(client.get(f"/f/{PLACE}?lang={tag}")).style.get_text()
        dark = css[css.index("prefers-color-scheme:dark") :]
        used, defined = (set(re.findall(pattern, css)) for pattern in (r"var\((--[\w-]+)\)", r"(--[\w-]+):"))
        assert used <= defined
        assert "--kern-color-layout-text-default:" in dark


def with_gap(tag: str, id: str) -> Catalogue:
    """The catalogue without the text of one item in one language."""
    content = json.loads(builtin().to_json())
    [item] = [item for item in content["items"] if item["id"] == id]
    del item["text"][tag]
    return Catalogue.from_json(json.dumps(content))


def test_a_missing_translation_is_german_and_marked_as_german(client: FlaskClient, app: Flask):
    day = lifecycle.today()
    with app.app_context():
        round_ = lifecycle.create_round("gap", "Runde", day, day + dt.timedelta(days=1))
        lifecycle.open_round(round_, with_gap("uk", "N03"), gaps_accepted=True)
        db.session.commit()
    page = soup(client.get(f"/f/{PLACE}?lang=uk"))
    [german] = page.select("form [lang=de]")
    assert (german.get_text(), german["dir"]) == (builtin().item("N03").text["de"], "ltr")
    assert "німецькою" in page.select_one(".fb-intro").get_text()
    whole = soup(client.get(f"/f/{PLACE}?lang=ru"))
    assert not whole.select("form [lang=de]")
    assert "немецком" not in whole.select_one(".fb-intro").get_text()

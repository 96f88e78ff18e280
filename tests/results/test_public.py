from __future__ import annotations

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.releases import publishing, reading
from app.results import places
from scoring.release import Release

# By AGS: Arnsberg has 3 answers, Bestwig 7, Brilon did not agree, Hallenberg has 40.
FEW, SOME, SILENT, MANY = "arnsberg", "bestwig", "brilon", "hallenberg"
PAGES = ["/", "/ergebnisse", f"/ergebnisse/{MANY}", f"/ergebnisse/{SILENT}"]
FILES = ["daten.csv", "kommunen.csv", "codebuch.csv", "daten.json", f"{MANY}/daten.csv"]


def release_of(app: Flask, sha: str) -> Release:
    with app.app_context():
        return reading.release_of(reading.release_by_prefix(sha))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_public_page_comes_in_both_languages(client: FlaskClient, published: str, page: str, language: str):
    answer = client.get(page, query_string={"lang": language})
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text


def test_before_the_first_release_the_pages_say_so(client: FlaskClient):
    assert "Noch sind keine Ergebnisse veröffentlicht" in client.get("/").text
    assert "Noch sind keine Ergebnisse veröffentlicht" in client.get("/ergebnisse").text
    assert client.get(f"/ergebnisse/{MANY}").status_code == 404
    assert client.get("/ergebnisse/daten.csv").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *(f"/ergebnisse/{name}" for name in FILES), "/ergebnisse/nirgendwo"])
def test_no_public_page_sets_a_cookie_or_runs_a_script(client: FlaskClient, published: str, path: str):
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text


def test_only_those_that_agreed_are_named_and_in_alphabetical_order(client: FlaskClient, app: Flask, published: str):
    text = client.get("/ergebnisse").text
    for district in places.by_district(release_of(app, published)):
        assert [p.slug for p in district.shown] == sorted(p.slug for p in district.shown)
        assert all(f'href="/ergebnisse/{p.slug}"' in text for p in district.shown)
    assert f'href="/ergebnisse/{SILENT}"' not in text


def test_a_municipality_that_did_not_agree_shows_no_number(client: FlaskClient, published: str):
    text = client.get(f"/ergebnisse/{SILENT}").text
    assert "nicht namentlich gezeigt" in text
    assert "<table" not in text
    assert "<svg" not in text.split("<main", 1)[1]
    for file in ("daten.csv", "bericht.pdf"):
        assert client.get(f"/ergebnisse/{SILENT}/{file}").status_code == 404


def test_too_few_answers_look_like_none(client: FlaskClient, published: str):
    def outside(place: str) -> set[tuple[str, ...]]:
        rows = csv.DictReader(io.StringIO(client.get(f"/ergebnisse/{place}/daten.csv").text))
        return {(r["status"], r["answers"], r["score"], r["top_two"]) for r in rows if r["view"] == "newcomers"}

    assert outside(FEW) == outside(SOME) == {("suppressed", "", "", "")}
    for place in (FEW, SOME):
        assert "zu wenige" in client.get(f"/ergebnisse/{place}").text


def test_an_unknown_municipality_is_404(client: FlaskClient, published: str):
    assert client.get("/ergebnisse/nirgendwo").status_code == 404
    assert client.get("/ergebnisse/%00").status_code == 404


@pytest.mark.parametrize("file", FILES)
def test_downloads_say_what_they_are(client: FlaskClient, published: str, file: str):
    answer = client.get(f"/ergebnisse/{file}")
    assert answer.status_code == 200
    assert answer.mimetype == ("application/json" if file.endswith("json") else "text/csv")
    assert "willkommenskompass-" in answer.headers["Content-Disposition"]


def test_the_public_document_has_no_own_views(client: FlaskClient, published: str):
    document = json.loads(client.get("/ergebnisse/daten.json").text)
    assert "own" not in document
    assert '"coarse"' not in json.dumps(document["public"])


def test_reports_come_as_pdf_for_the_public_only(client: FlaskClient, published: str, quick_pdf: list[str]):
    assert client.get("/ergebnisse/bericht.pdf").mimetype == "application/pdf"
    assert client.get(f"/ergebnisse/{MANY}/bericht.pdf").mimetype == "application/pdf"
    assert quick_pdf[0] == "region-de.pdf"
    assert "-public-" in quick_pdf[1]


def test_every_figure_of_a_page_has_words_beside_it_and_needs_no_style_that_the_browser_would_refuse(
    client: FlaskClient, published: str
):
    for page in ("/ergebnisse", f"/ergebnisse/{MANY}"):
        main = BeautifulSoup(client.get(page).text, "html.parser").main
        assert main.find_all("svg")
        for drawing in main.find_all("svg"):
            assert len(drawing.parent["aria-label"]) > 40
            assert not drawing.find_all(style=True)


def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient, published: str):
    first = client.get("/ergebnisse")
    assert published[:16] in first.headers["ETag"]
    assert "max-age=60" in first.headers["Cache-Control"]
    again = client.get("/ergebnisse", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_a_compressed_page_that_did_not_change_is_not_sent_again(client: FlaskClient, published: str):
    first = client.get("/ergebnisse", headers={"Accept-Encoding": "br"})
    headers = {"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
    assert client.get("/ergebnisse", headers=headers).status_code == 304


def test_languages_do_not_share_a_kept_page(client: FlaskClient, published: str):
    german = client.get("/ergebnisse")
    english = client.get("/ergebnisse", headers={"Accept-Language": "en"})
    assert german.headers["ETag"] != english.headers["ETag"]
    assert 'lang="en"' in english.text


def test_what_strangers_put_into_an_address_is_not_kept_for_others(client: FlaskClient, published: str):
    client.get("/ergebnisse?fremd=eingeschmuggelt", headers={"Host": "boese.example"})
    assert "eingeschmuggelt" not in client.get("/ergebnisse").text
    assert "boese.example" not in client.get("/ergebnisse").text


@pytest.mark.parametrize("path", [*PAGES, f"/ergebnisse/{FEW}", *(f"/ergebnisse/{name}" for name in FILES)])
def test_a_public_page_asks_the_database_twice_at_most(
    client: FlaskClient, published: str, statements: list[str], path: str
):
    for most in (2, 2 if path == "/" else 1):
        statements.clear()
        client.get(path)
        assert len(statements) <= most


def test_a_release_has_an_address_for_good(client: FlaskClient, published: str):
    stand = published[:12]
    page = client.get(f"/ergebnisse/stand/{stand}")
    assert page.status_code == 200
    assert f"/ergebnisse/stand/{stand}/daten.csv" in page.text
    assert client.get(f"/ergebnisse/stand/{stand}/{MANY}").status_code == 200
    for wrong in ("0" * 12, published[:8], "x" * 12):
        assert client.get(f"/ergebnisse/stand/{wrong}").status_code == 404


def test_a_withdrawn_release_says_so_and_why(client: FlaskClient, app: Flask, published: str):
    client.get(f"/ergebnisse/stand/{published[:12]}")
    with app.app_context():
        publishing.withdraw(reading.release_by_prefix(published), "Eine Kommune hat <b>ihre</b> Angaben berichtigt.")
    for path in ("", f"/{MANY}", "/daten.csv", "/daten.json"):
        gone = client.get(f"/ergebnisse/stand/{published[:12]}{path}")
        assert gone.status_code == 410
        assert "&lt;b&gt;ihre&lt;/b&gt; Angaben berichtigt." in gone.text
    assert "Noch sind keine Ergebnisse" in client.get("/ergebnisse").text


def test_a_preview_is_not_public(client: FlaskClient, app: Flask, published: str):
    with app.app_context():
        record = reading.release_by_prefix(published)
        from app.database import db

        record.state, record.published_at = "preview", None
        db.session.commit()
    assert client.get(f"/ergebnisse/stand/{published[:12]}").status_code == 404


def test_the_address_printed_in_reports_leads_to_the_method(client: FlaskClient):
    answer = client.get("/ergebnisse/methode")
    assert (answer.status_code, answer.location) == (302, "/methode")


def test_every_district_has_its_report_and_no_other_key_has_one(
    client: FlaskClient, published: str, quick_pdf: list[str]
):
    page = client.get("/ergebnisse").text
    for ags in ("05954", "05958", "05962", "05966", "05970", "05974"):
        linked = f"/ergebnisse/kreise/{ags}.pdf" in page
        answer = client.get(f"/ergebnisse/kreise/{ags}.pdf")
        assert answer.status_code == (200 if linked else 404)
    assert len(quick_pdf) == 5
    assert client.get("/ergebnisse/kreise/kreis.pdf").status_code == 404

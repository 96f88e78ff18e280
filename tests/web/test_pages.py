"""The frame and the pages about the service: what they say, in which language, and what they do not do."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, abort
from flask.testing import FlaskClient

from app import create_app, web
from app.web import legal, pages
from app.web.permission import requires
from config import Settings
from tests.web.critic import CriticalClient

ABOUT = ("/methode", "/datenschutz", "/impressum", "/barrierefreiheit")


@pytest.fixture
def frame(tmp_path: Path) -> Flask:
    """The shared frame alone: no database, no session, no slice."""
    app = Flask("frame", static_folder=None)
    app.config["KOMPASS"] = Settings(environment="test", data_dir=tmp_path)
    web.init_app(app)
    app.test_client_class = CriticalClient
    return app


@pytest.fixture
def visitor(frame: Flask) -> FlaskClient:
    return frame.test_client()


@pytest.mark.parametrize("path", ABOUT)
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_about_the_service_answer_without_database_or_cookie(
    visitor: FlaskClient, path: str, language: str
) -> None:
    response = visitor.get(path, query_string={"lang": language})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.vary
    assert f'<html lang="{language}" dir="ltr"' in response.text


def test_the_browser_chooses_the_language_unless_the_address_does(visitor: FlaskClient) -> None:
    english = {"Accept-Language": "en-GB,de;q=0.5"}
    assert '<html lang="en"' in visitor.get("/impressum", headers=english).text
    assert '<html lang="de"' in visitor.get("/impressum?lang=de", headers=english).text
    assert '<html lang="de"' in visitor.get("/impressum", headers={"Accept-Language": "fr"}).text
    assert '<html lang="de"' in visitor.get("/impressum?lang=klingon").text


def test_links_keep_a_language_that_was_asked_for(visitor: FlaskClient) -> None:
    assert 'href="/methode?lang=en"' in visitor.get("/impressum?lang=en").text
    assert 'href="/methode"' in visitor.get("/impressum").text


def test_the_other_language_is_one_link_away_with_everything_else_in_the_address(visitor: FlaskClient) -> None:
    assert 'href="/impressum?x=1&amp;lang=en"' in visitor.get("/impressum?x=1").text


def test_pages_tell_browsers_to_keep_to_this_host(visitor: FlaskClient) -> None:
    headers = visitor.get("/impressum").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers


def test_only_encrypted_answers_ask_for_encryption(visitor: FlaskClient) -> None:
    headers = visitor.get("/impressum", base_url="https://localhost").headers
    assert "max-age=63072000" in headers["Strict-Transport-Security"]


def test_the_imprint_says_plainly_that_it_is_missing(visitor: FlaskClient) -> None:
    assert "Noch nicht eingetragen" in visitor.get("/impressum").text


def test_the_imprint_names_who_runs_the_service(tmp_path: Path) -> None:
    page = of_operator(tmp_path, **COMPLETE).get("/impressum").text
    assert "Amt &amp; Co" in page
    assert "57462 Olpe" in page
    assert "Vertreten durch" in page
    assert "Noch nicht eingetragen" not in page


COMPLETE = {
    "operator_name": "Amt & Co",
    "operator_address": "Weg 1 | 57462 Olpe",
    "operator_representative": "die Leitung des Amts",
    "operator_email": "amt@example.org",
    "operator_phone": "0123 456",
    "privacy_officer": "datenschutz@example.org",
    "privacy_authority": "Aufsicht des Landes | 40213 Düsseldorf",
    "accessibility_date": "2. Oktober 2026",
    "enforcement_body": "Ombudsstelle | 40219 Düsseldorf",
}


def of_operator(folder: Path, **details: str) -> FlaskClient:
    """A visitor of the service as somebody runs it."""
    app = Flask("frame", static_folder=None)
    app.config["KOMPASS"] = Settings(environment="test", data_dir=folder, **details)
    web.init_app(app)
    app.test_client_class = CriticalClient
    return app.test_client()


LEGAL = {
    "/impressum": ("57462 Olpe", "die Leitung des Amts", "amt@example.org", "0123 456"),
    "/datenschutz": ("57462 Olpe", "datenschutz@example.org", "40213 Düsseldorf"),
    "/barrierefreiheit": ("mailto:amt@example.org", "Ombudsstelle", "40219 Düsseldorf", "2. Oktober 2026"),
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", LEGAL)
def test_every_legal_page_is_filled_from_the_settings(tmp_path: Path, path: str, language: str) -> None:
    page = of_operator(tmp_path, **COMPLETE).get(path, query_string={"lang": language}).text
    assert [detail for detail in LEGAL[path] if detail not in page] == []
    assert "kern-alert--warning" not in page


PATHS = {"web.imprint": "/impressum", "web.privacy": "/datenschutz", "web.accessibility": "/barrierefreiheit"}


@pytest.mark.parametrize("detail", legal.DETAILS, ids=lambda detail: detail.setting)
def test_a_page_that_lacks_a_detail_says_which(tmp_path: Path, detail: legal.Detail) -> None:
    visitor = of_operator(tmp_path, **(COMPLETE | {detail.setting: " "}))
    page = visitor.get(PATHS[detail.page]).text
    notice = BeautifulSoup(page, "html.parser").select_one(".kern-alert--warning")
    assert [li.get_text() for li in notice.find_all("li")] == [str(detail.label)]


def test_the_details_are_exactly_those_settings_that_the_legal_pages_need() -> None:
    assert {detail.setting for detail in legal.DETAILS} == set(COMPLETE)


@pytest.mark.parametrize("demonstration", [True, False])
def test_every_page_of_a_demonstration_says_so(frame: Flask, visitor: FlaskClient, demonstration: bool) -> None:
    frame.config["DEMO"] = demonstration
    for path in ("/impressum", "/gibt-es-nicht"):
        assert ("Demonstrationsdaten" in visitor.get(path).text) is demonstration


def test_markup_in_a_document_is_shown_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "method.md").write_text("# Titel\n\n<script>alert(1)</script>\n\n[x](javascript:alert)", "utf-8")
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    document = pages.article("method", pages.GERMAN)
    assert document is not None
    assert document.title == "Titel"
    assert "<script" not in document.body
    assert 'href="javascript' not in document.body


def test_a_text_that_exists_only_in_german_says_so(
    visitor: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "method.md").write_text("# Methode\n\nSo.", "utf-8")
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    page = visitor.get("/methode?lang=en").text
    assert '<span lang="de">Methode</span>' in page
    assert "only in German" in page


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 410, 413, 429, 500, 503])
def test_every_error_says_what_to_do_in_both_languages(frame: Flask, visitor: FlaskClient, code: int) -> None:
    frame.add_url_rule("/fehler", view_func=requires("public")(lambda: abort(code)), endpoint="fail")
    german, english = visitor.get("/fehler"), visitor.get("/fehler?lang=en")
    assert german.status_code == english.status_code == code
    assert f"Fehler {code}" in german.text
    assert f"Error {code}" in english.text


def test_what_the_raiser_knows_takes_the_place_of_general_advice(frame: Flask, visitor: FlaskClient) -> None:
    frame.add_url_rule("/fehler", view_func=lambda: abort(409, "Die Runde ist <geschlossen>."), endpoint="fail")
    page = visitor.get("/fehler").text
    assert "Die Runde ist &lt;geschlossen&gt;." in page
    assert "Das passt nicht mehr" in page


def test_a_crash_shows_a_sentence_and_no_detail(frame: Flask, visitor: FlaskClient) -> None:
    frame.add_url_rule("/fehler", view_func=lambda: 1 / 0, endpoint="fail")
    response = visitor.get("/fehler")
    assert response.status_code == 500
    assert "Hier ist uns ein Fehler unterlaufen" in response.text
    assert "ZeroDivision" not in response.text


def test_programs_get_a_problem_document(visitor: FlaskClient) -> None:
    response = visitor.get("/api/v1/gibt-es-nicht")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.json is not None
    assert response.json["status"] == 404
    assert response.json["detail"].startswith("Diese Seite gibt es nicht")


def test_a_wrong_method_names_the_right_one(visitor: FlaskClient) -> None:
    response = visitor.post("/impressum")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_form_without_its_token_says_that_nothing_was_saved(tmp_path: Path) -> None:
    app = create_app(Settings(environment="test", data_dir=tmp_path, secret_key="t" * 40))
    response = app.test_client().post("/konto/anmelden", data={"email": "a@example.org"})
    assert response.status_code == 400
    assert "Es wurde nichts gespeichert" in response.text


def test_nothing_is_answered_under_a_name_that_is_not_ours(frame: Flask) -> None:
    frame.config["TRUSTED_HOSTS"] = ["willkommen.example.org"]
    visitor = frame.test_client()
    refused = visitor.get("/impressum", base_url="https://fremd.example")
    assert (refused.status_code, refused.mimetype) == (400, "text/plain")
    assert "fremd.example" not in refused.text
    assert visitor.get("/impressum", base_url="https://willkommen.example.org").status_code == 200

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.releases import publishing, reading
from app.releases.documents import DOCX, PDF
from tests.accounts.login import APPROVER, MESCHEDE, Account, log_in, make_user

SOME = "05958008"  # Bestwig, with 7 answers
PAGE = "/kommune/ergebnis"


def test_a_municipality_reads_its_own_report_after_publication(
    client: FlaskClient, published: str, coordinator: Account, quick_pdf: list[str]
):
    log_in(client, coordinator.email)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Meschede" in page.text
    assert "Für die Kommune selbst" in page.text
    assert "<svg" in page.text
    assert client.get(f"{PAGE}/bericht.pdf").mimetype == "application/pdf"
    assert quick_pdf == [f"{MESCHEDE}-own-de.pdf"]


def test_the_council_page_is_there_to_print_and_to_paste(
    client: FlaskClient, published: str, coordinator: Account, quick_pdf: list[str]
):
    log_in(client, coordinator.email)
    page = client.get(PAGE)
    for ending, mimetype in (("pdf", PDF), ("docx", DOCX)):
        assert f"{PAGE}/rat.{ending}" in page.text
        answer = client.get(f"{PAGE}/rat.{ending}")
        assert answer.mimetype == mimetype
        assert "no-store" in answer.headers["Cache-Control"]
    assert quick_pdf == [f"{MESCHEDE}-own-rat-de.pdf", f"{MESCHEDE}-own-rat-de.docx"]
    assert client.get(f"{PAGE}/rat.exe").status_code == 404


def test_few_answers_give_a_rounded_hint_to_the_municipality_alone(client: FlaskClient, app: Flask, published: str):
    account = make_user(app, APPROVER, municipality=SOME)
    log_in(client, account.email)
    assert "etwa" in client.get(PAGE).text
    assert "coarse" not in client.get("/ergebnisse/bestwig/daten.csv").text


def test_own_pages_are_for_this_reader_alone(client: FlaskClient, published: str, coordinator: Account):
    log_in(client, coordinator.email)
    assert "no-store" in client.get(PAGE).headers["Cache-Control"]


def test_before_publication_there_is_nothing_to_see(
    client: FlaskClient, app: Flask, published: str, coordinator: Account
):
    with app.app_context():
        publishing.withdraw(reading.release_by_prefix(published), "Noch einmal geprüft und berichtigt.")
    log_in(client, coordinator.email)
    assert "Noch gibt es kein Ergebnis" in client.get(PAGE).text
    assert client.get(f"{PAGE}/bericht.pdf").status_code == 404


def test_the_own_view_needs_a_municipal_account(client: FlaskClient, published: str, agency: Account):
    assert client.get(PAGE).status_code == 302
    log_in(client, agency.email)
    assert client.get(PAGE).status_code == 403

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.releases import publishing, reading

PAGE = "/ergebnisse/archiv"
REASON = "Eine Kommune hat ihre Angaben berichtigt."


def withdraw(app: Flask, sha256: str) -> None:
    with app.app_context():
        publishing.withdraw(reading.release_by_prefix(sha256), REASON)


def test_every_release_that_was_ever_public_stays_listed_with_its_address(client: FlaskClient, published: str):
    assert f'href="/ergebnisse/stand/{published[:12]}"' in client.get(PAGE).text


def test_a_withdrawn_release_is_listed_with_its_reason(client: FlaskClient, app: Flask, published: str):
    withdraw(app, published)
    page = client.get(PAGE).text
    assert "zurückgezogen" in page
    assert REASON in page
    assert f'href="/ergebnisse/stand/{published[:12]}"' in page


def test_before_the_first_release_the_archive_says_so(client: FlaskClient):
    assert "Noch sind keine Ergebnisse veröffentlicht" in client.get(PAGE).text


def test_a_round_has_an_address_that_leads_to_its_release(client: FlaskClient, app: Flask, published: str):
    with app.app_context():
        key = reading.release_by_prefix(published).round.key
    answer = client.get(f"/ergebnisse/runde/{key}")
    assert (answer.status_code, answer.location) == (302, f"/ergebnisse/stand/{published[:12]}")
    assert client.get("/ergebnisse/runde/nie").status_code == 404
    withdraw(app, published)
    gone = client.get(f"/ergebnisse/runde/{key}")
    assert gone.status_code == 410
    assert REASON in gone.text


def test_the_archive_asks_the_database_once(client: FlaskClient, published: str, statements: list[str]):
    client.get(PAGE)
    assert len(statements) == 1

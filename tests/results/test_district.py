"""A district's reader sees what is published of the municipalities there, and nothing of anybody else."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.login import HOCHSAUERLAND, READER, log_in, make_user


@pytest.fixture
def reader(app: Flask, client: FlaskClient) -> FlaskClient:
    log_in(client, make_user(app, READER, district=HOCHSAUERLAND).email)
    return client


def test_a_reader_lands_on_the_results_of_the_district(reader: FlaskClient, published: str) -> None:
    assert reader.get("/konto/start").location == "/kreis"
    page = reader.get("/kreis").text
    assert "Hochsauerlandkreis" in page
    assert "haben zugestimmt" in page
    assert "Kreis Olpe" not in page


def test_before_publication_the_page_says_so(reader: FlaskClient) -> None:
    assert "noch nichts veröffentlicht" in reader.get("/kreis").text


@pytest.mark.parametrize(
    "address", ["/kommune/", "/kommune/ergebnis", "/agentur/", "/agentur/konten", "/konto/vertretung"]
)
def test_a_reader_reads_nothing_else(reader: FlaskClient, published: str, address: str) -> None:
    assert reader.get(address).status_code == 403

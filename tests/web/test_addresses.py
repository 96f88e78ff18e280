"""Addresses with bytes that are not UTF-8, which some servers hand on as they came."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.web.addresses import readable

BYTES = "\xff\xfe=\xe4&q=M\xfcnchen"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/", "/f/", "/f/olpe", "/f/nichts", "/c/", "/ergebnisse", "/api/v1/", "/konto/anmelden"]
)
def test_such_a_query_is_answered_like_any_other_that_nobody_knows(client: FlaskClient, path: str, method: str):
    sent = client.open(path, method=method, environ_overrides={"QUERY_STRING": BYTES})
    encoded = client.open(path, method=method, query_string="%FF%FE=%E4&q=M%FCnchen")
    assert sent.status_code == encoded.status_code < 500


def test_the_page_comes_in_the_readers_language_and_its_links_can_be_read(client: FlaskClient):
    page = client.get("/f/nichts", environ_overrides={"QUERY_STRING": f"lang=uk&{BYTES}"})
    assert page.status_code == 404
    assert '<html lang="uk"' in page.text
    assert client.get("/f/nichts?lang=ar&%FF").status_code == 404


@pytest.mark.parametrize("query", ["", "a=b", "ort=M%FCnchen", "ort=M\xc3\xbcnchen", "%", "a=%zz&b"])
def test_a_query_that_can_be_read_stays_as_it_is(query: str):
    assert readable(query) == query


def test_only_the_bytes_that_cannot_be_read_as_text_are_encoded():
    assert readable("a=(1;2)&b=%41+%zz&c=\xe4") == "a=(1;2)&b=%41+%zz&c=%E4"

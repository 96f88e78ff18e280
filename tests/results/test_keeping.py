"""What is written once and kept: pages, and what readers chose; neither pushes out the other."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.results import comparison, keeping, press
from tests.results.test_comparison import MANY, OTHER, PAGE

CHOSEN = f"{PAGE}?kommune={MANY}&kommune={OTHER}"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def counted(monkeypatch: pytest.MonkeyPatch, module: object) -> list[str]:
    """The pages that a module writes from now on."""
    written: list[str] = []
    real = module._page

    def page(*args: object) -> str:
        written.append(real(*args))
        return written[-1]

    monkeypatch.setattr(module, "_page", page)
    return written


def test_what_a_reader_chose_is_written_once(client: FlaskClient, published: str, monkeypatch: pytest.MonkeyPatch):
    written = counted(monkeypatch, comparison)
    first, again = client.get(CHOSEN), client.get(CHOSEN)
    assert len(written) == 1
    assert first.data == again.data
    assert client.get(CHOSEN, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_another_choice_or_language_is_another_page(client: FlaskClient, published: str):
    address = f"{PAGE}?kommune={OTHER}&kommune={MANY}&kommune=bestwig"
    found = [client.get(CHOSEN).data, client.get(address).data, client.get(f"{CHOSEN}&lang=en").data]
    found.append(client.get(CHOSEN, headers={"Accept-Language": "en"}).data)
    assert len(set(found)) == 4


def test_made_up_addresses_push_out_no_page(
    app: Flask, client: FlaskClient, published: str, monkeypatch: pytest.MonkeyPatch
):
    app.extensions[keeping.EXTENSION] = (keeping.Shelf(3), keeping.Shelf(3))
    written = counted(monkeypatch, press)
    client.get("/ergebnisse/presse")
    for number in range(5):
        client.get(f"/ergebnisse/presse?fremd={number}")
    assert len(written) == 1 + 5
    client.get("/ergebnisse/presse")
    client.get("/ergebnisse/presse?fremd=4")
    assert len(written) == 1 + 5
    client.get("/ergebnisse/presse?fremd=0")
    assert len(written) == 1 + 6


def test_an_address_that_is_no_text_has_its_page_too(client: FlaskClient, published: str):
    assert client.get("/ergebnisse/presse?fremd=%ff%fe").status_code == 200


def test_the_sitemap_is_written_once_for_a_release(
    client: FlaskClient, published: str, monkeypatch: pytest.MonkeyPatch
):
    first = client.get("/sitemap.xml")
    monkeypatch.setattr("app.results.discovery.render_template", None)
    assert client.get("/sitemap.xml").data == first.data

"""What search engines and pages that link here get to read."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.results import places
from tests.results.test_public import MANY, SILENT, release_of

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def addresses(client: FlaskClient) -> list[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    return [urlsplit(loc.text).path for loc in root.iter(f"{SITEMAP}loc")]


def test_the_sitemap_lists_public_pages_only_and_each_of_them_works(client: FlaskClient, app: Flask, published: str):
    found = addresses(client)
    assert len(found) == len(set(found))
    assert {"/", "/ergebnisse", "/methode", "/ergebnisse/presse", f"/ergebnisse/{MANY}"} <= set(found)
    assert {"/mitmachen", "/praxis/", "/runde-tische/"} <= set(found)
    assert f"/ergebnisse/{SILENT}" not in found
    shown = len(places.shown_places(release_of(app, published)))
    assert sum(path.count("/") == 2 for path in found) == shown + 6
    for path in [p for p in found if "kriterien/" not in p][:14]:
        assert client.get(path).status_code == 200


def test_the_sitemap_names_both_languages(client: FlaskClient, published: str):
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    for url in root.iter(f"{SITEMAP}url"):
        links = {link.get("hreflang"): link.get("href") for link in url.iter(f"{XHTML}link")}
        assert set(links) == {"de", "en"}
        assert links["en"].endswith("lang=en")


def test_before_the_first_release_the_sitemap_has_the_pages_about_the_service(client: FlaskClient):
    assert "/impressum" in addresses(client)
    assert "/ergebnisse/presse" not in addresses(client)


def test_robots_may_read_what_is_public_and_find_the_sitemap(client: FlaskClient):
    text = client.get("/robots.txt")
    assert text.mimetype == "text/plain"
    assert "Disallow: /agentur" in text.text
    assert "/sitemap.xml" in text.text
    assert "Set-Cookie" not in text.headers


@pytest.mark.parametrize("path", ["/", "/ergebnisse", f"/ergebnisse/{MANY}", "/ergebnisse/presse"])
def test_a_shared_link_has_title_words_and_address_and_asks_nobody_else(client: FlaskClient, published: str, path: str):
    head = BeautifulSoup(client.get(path, query_string={"fremd": "x"}).text, "html.parser").head
    of = {meta["property"]: meta["content"] for meta in head.find_all("meta", property=True)}
    assert of["og:title"]
    assert len(of["og:description"]) > 40
    assert urlsplit(of["og:url"]).path == path
    assert "fremd" not in of["og:url"]
    assert head.find("link", rel="canonical")["href"] == of["og:url"]
    assert {link["hreflang"] for link in head.find_all("link", rel="alternate", hreflang=True)} == {"de", "en"}


def test_a_shared_link_shows_a_picture_of_its_own_release(client: FlaskClient, published: str):
    head = BeautifulSoup(client.get("/ergebnisse").text, "html.parser").head
    of = {meta["property"]: meta["content"] for meta in head.find_all("meta", property=True)}
    picture = client.get(urlsplit(of["og:image"]).path)
    assert f"/stand/{published[:12]}/" in of["og:image"]
    assert picture.mimetype == "image/png"
    assert picture.data[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
    assert len(of["og:image:alt"]) > 40


def test_without_results_no_picture_is_promised(client: FlaskClient):
    assert "og:image" not in client.get("/ergebnisse").text
    assert client.get("/ergebnisse/vorschau.png").status_code == 404

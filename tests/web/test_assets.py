"""Style sheets, fonts and scripts: small, kept for good, and nothing from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont
from werkzeug.test import TestResponse

from app import web
from app.web.assets import BUILT
from config import Settings

ROOT = Path(__file__).parents[2]
KIB = 1024
NEWCOMERS = ("newcomers-latin.css", "newcomers-cyrillic.css", "newcomers-arabic.css")


@pytest.fixture
def visitor(tmp_path: Path) -> FlaskClient:
    app = Flask("frame", static_folder=None)
    app.config["KOMPASS"] = Settings(environment="test", data_dir=tmp_path)
    web.init_app(app)
    return app.test_client()


def built(name: str) -> str:
    """The address of a built asset."""
    return f"/static/built/{json.loads((BUILT / 'manifest.json').read_text('utf-8'))[name]}"


def fetch(client: FlaskClient, address: str, encodings: str = "") -> TestResponse:
    """The whole answer of a browser that takes these encodings; the file behind it is closed again."""
    return client.get(address, headers={"Accept-Encoding": encodings}, buffered=True)


def fetched(client: FlaskClient, address: str) -> int:
    """Bytes over the wire."""
    return len(fetch(client, address, "br, gzip").data)


def test_a_built_asset_may_be_kept_for_good(visitor: FlaskClient) -> None:
    response = fetch(visitor, built("public.css"))
    assert response.cache_control.immutable
    assert response.cache_control.max_age == 31_536_000
    assert response.mimetype == "text/css"


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_browser_gets_the_compressed_variant_it_takes(visitor: FlaskClient, encoding: str) -> None:
    response = fetch(visitor, built("public.css"), encoding)
    assert response.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in response.vary
    assert "Content-Encoding" not in fetch(visitor, built("public.css")).headers


@pytest.mark.parametrize("path", ["/static/built/gibt-es-nicht.css", "/static/../config.py", "/static/%2e%2e/pages.py"])
def test_nothing_else_is_served(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_the_style_sheet_for_newcomers_stays_small(visitor: FlaskClient) -> None:
    assert fetched(visitor, built("public.css")) <= 10 * KIB


def test_a_first_page_with_fonts_stays_under_its_budget(visitor: FlaskClient) -> None:
    page = visitor.get("/impressum", headers={"Accept-Encoding": "br"}).data
    parts = ("public.css", "fira-sans-latin-400.woff2", "fira-sans-latin-600.woff2", "mark.svg")
    assert len(page) + sum(fetched(visitor, built(name)) for name in parts) <= 60 * KIB


def test_style_sheets_load_only_what_is_built_beside_them(visitor: FlaskClient) -> None:
    for name in ("public.css", "workspace.css", *NEWCOMERS):
        css = fetch(visitor, built(name)).text
        addresses = [address.strip("'\"") for address in re.findall(r"url\(([^)]*)\)", css)]
        files = [address for address in addresses if not address.startswith("data:")]
        assert files
        assert all((BUILT / file).is_file() for file in files), files


def test_the_sheet_for_arabic_script_is_mirrored(visitor: FlaskClient) -> None:
    latin, arabic = (fetch(visitor, built(name)).text.split("@font-face")[-1] for name in (NEWCOMERS[0], NEWCOMERS[2]))
    assert latin.count("margin-left") + latin.count("padding-left") > 0
    assert latin.count("margin-left") == arabic.count("margin-right")


@pytest.mark.parametrize("name", NEWCOMERS)
def test_the_newcomers_sheets_are_smaller_still(visitor: FlaskClient, name: str) -> None:
    assert fetched(visitor, built(name)) <= 8 * KIB


def test_fonts_have_every_letter_of_their_texts(visitor: FlaskClient) -> None:
    known = {letter for path in BUILT.glob("newcomers-*.woff2") for letter in TTFont(path).getBestCmap()}
    texts = "".join(
        value
        for path in (ROOT / "questionnaires/welcome/2026").glob("*.yaml")
        for value in re.findall(r": (.*)", path.read_text("utf-8"))
    )
    assert {letter for letter in texts if not letter.isspace() and ord(letter) not in known} == set()

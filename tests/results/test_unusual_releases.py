"""Every public page and file of releases that nobody expects: of an older version, or with strange names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pypdf
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.releases import documents, reading, wanted
from app.releases.models import ReleaseRecord
from scoring.release import sha256
from tests.results.attacker import rows_of
from tests.results.everything import HTML, PDF, copy_of

Change = Callable[[dict[str, Any]], None]
NAMES = {
    "markup": "<b>Olpe</b> & <script>alert(1)</script>",
    "quotes": "„Olpe“ \"Olpe\" 'Olpe' »Olpe«",
    "right to left": "بلدية زيغن في جنوب وستفاليا",
    "200 characters": ("Kommunenname" * 17)[:200],
    "Typst": '#panic("x") $a^2$ *fett* _kursiv_ `roh` <label> @ref \\ // /* = Titel',
    "emoji": "Olpe 🏡 漢字 👩‍👩‍👧",
    "formula": "=1+1;@SUM(A1)",
    "template": "{{ 7 * 7 }} {% raise %} {0} %s %(name)s",
}

IN_PRINT = {NAMES["emoji"]: "Olpe 🏡 [CJK UNIFIED IDEOGRAPH-6F22][CJK UNIFIED IDEOGRAPH-5B57] 👩👩👧"}
"""Pictures are shown; signs that the fonts of the documents do not have are named."""


def publish_changed(app: Flask, change: Change) -> tuple[str, str]:
    """Publish the release of the round after a change to its document; its address and a municipality that is shown."""
    with app.app_context():
        record = db.session.scalars(sa.select(ReleaseRecord)).one()
        content = json.loads(reading.document_of(record.sha256))
        change(content)
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        name = sha256(text)
        copied = {"round_id": record.round_id, "input_sha256": record.input_sha256}
        published = {"state": "published", "published_at": record.built_at}
        version = content["method"]["version"]
        db.session.add(ReleaseRecord(sha256=name, document=text, method_version=version, **copied, **published))
        db.session.commit()
        return f"/ergebnisse/stand/{name[:12]}", min(content["public"])


def few_shown(content: dict[str, Any]) -> None:
    """Three municipalities only are shown: drawing forty would show nothing more."""
    content["public"] = dict(sorted(content["public"].items())[:3])


def older(content: dict[str, Any]) -> None:
    """As the first version of the method wrote it: what later ones added is missing."""
    few_shown(content)
    content["method"]["version"] = "1.0"
    del content["earlier"], content["themes"], content["extracts"]
    for m in content["municipalities"]:
        del m["good_examples"], m["latitude"], m["longitude"]
    for name in (
        *("groups", "changes", "participation", "funnel", "funnel_centre", "places", "agreement", "residents"),
    ):
        del content["region"][name]
    for score in content["region"]["outside_view"]:
        for name in ("alpha", "alpha_low", "alpha_high", "omega", "reliability", "importance", "probability"):
            del score[name]
    for sheet in [*content["own"].values(), *content["public"].values()]:
        for name in ("goals", "groups", "changes", "themes"):
            del sheet[name]
        for score in sheet["self_view"]:
            del score["backing"]
        for score in sheet["outside_view"]:
            del score["detectable"]


def test_a_release_of_an_older_method_version_has_every_page_and_file(app: Flask, client: FlaskClient):
    base, _ags = publish_changed(app, older)
    copy = copy_of(client, base, without="lang=en")
    assert "Methode 1.0" in copy[base].data.decode()
    assert sum(answer.mimetype == PDF for answer in copy.values()) == 1 + 5 + 3


def renamed(content: dict[str, Any]) -> None:
    """So many municipalities are shown as there are strange names, each with one; one more has the first again."""
    content["public"] = dict(sorted(content["public"].items())[: len(NAMES) + 1])
    names = dict(zip(content["public"], [*NAMES.values(), NAMES["markup"]], strict=True))
    for m in content["municipalities"]:
        m["name"] = names.get(m["ags"], m["name"])


def words(text: str) -> str:
    return "".join(text.split())


def test_a_name_is_text_on_every_page_and_in_every_file_whatever_it_holds(app: Flask, client: FlaskClient):
    base, _ags = publish_changed(app, renamed)
    copy = copy_of(client, base, without="lang=en|/kreise/|catalogue|bericht.pdf")
    pages = {address: BeautifulSoup(answer.data, "lxml") for address, answer in copy.items() if answer.mimetype == HTML}
    titles = {" ".join(page.h1.get_text().split()) for page in pages.values()}
    for name in NAMES.values():
        assert any(" ".join(name.split()) in title for title in titles), name
    for address, page in pages.items():
        assert not page.find("script", string=lambda text: text and "alert" in text), address
        assert not page.main.find("b"), address
    told = {row["municipality"] for row in rows_of(copy[f"{base}/kommunen.csv"].data)}
    assert told == {*NAMES.values(), f"'{NAMES['formula']}"} - {NAMES["formula"]}


def test_a_name_is_text_in_every_document_whatever_it_holds(app: Flask, client: FlaskClient):
    _base, first = publish_changed(app, renamed)
    with app.app_context():
        record = reading.published_record()
        shown = dict(zip(sorted(reading.release_of(record).public), NAMES.values(), strict=False))
        for ags, name in shown.items():
            report = wanted.municipal_pdf(record, ags, "public", "de")
            said = pypdf.PdfReader(io.BytesIO(report))
            assert words(IN_PRINT.get(name, name)) in words(said.metadata.title), name
        for kind in ("council", "council-word"):
            for ags in shown:
                assert len(documents.read_or_render(record, documents.Document("de", ags, "own", kind))) > 1000
        district = documents.Document("de", first[:5], "public", "district")
        assert documents.read_or_render(record, district).startswith(b"%PDF")

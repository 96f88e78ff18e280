"""What is not there yet is made by the worker; whoever asks for it is told to come back, in their language."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.releases import documents, jobs, open_data, reading, wanted
from app.results import report
from app.results.api import rows
from app.results.places import place_of, shown_places
from scoring.release import Release
from tests.releases.crashing import short

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BEING_PREPARED = {"de": "Das wird gerade vorbereitet", "en": "This is being prepared"}


@pytest.fixture
def release(app: Flask, published: str) -> Release:
    for kept in (report._written, rows._read):
        kept.cache_clear()  # As in a process that was just started.
    with app.app_context():
        return reading.release_of(reading.release_by_prefix(published))


def refuse(*_: object) -> bytes:
    return pytest.fail("made in a request")


@pytest.mark.parametrize("language", BEING_PREPARED)
def test_what_is_not_there_yet_is_said_to_be_prepared_and_made_by_the_worker(
    app: Flask, client: FlaskClient, published: str, release: Release, monkeypatch: pytest.MonkeyPatch, language: str
):
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(app.extensions[jobs.QUEUE], "send_file", lambda *file: sent.append(file))
    monkeypatch.setattr(documents.Document, "render", refuse)
    files = open_data.files_of(release)
    monkeypatch.setattr(open_data, "files_of", lambda _release: dict.fromkeys(files, refuse))
    place = shown_places(release)[0].slug
    district = release.districts[0].ags
    pages = ["", f"/{place}", f"/{place}/bericht.pdf", f"/{place}/daten.csv", "/bericht.pdf"]
    pages += [f"/kreise/{district}.pdf", "/vorschau.png"]
    paths = [f"/ergebnisse{page}?lang={language}" for page in [*pages, *(f"/{name}" for name in open_data.FILES)]]
    for path in [*paths, *paths]:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(wanted.SECONDS)), path
        assert BEING_PREPARED[language] in answer.text
        assert f'href="{path}"' in answer.text
    assert len(sent) == len(set(sent)) == len(paths)
    for path in ("region", "observations", f"municipalities/{place_key(release, place)}"):
        answer = client.get(f"/api/v1/releases/current/{path}?lang={language}")
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert answer.headers["Retry-After"] == str(wanted.SECONDS)
        assert BEING_PREPARED[language] in answer.json["detail"]
    assert {name for _sha256, name in sent} >= set(open_data.LINES)
    monkeypatch.setattr(documents.Document, "render", short)
    monkeypatch.setattr(open_data, "files_of", lambda _release: dict.fromkeys(files, lambda made: made.sha256.encode()))
    with app.app_context():
        for file in sent:
            wanted.make(*file)
    assert client.get(f"/ergebnisse/{place}/daten.csv?lang={language}").data == published.encode()
    assert client.get(paths[2]).data.startswith(f"%PDF {place_key(release, place)}-public-{language}.pdf".encode())
    assert client.get(f"/ergebnisse/daten.xlsx?lang={language}").data == published.encode()


def place_key(release: Release, slug: str) -> str:
    found = place_of(release, slug)
    assert found is not None
    return found.municipality.ags


def test_nobody_can_have_anything_made_that_is_not_of_the_release(
    app: Flask, client: FlaskClient, published: str, release: Release, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(app.extensions[jobs.QUEUE], "send_file", lambda *_: pytest.fail("sent"))
    monkeypatch.setattr(documents, "read_or_render", refuse)
    hidden = next(place for place in release.municipalities if place.ags not in release.public)
    for path in ("kreise/00000.pdf", "nirgends/bericht.pdf", f"{hidden.ags}/bericht.pdf"):
        assert client.get(f"/ergebnisse/{path}").status_code == 404
    with app.app_context():
        for file in ("../../etc/passwd", f"{hidden.ags}-public-de.pdf", "region-uk.pdf"):
            wanted.make(published, file)
        wanted.make("0" * 64, "region-de.pdf")

"""A release is public when everything that readers may ask for is there, and not before: whoever is killed, or fills
the disk, leaves nothing half published, and what was begun is finished."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.database import db, now
from app.releases import documents, jobs, open_data, publishing, reading, wanted, work
from app.releases.models import Job, ReleaseRecord
from app.results.api import rows
from app.results.places import shown_places
from app.rounds.lifecycle import StepRefused
from app.web.language import OFFERED
from config import Settings
from reports.tables import delimited, json_lines
from tests.releases import crashing
from tests.releases.crashing import STEPS, short, shorten
from tests.releases.test_publishing import another

SMALL_DISK = 300
"""Kilobytes of a disk that holds some of the documents and not all."""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that say only who they are for."""
    monkeypatch.setattr(documents.Document, "render", short)
    monkeypatch.setattr(open_data, "FILES", shorten())


def everything(record: ReleaseRecord, languages: Sequence[str] = documents.LANGUAGES) -> list[documents.Document]:
    return list(documents.documents_of(reading.release_of(record), languages))


def prepared(record: ReleaseRecord) -> bool:
    """Whether every document and every file of the open data lies there, whole."""
    folder = documents.folder_of(record.sha256)
    whole = all((folder / d.filename).read_bytes() == short(d, None, "") for d in everything(record))
    opened = {path.name for path in folder.glob("open-data-*/*")}
    return whole and opened == set(open_data.files_of(reading.release_of(record)))


def test_a_release_is_public_once_everything_german_is_made_and_the_rest_follows(
    record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch
):
    states: set[tuple[str, str]] = set()

    def render(document: documents.Document, release: object, site: str) -> bytes:
        states.add((document.language, db.session.scalar(sa.select(ReleaseRecord.state))))
        return short(document, release, site)

    monkeypatch.setattr(documents.Document, "render", render)
    monkeypatch.setattr(open_data, "FILES", shorten())
    job = work.start_publication(record)
    assert states == {("de", "preview"), ("en", "published")}
    assert (job.state, record.state) == ("done", "published")
    files = open_data.files_of(reading.release_of(record))
    assert job.done == job.total == len(everything(record, ["de"])) + len(files) + 1
    rest = jobs.latest_job(work.RENDER, record.sha256)
    assert (rest.state, rest.done, rest.total) == ("done", len(everything(record)), len(everything(record)))
    assert prepared(record)


def test_whatever_a_reader_may_ask_for_is_made_in_both_languages_of_the_pages(record: ReleaseRecord):
    release = reading.release_of(record)
    pages = {(d.ags, d.audience, d.language) for d in everything(record) if d.sort.mimetype == documents.PAGE}
    readers = [(ags, "public") for ags in (None, *release.public)] + [(ags, "own") for ags in release.own]
    assert pages == {(*reader, language) for reader in readers for language in OFFERED}
    german, english = ({d.filename for d in everything(record, [language])} for language in ("de", "en"))
    assert {name.replace("-de.", "-en.") for name in german} == english


def test_no_page_and_no_file_is_made_while_somebody_waits(
    app: Flask, client: FlaskClient, record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch
):
    few = [documents.Document(language, kind="region-page") for language in ("de", "en")]
    place = min(reading.release_of(record).public)
    few.append(documents.Document("de", place, "public", "municipality-page"))
    monkeypatch.setattr(work, "documents_of", lambda _release, _languages: few)
    work.start_publication(record)
    monkeypatch.setattr(documents.Document, "render", lambda *_: pytest.fail("drawn in a request"))
    nothing_more_is_made(monkeypatch, record)
    for name in open_data.FILES:
        assert client.get(f"/ergebnisse/{name}").status_code == 200
    slug = next(found.slug for found in shown_places(reading.release_of(record)) if found.municipality.ags == place)
    assert client.get(f"/ergebnisse/{slug}/daten.csv").text.count(place) > 10
    for path in (f"observations?ags={place}", "region", f"municipalities/{place}"):
        assert len(client.get(f"/api/v1/releases/current/{path}").data) > 1000
    for path in ("/ergebnisse", "/ergebnisse?lang=en"):
        assert "<svg" in client.get(path).text


def nothing_more_is_made(monkeypatch: pytest.MonkeyPatch, record: ReleaseRecord) -> None:
    """From now on no file of the open data, and no row of one."""
    names = open_data.files_of(reading.release_of(record))
    made = dict.fromkeys(names, lambda _publication: pytest.fail("made in a request"))
    monkeypatch.setattr(open_data, "files_of", lambda _release: made)
    for module in (delimited, json_lines):
        monkeypatch.setattr(module, "all_rows", lambda _release: pytest.fail("made in a request"))
    rows._read.cache_clear()


def test_open_data_are_made_anew_where_publisher_or_licence_changed(
    app: Flask, record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(documents.Document, "render", short)
    work.start_publication(record)
    assert b"dcat-ap.de" in wanted.data(record, "metadaten.jsonld")
    app.config["KOMPASS"] = Settings(
        environment="test", data_dir=app.config["KOMPASS"].data_dir, operator_name="Stadt Olpe"
    )
    assert b"Stadt Olpe" in wanted.data(record, "metadaten.jsonld")


def test_what_may_not_be_published_is_refused_before_anything_is_made(record: ReleaseRecord, quick: None):
    publishing.publish(record)
    with pytest.raises(StepRefused, match="schon veröffentlicht"):
        work.start_publication(record)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_a_round_that_was_reopened_meanwhile_is_not_published(record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch):
    def reopen(*_: object) -> Iterator[str]:
        db.session.execute(sa.text("UPDATE round SET state = 'open', closed_at = NULL"))
        db.session.commit()
        yield from ()

    monkeypatch.setattr(documents.Document, "render", short)
    monkeypatch.setattr(open_data, "prepare", reopen)
    job = work.start_publication(record)
    assert (job.state, record.state) == ("failed", "preview")
    assert "nicht geschlossen" in job.message


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("step", STEPS)
def test_a_worker_that_is_killed_leaves_nothing_half_published_and_another_one_finishes(
    step: str, app: Flask, client: FlaskClient, record: ReleaseRecord, settings: Settings, quick: None
):
    shown = step.startswith("after the release")
    killed(step, record, settings)
    db.session.expire_all()
    job = jobs.latest_job(work.PUBLISH, record.sha256)
    assert (job.state, record.state) == ("running", "published" if shown else "preview")
    for path in documents.folder_of(record.sha256).glob("*-*.*"):
        if not path.name.startswith(".") and path.is_file():
            assert path.read_bytes().startswith(f"%PDF {path.name}\n".encode() * 100), "half a file"
    assert ("noch keine Ergebnisse" in client.get("/ergebnisse/presse").text) == (not shown)
    moment = record.published_at
    job.updated_at = now() - jobs.SILENCE - dt.timedelta(seconds=1)
    db.session.commit()
    jobs.recover()
    db.session.expire_all()
    assert (job.state, record.state) == ("done", "published")
    assert moment is None or record.published_at == moment
    assert prepared(record)


def killed(step: str, record: ReleaseRecord, settings: Settings) -> None:
    """Have a process of its own begin to publish and be killed at that step."""
    sha256 = record.sha256
    db.session.rollback()
    db.engine.dispose()
    # A fork has everything imported that a new process would import for seconds.
    process = multiprocessing.get_context("fork").Process(target=crashing.publish, args=(settings, step, sha256))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.fixture
def small_disk(settings: Settings) -> Iterator[Path]:
    """A disk of a few hundred kilobytes where the documents go, or at least a file that takes nothing more."""
    folder = settings.data_dir / "releases"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk of one's own needs the right to mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_stops_the_publication_with_a_sentence_and_leaves_nothing_half(
    small_disk: Path, client: FlaskClient, record: ReleaseRecord, quick: None
):
    job = work.start_publication(record)
    assert job.state == "failed"
    assert "Der Datenträger ist voll" in job.message
    assert record.state == "preview"
    kept = [path for path in small_disk.rglob("*") if path.is_file()]
    assert kept
    assert all(path.read_bytes() == f"%PDF {path.name}\n".encode() * 100 for path in kept)
    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    jobs.restart(job)
    assert (job.state, record.state) == ("done", "published")
    assert prepared(record)


def test_a_disk_that_is_full_at_the_open_data_is_said_too(
    record: ReleaseRecord, quick: None, monkeypatch: pytest.MonkeyPatch
):
    real = documents.tempfile.mkstemp

    def full(*arguments: object, **named: object) -> tuple[int, str]:
        handle, name = real(*arguments, **named)
        if "open-data" not in str(named["dir"]):
            return handle, name
        os.close(handle)
        return os.open("/dev/full", os.O_WRONLY), name

    monkeypatch.setattr(documents.tempfile, "mkstemp", full)
    job = work.start_publication(record)
    assert (job.state, record.state) == ("failed", "preview")
    assert "Der Datenträger ist voll" in job.message
    assert not list(documents.folder_of(record.sha256).rglob("*.part"))


def test_a_release_published_again_stays_the_same_and_what_is_there_is_not_made_again(
    record: ReleaseRecord, quick: None, monkeypatch: pytest.MonkeyPatch
):
    work.start_publication(record)
    publishing.withdraw(record, "Eine Kommune hat ihre Angaben berichtigt.")
    monkeypatch.setattr(documents.Document, "render", lambda *_: pytest.fail("rendered twice"))
    assert work.start_publication(record).state == "done"
    assert record.state == "published"


def test_a_newer_release_takes_the_place_of_the_older_one_only_when_it_is_ready(
    record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(documents.Document, "render", short)
    monkeypatch.setattr(open_data, "FILES", shorten())
    work.start_publication(record)
    newer = another(record)
    outcomes = iter([OSError("kaputt")])

    def render(document: documents.Document, release: object, site: str) -> bytes:
        for error in outcomes:
            raise error
        return short(document, release, site)

    monkeypatch.setattr(documents.Document, "render", render)
    job = work.start_publication(newer)
    assert (job.state, record.state, newer.state) == ("failed", "published", "preview")
    jobs.restart(job)
    assert (job.state, record.state, newer.state) == ("done", "withdrawn", "published")

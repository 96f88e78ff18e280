from __future__ import annotations

import datetime as dt
import errno
from pathlib import Path

import pytest
import sqlalchemy as sa
from huey import PostgresHuey, SqliteHuey
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.database import db, now
from app.releases import documents, jobs, queue, reading, rendering, wanted, work
from app.releases.models import Job, ReleaseRecord
from app.rounds.models import Round
from config import Settings


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> dict[str, jobs.Work]:
    """A table of work for one test."""
    table: dict[str, jobs.Work] = {}
    monkeypatch.setattr(jobs, "kinds", table)
    return table


def test_a_job_tells_how_far_it_is_and_what_came_out(context: None, kinds: dict[str, jobs.Work]):
    seen = []

    def count(subject: str, progress: jobs.Progress) -> str:
        progress(1, 2)
        with db.engine.connect() as other:
            seen.append(other.execute(sa.select(Job.done, Job.total, Job.state)).one())
        return f"{subject} fertig"

    kinds["count"] = count
    job = jobs.start("count", "x")
    assert tuple(seen[0]) == (1, 2, "running")
    assert (job.state, job.done, job.total, job.message) == ("done", 2, 2, "x fertig")
    assert job.finished_at is not None


def test_a_failed_job_says_why_and_can_be_started_again(context: None, kinds: dict[str, jobs.Work]):
    outcomes = iter([OSError("Kein Platz auf dem Datenträger"), None])

    def fail_once(subject: str, progress: jobs.Progress) -> str:
        if error := next(outcomes):
            raise error
        return "gut"

    kinds["once"] = fail_once
    job = jobs.start("once", "x")
    assert (job.state, job.message) == ("failed", "Kein Platz auf dem Datenträger")
    jobs.restart(job)
    assert (job.state, job.message) == ("done", "gut")
    with pytest.raises(jobs.JobNotRestartable):
        jobs.restart(job)


def test_starting_what_already_runs_gives_the_same_job(context: None, kinds: dict[str, jobs.Work]):
    db.session.add(Job(id="a" * 36, kind="count", subject="x", state="running"))
    db.session.commit()
    assert jobs.start("count", "x").id == "a" * 36


def test_an_interrupted_job_is_taken_up_again_after_a_while(context: None, kinds: dict[str, jobs.Work]):
    kinds["count"] = lambda subject, progress: "nachgeholt"
    long_ago = now() - jobs.SILENCE - dt.timedelta(seconds=1)
    db.session.add(Job(id="a" * 36, kind="count", subject="x", state="running", updated_at=long_ago))
    db.session.add(Job(id="b" * 36, kind="count", subject="y", state="running"))
    db.session.commit()
    jobs.recover()
    states = dict(db.session.execute(sa.select(Job.subject, Job.state)).all())
    assert states == {"x": "done", "y": "running"}


def test_a_job_is_done_once_even_if_it_is_queued_twice(context: None, kinds: dict[str, jobs.Work]):
    calls: list[str] = []
    kinds["count"] = lambda subject, progress: calls.append(subject) or ""
    job = jobs.start("count", "x")
    jobs.do(job.id)
    assert calls == ["x"]


@pytest.mark.parametrize(
    "wrong", [{"state": "lost"}, {"done": 3, "total": 2}, {"state": "failed", "message": ""}, {"done": -1}]
)
def test_the_database_refuses_a_job_that_makes_no_sense(context: None, wrong: dict[str, object]):
    db.session.add(Job(id="a" * 36, kind="count", subject="x", **wrong))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_a_release_is_built_in_the_background(round_: Round):
    job = work.start_build(round_)
    assert job.state == "done"
    assert reading.release_by_prefix(job.message).round_id == round_.id


def test_rendering_skips_what_is_there_and_goes_on_after_a_failure(
    record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch
):
    made: list[str] = []

    def render(self: documents.Document, release: object, site: str) -> bytes:
        made.append(self.filename)
        if len(made) == 5:
            raise OSError("kaputt")
        return b"%PDF"

    monkeypatch.setattr(documents.Document, "render", render)
    job = work.start_rendering(record)
    assert job.state == "failed"
    assert made[4] in job.message
    assert job.done == 4
    jobs.restart(job)
    everything = list(documents.documents_of(reading.release_of(record)))
    assert job.state == "done"
    assert job.done == job.total == len(everything)
    assert len(made) == len(everything) + 1
    assert documents.missing(record.sha256, everything) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "x" / "bericht.pdf"
    documents.store(target, b"alt")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("Platte voll")))
    with pytest.raises(OSError, match="Platte voll"):
        documents.store(target, b"neu")
    assert target.read_bytes() == b"alt"
    assert [path.name for path in target.parent.iterdir()] == ["bericht.pdf"]


def test_a_full_disk_is_said_in_words_and_nothing_is_half_written(
    record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch
):
    full = OSError(errno.ENOSPC, "No space left on device")
    written: list[str] = []

    def store(path: Path, content: bytes) -> None:
        written.append(path.name)
        if len(written) > 3:
            raise full
        real(path, content)

    real = documents.store
    monkeypatch.setattr(documents.Document, "render", lambda *_: b"%PDF")
    monkeypatch.setattr(rendering, "store", store)
    job = work.start_rendering(record)
    assert job.state == "failed"
    assert "Der Datenträger ist voll" in job.message
    assert sorted(p.name for p in documents.folder_of(record.sha256).iterdir()) == sorted(written[:3])
    monkeypatch.setattr(rendering, "store", real)
    jobs.restart(job)
    assert job.state == "done"
    assert documents.missing(record.sha256, documents.documents_of(reading.release_of(record))) == []


def test_where_the_disk_is_full_an_export_has_its_documents_and_a_reader_is_asked_to_come_back(
    record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(documents.Document, "render", lambda *_: b"%PDF")
    monkeypatch.setattr(documents, "store", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    assert documents.read_or_render(record, documents.Document()) == b"%PDF"
    with pytest.raises(wanted.BeingPrepared):
        wanted.regional_pdf(record)
    assert "region-de.pdf could not be stored" in caplog.text


def test_every_document_has_its_audience_and_a_name_of_its_own(record: ReleaseRecord):
    release = reading.release_of(record)
    everything = list(documents.documents_of(release))
    names = [document.filename for document in everything]
    assert len(set(names)) == len(names) == 2 * (3 + 5 + 2 * len(release.public) + 4 * len(release.own))
    private = [document for document in everything if document.audience == "own"]
    assert {document.kind for document in private} == {"municipality", "municipality-page", "council", "council-word"}
    assert all("public" in kind.audiences for name, kind in documents.KINDS.items() if "council" not in name)


def test_a_document_is_rendered_on_demand_and_then_read(record: ReleaseRecord, monkeypatch: pytest.MonkeyPatch):
    first = wanted.regional_pdf(record)
    assert first.startswith(b"%PDF")
    monkeypatch.setattr(documents.Document, "render", lambda *_: pytest.fail("rendered twice"))
    assert wanted.regional_pdf(record) == first


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_documents_are_rendered_by_processes_of_their_own(record: ReleaseRecord, tmp_path: Path):
    folder = tmp_path / "documents"
    folder.mkdir()
    both = [documents.Document(), documents.Document("de", min(reading.release_of(record).own), "own")]
    done = list(rendering.render_all(record.document, both, folder, "", processes=2))
    assert {d.filename for d in done} == {path.name for path in folder.iterdir()}
    assert all(path.read_bytes().startswith(b"%PDF") for path in folder.iterdir())


def test_the_queue_lies_in_the_data_folder_or_in_postgresql(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []
    monkeypatch.setattr(queue, "PostgresHuey", lambda name, dsn, **_: made.append(dsn) or PostgresHuey)
    app = create_app(settings)
    with app.app_context():
        chosen = queue._huey(Settings(data_dir=settings.data_dir, database_url=settings.database))
        db.engine.dispose()
    if settings.database.startswith("sqlite"):
        assert isinstance(chosen, SqliteHuey)
        assert (settings.data_dir / "queue.sqlite3").is_file()
        chosen.storage.close()
    else:
        assert made[0].startswith("postgresql://")


def test_the_worker_is_asked_again_after_a_while(monkeypatch: pytest.MonkeyPatch):
    asked, moment = wanted.Asked(), 100.0
    monkeypatch.setattr(wanted, "monotonic", lambda: moment)
    assert [asked.is_new("a", "x"), asked.is_new("a", "x"), asked.is_new("b", "x")] == [True, False, True]
    moment += wanted.SECONDS
    assert asked.is_new("a", "x")

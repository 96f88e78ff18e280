from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry, AuditPart
from app.database import db
from app.exports import writing
from app.releases.models import Job
from app.rounds.lifecycle import round_by_key
from reports.tables.microdata import CSV, WRITERS
from tests.accounts.login import Account, log_in

PAGE = "/agentur/runden/2026/mikrodaten"


def entries(app: Flask) -> list[tuple[str, str]]:
    """What the log says of microdata: the act and the account."""
    with app.app_context():
        found = sa.select(AuditEntry.action, AuditPart.content).join(AuditPart).where(
            AuditEntry.subject_kind == "microdata", AuditPart.part == "who"
        )  # fmt: skip
        return [tuple(row) for row in db.session.execute(found.order_by(AuditEntry.number)).all()]


def loaded(answer: TestResponse) -> TestResponse:
    """The answer with the file it hands out closed again."""
    answer.get_data()
    answer.close()
    return answer


def test_the_files_are_made_in_the_background_and_then_listed_with_rows_and_checksums(desk, app: Flask):
    assert "noch keine Dateien" in desk.get(PAGE).text
    page = desk.read(desk.post(PAGE))
    assert "Fertig" in page
    assert "Zu den Dateien" in page
    with app.app_context():
        manifest = writing.manifest_of(round_by_key("2026"))
        job = db.session.scalars(sa.select(Job).where(Job.kind == "microdata")).one()
        assert job.message == f"{manifest.rows} Antworten"
    listed = desk.get(PAGE).text
    for file in manifest.files:
        assert file.name in listed
        assert file.sha256[:16] in listed


def test_a_file_is_loaded_by_the_agency_alone_and_kept_by_no_cache(
    desk, written: writing.Manifest, client: FlaskClient, app: Flask
):
    answer = loaded(desk.get(f"{PAGE}/{CSV}"))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.count(b"\r\n") == written.rows + 1
    assert app.test_client().get(f"{PAGE}/{CSV}").status_code == 302


def test_no_municipality_gets_near(client: FlaskClient, coordinator: Account, written: writing.Manifest):
    log_in(client, coordinator.email)
    for path in (PAGE, f"{PAGE}/{CSV}"):
        assert client.get(path).status_code == 403


def test_the_log_says_who_ordered_loaded_and_deleted(desk, app: Flask):
    desk.post(PAGE)
    loaded(desk.get(f"{PAGE}/{CSV}"))
    desk.post(f"{PAGE}/loeschen")
    found = entries(app)
    assert [action for action, _who in found] == ["microdata.ordered", "microdata.downloaded", "microdata.deleted"]
    assert all("@" in who for _action, who in found)


def test_only_what_the_manifest_names_can_be_loaded(desk, written: writing.Manifest):
    for name in ("anderes.csv", "..%2f..%2fkompass.sqlite3", ".2.part", "MANIFEST.json.bak"):
        assert desk.get(f"{PAGE}/{name}").status_code == 404
    assert loaded(desk.get(f"{PAGE}/MANIFEST.json")).status_code == 200


def test_deleting_removes_the_files_and_nothing_else(desk, app: Flask, written: writing.Manifest):
    assert "gelöscht" in desk.read(desk.post(f"{PAGE}/loeschen"))
    with app.app_context():
        round_ = round_by_key("2026")
        assert not writing.folder_of(round_).exists()
        assert round_.state == "closed"
    assert desk.get(f"{PAGE}/{CSV}").status_code == 404


def test_a_full_disk_ends_in_words_that_say_what_to_do(desk, app: Flask, monkeypatch):
    class Full:
        def __init__(self, path, codebook):
            raise OSError(28, "No space left on device")

    monkeypatch.setitem(WRITERS, CSV, Full)
    page = desk.read(desk.post(PAGE))
    assert "No space left on device" in page
    assert "nichts Halbes" in page
    assert "Neu starten" in page


def test_an_unknown_or_planned_round_has_no_microdata(desk):
    assert desk.get("/agentur/runden/nie/mikrodaten").status_code == 404


def test_the_page_of_the_round_leads_there(desk):
    assert f'href="{PAGE}"' in desk.get("/agentur/runden/2026").text

"""Evidence of a criterion: what is kept, what it does to the level, and that only its own municipality sees it."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.accounts.models import User
from app.assessment.loading import load_levels
from app.assessment.models import Evidence
from app.assessment.workspace import Answer
from app.database import db
from app.rounds.models import Round
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, Account, log_in, token
from tests.assessment.conftest import PAGE, answer, answer_all, close, counted, meschede, send, sign
from tests.uploads import files

FORM = f"{PAGE}/nachweis"
GOOD = {"title": "Auswertung 2026", "dated": "2026-11-01", "body": "Drucksache 12/2026"}


def attach(client: FlaskClient, path: str = FORM, **fields: object) -> TestResponse:
    page = client.get(FORM)
    form = {**GOOD, "csrf_token": token(page), **fields}
    if "file" in form or "address" in form:
        form.setdefault("body", "")
        form["body"] = fields.get("body", "")
    boundary, body = encode_multipart(form)  # In memory: the client's own way leaves a temporary file open.
    return client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def upload(client: FlaskClient, content: bytes, name: str = "nachweis.pdf") -> TestResponse:
    return attach(client, file=FileStorage(io.BytesIO(content), name))


def stored(app: Flask) -> list[Evidence]:
    with app.app_context():
        return list(db.session.scalars(select(Evidence)))


def counts(app: Flask, round_id: int) -> float:
    """What scoring will count for A1.1."""
    with app.app_context():
        loaded = load_levels(db.session, db.session.get_one(Round, round_id), builtin(), [MESCHEDE])
    return float(loaded.levels[0, 0])


def test_a_text_is_kept_and_stands_on_the_page(app: Flask, working: FlaskClient) -> None:
    assert attach(working).location == f"{PAGE}#nachweise"
    page = working.get(PAGE).text
    assert "Auswertung 2026" in page
    assert "Drucksache 12/2026" in page


def test_a_link_is_kept_and_stands_on_the_page(app: Flask, working: FlaskClient) -> None:
    attach(working, address="https://www.meschede.de/bericht")
    assert 'href="https://www.meschede.de/bericht"' in working.get(PAGE).text


def test_a_file_is_kept_and_comes_back_as_a_download_only(app: Flask, working: FlaskClient) -> None:
    content = files.pdf()
    assert upload(working, content, "Bericht.pdf").status_code == 302
    (piece,) = stored(app)
    response = working.get(f"/kommune/nachweis/{piece.id}/datei")
    assert response.data == content
    assert response.headers["Content-Disposition"].startswith("attachment; filename=Bericht.pdf")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response.headers["Cache-Control"]


def test_files_stand_outside_what_is_served(app: Flask, working: FlaskClient) -> None:
    upload(working, files.pdf())
    (piece,) = stored(app)
    folder = app.config["KOMPASS"].data_dir / "files"
    assert (folder / piece.sha256[:2] / piece.sha256).is_file()
    assert working.get(f"/static/files/{piece.sha256[:2]}/{piece.sha256}").status_code == 404


BAD_FILES = {
    "a file that lies about its type": (b"MZ\x90\0" + bytes(300), "Bericht.pdf", "kein PDF"),
    "a PDF with script": (files.pdf(files.script_on_opening), "Bericht.pdf", "JavaScript"),
    "a picture bomb": (files.picture_bomb(), "foto.png", "40 Millionen"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_a_sentence_and_what_was_typed_stays(app: Flask, working: FlaskClient, name: str) -> None:
    content, file_name, words = BAD_FILES[name]
    response = upload(working, content, file_name)
    assert response.status_code == 422
    assert words in response.text
    assert 'value="Auswertung 2026"' in response.text
    assert stored(app) == []


def test_a_21_mb_file_gets_a_sentence_and_is_not_even_read(app: Flask, working: FlaskClient) -> None:
    response = upload(working, bytes(21 * 1024 * 1024))
    assert response.status_code == 413
    assert "mehr als 20 MB" in response.text
    assert stored(app) == []


def test_a_file_of_nearly_20_mb_is_read(app: Flask, working: FlaskClient) -> None:
    response = upload(working, files.pdf(files.large))
    assert response.status_code == 302
    assert stored(app)[0].size > 19 * 1024 * 1024


@pytest.mark.parametrize("path", [PAGE, "/kommune/abgabe"])
def test_no_other_address_takes_large_bodies(working: FlaskClient, path: str) -> None:
    response = working.post(path, data={"csrf_token": token(working.get(FORM)), "reason": "x" * 300_000})
    assert response.status_code == 413


def test_who_is_not_logged_in_sends_no_large_body(client: FlaskClient, round_id: int) -> None:
    assert client.post(FORM, data={"title": "x" * 400_000}).status_code == 413


def test_a_name_with_a_path_in_it_is_only_a_name(app: Flask, working: FlaskClient) -> None:
    upload(working, files.pdf(), "../../../etc/cron.d/x.sh")
    (piece,) = stored(app)
    assert piece.file_name == "x.pdf"
    assert not Path("/etc/cron.d/x.pdf").exists()


def test_a_full_disk_gets_a_sentence_and_nothing_is_stored(
    app: Flask, working: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    response = upload(working, files.pdf())
    assert response.status_code == 422
    assert "kein Platz mehr" in response.text
    assert stored(app) == []


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(app: Flask, working: FlaskClient) -> None:
    upload(working, files.pdf())
    (piece,) = stored(app)
    folder = app.config["KOMPASS"].data_dir / "files"
    (folder / piece.sha256[:2] / piece.sha256).write_bytes(b"%PDF anderes")
    response = working.get(f"/kommune/nachweis/{piece.id}/datei")
    assert response.status_code == 500
    assert "beschädigt" in response.text


def test_another_municipalitys_evidence_does_not_exist(app: Flask, working: FlaskClient, neighbour: Account) -> None:
    upload(working, files.pdf())
    (piece,) = stored(app)
    other = app.test_client()
    log_in(other, neighbour.email)
    assert other.get(f"/kommune/nachweis/{piece.id}/datei").status_code == 404
    sent = {"csrf_token": token(other.get(FORM))}
    assert other.post(f"/kommune/nachweis/{piece.id}/entfernen", data=sent).status_code == 404
    assert len(stored(app)) == 1


@pytest.mark.parametrize("id", ["0", "999999", "99999999999999999999999", "-1", "x"])
def test_forged_ids_lead_nowhere(working: FlaskClient, id: str) -> None:
    assert working.get(f"/kommune/nachweis/{id}/datei").status_code == 404


def test_evidence_can_be_taken_away(app: Flask, working: FlaskClient) -> None:
    attach(working)
    (piece,) = stored(app)
    asked = working.get(f"/kommune/nachweis/{piece.id}/entfernen")
    assert "verschwindet für alle in Ihrer Kommune" in asked.text
    assert [kept.id for kept in stored(app)] == [piece.id]
    working.post(f"/kommune/nachweis/{piece.id}/entfernen", data={"csrf_token": token(asked)})
    assert stored(app) == []


def test_after_the_hand_in_evidence_stays_as_it_is(app: Flask, working: FlaskClient, approver: Account) -> None:
    attach(working)
    (piece,) = stored(app)
    sent = {"csrf_token": token(working.get(PAGE))}
    with app.app_context():
        answer_all(approver.id)
        sign(approver.id)
    assert working.post(f"/kommune/nachweis/{piece.id}/entfernen", data=sent).status_code == 409
    assert attach(working).status_code == 409
    assert len(stored(app)) == 1


def test_a_role_taken_away_meanwhile_stops_the_next_step(
    app: Flask, working: FlaskClient, coordinator: Account
) -> None:
    page = working.get(FORM)
    with app.app_context():
        db.session.get_one(User, coordinator.id).roles = []
        db.session.commit()
    response = working.post(FORM, data={**GOOD, "csrf_token": token(page)})
    assert response.status_code == 403
    assert "für Sie nicht freigegeben" in response.text
    assert stored(app) == []


BAD = [
    ({"title": ""}, "in wenigen Worten"),
    ({"title": "x" * 201}, "höchstens 200"),
    ({"dated": ""}, "Nennen Sie den Tag"),
    ({"dated": "2999-01-01"}, "in der Zukunft"),
    ({"dated": "31.02.2026"}, "Diesen Tag gibt es nicht"),
    ({"body": ""}, "eine Datei, einen Link oder einen Text"),
    ({"address": "https://a.de", "body": "Auch ein Text"}, "nur eines"),
    ({"address": "javascript:alert(1)"}, "keine Adresse"),
    ({"address": "http://[::1"}, "keine Adresse"),
    ({"address": "https://a.de/" + "x" * 1000}, "keine Adresse"),
    ({"body": "x" * 4001}, "um 1 Zeichen zu lang"),
]


@pytest.mark.parametrize(("fields", "sentence"), BAD)
def test_bad_input_is_named_and_nothing_is_stored(
    app: Flask, working: FlaskClient, fields: dict[str, str], sentence: str
) -> None:
    response = attach(working, **fields)
    assert response.status_code == 422
    assert sentence in response.text
    assert stored(app) == []


def test_more_than_anybody_reads_is_refused(app: Flask, working: FlaskClient) -> None:
    for _ in range(12):
        attach(working)
    response = attach(working)
    assert response.status_code == 409
    assert "schon 12 Nachweise" in response.text
    assert len(stored(app)) == 12


def test_level_3_without_evidence_counts_as_2_and_the_page_says_so(
    app: Flask, working: FlaskClient, round_id: int
) -> None:
    send(working, level="3")
    assert "Angegeben ist Reifegrad 3, er zählt als 2: Selbstauskunft" in working.get(PAGE).text
    assert "Selbstauskunft, zählt als 2" in working.get("/kommune/").text
    assert "angegeben 3, zählt als 2." in working.get("/kommune/abgabe").text
    assert counts(app, round_id) == 2


def test_with_evidence_level_3_counts(app: Flask, working: FlaskClient, round_id: int) -> None:
    send(working, level="3")
    attach(working)
    assert "Selbstauskunft" not in working.get("/kommune/").text
    assert counts(app, round_id) == 3


def test_level_4_counts_once_check_and_improvement_are_shown(app: Flask, working: FlaskClient, round_id: int) -> None:
    send(working, level="4")
    attach(working, shows_check="y")
    assert counts(app, round_id) == 3
    assert "dass daraus eine Verbesserung entstanden ist" in working.get(PAGE).text
    attach(working, shows_improvement="y")
    assert counts(app, round_id) == 4


def test_the_choice_itself_says_what_a_level_would_count_as(working: FlaskClient) -> None:
    assert working.get(PAGE).text.count("mit Ihren Nachweisen: zählt als 2, Selbstauskunft") == 2


def test_a_round_without_the_rule_counts_what_was_answered(app: Flask, working: FlaskClient, round_id: int) -> None:
    with app.app_context():
        db.session.get_one(Round, round_id).evidence_rule = False
        db.session.commit()
    send(working, level="4")
    assert counts(app, round_id) == 4
    assert "Selbstauskunft" not in working.get(PAGE).text


def test_level_1_asks_for_responsibility_and_date(app: Flask, working: FlaskClient) -> None:
    send(working, level="1")
    assert "Reifegrad 1 ohne Zuständigkeit oder Termin" in working.get("/kommune/abgabe").text
    send(working, level="1", responsible="Ordnungsamt", due="2027-03-31")
    page = working.get("/kommune/abgabe").text
    assert "Reifegrad 1 ohne Zuständigkeit oder Termin" not in page
    assert "Ordnungsamt" in page


def test_the_three_marks_are_kept_and_count_for_nothing(app: Flask, working: FlaskClient, round_id: int) -> None:
    send(working, level="2", regulated="y", visible="y")
    with app.app_context():
        assert meschede().answer("A1.1") == Answer(2, regulated=True, visible=True)
    assert "geregelt, sichtbar" in working.get("/kommune/abgabe").text
    assert counts(app, round_id) == 2


@pytest.mark.parametrize("due", ["gestern", "0001-01-01", "31.02.2027"])
def test_a_date_that_makes_no_sense_is_named(app: Flask, working: FlaskClient, due: str) -> None:
    response = send(working, level="1", due=due)
    assert response.status_code == 422
    assert "Tag gibt es nicht" in response.text or "Jahr stimmt nicht" in response.text


def test_a_conflict_keeps_all_parts_of_both_versions(app: Flask, working: FlaskClient, editor: Account) -> None:
    with app.app_context():
        answer("A1.1", Answer(1, responsible="Kämmerei", due=dt.date(2027, 1, 1)), editor.id)
    page = send(working, level="1", responsible="Ordnungsamt", lived="y", version="0").text
    assert "Kämmerei" in page
    assert '<input type="hidden" name="responsible" value="Ordnungsamt">' in page
    assert '<input type="hidden" name="lived" value="y">' in page


def test_evidence_costs_the_pages_no_statement_more(app: Flask, working: FlaskClient) -> None:
    send(working, level="3")
    attach(working)
    with counted(app) as few:
        working.get(PAGE)
    for _ in range(5):
        attach(working)
    with counted(app) as many:
        working.get(PAGE)
    assert len(many) == len(few)


def test_a_closed_round_takes_no_evidence(app: Flask, working: FlaskClient, round_id: int) -> None:
    page = working.get(FORM)
    with app.app_context():
        close(round_id)
    response = working.post(FORM, data={**GOOD, "csrf_token": token(page)})
    assert response.status_code == 409
    assert "geschlossen" in response.text

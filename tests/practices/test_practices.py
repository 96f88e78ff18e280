"""A practice is written, read by the agency, shown, asked about, adopted, renewed; and nothing of it gets lost."""

from __future__ import annotations

import datetime as dt
import email
import io
from email import policy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.database import db
from app.outbox.models import OutgoingMail
from app.practices.collecting import load
from app.practices.digest import send_digests
from app.practices.models import Attachment, Follow, Practice
from app.practices.reading import practice_by_id
from app.privacy.subjects import erase
from app.uploads.receiving import Kept
from app.uploads.store import store
from config import Settings
from tests.accounts.login import Account, log_in, log_out, token
from tests.practices.conftest import put_in
from tests.uploads.files import picture

NEW, OWN = "/austausch/neu", "/austausch/eigene"
GOOD = {
    "title": "Begrüßungstasche",
    "criteria": "B2.2",
    "done": "Jede Anmeldung bekommt eine Tasche.",
    "outcome": "worked",
    "contact": "Stadtmarketing",
    "costs": "1.200",
}


def post(client: FlaskClient, path: str, page: str = "", **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client.get(page or path)), **fields})


def only(app: Flask) -> Practice:
    with app.app_context():
        return practice_by_id(db.session.scalars(select(Practice.id)).one())


def mails(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(select(OutgoingMail.recipient, OutgoingMail.subject).order_by(OutgoingMail.id))
        return [tuple(row) for row in rows]


def test_from_the_first_draft_to_everybody(app: Flask, client: FlaskClient, coordinator: Account, agency: Account):
    log_in(client, coordinator.email)
    assert post(client, NEW, **GOOD, dann="abgeben").location == OWN
    assert "wird gelesen" in client.get(OWN).text
    id = only(app).id
    assert client.get(f"/austausch/{id}").status_code == 404
    log_out(client)
    log_in(client, agency.email)
    assert "Begrüßungstasche" in client.get("/austausch/durchsicht").text
    review = f"/austausch/{id}/durchsicht"
    assert post(client, review, visibility="all", dann="zeigen").location == f"/austausch/{id}"
    log_out(client)
    page = client.get(f"/praxis/{id}").text
    for words in ("Meschede", "Jede Anmeldung bekommt eine Tasche.", "1.200 Euro", "Stadtmarketing"):
        assert words in page
    assert "Begrüßungstasche" in client.get("/praxis/?suche=Taschen").text
    assert (coordinator.email, "Ihr Praxisbeispiel ist veröffentlicht") in mails(app)


def test_a_title_is_enough_to_begin_and_what_lacks_is_said_before_handing_in(
    app: Flask, client: FlaskClient, coordinator: Account
) -> None:
    log_in(client, coordinator.email)
    answer = post(client, NEW, title="Tasche", outcome="failed", dann="abgeben")
    assert answer.status_code == 422
    for words in ("mindestens ein Kriterium", "was Sie gemacht haben", "warum es nicht", "Nennen Sie die Stelle"):
        assert words in answer.text
    practice = only(app)
    assert (practice.open.state, practice.open.title) == ("draft", "Tasche")
    assert post(client, f"/austausch/{practice.id}/bearbeiten", **GOOD).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", "", "Geben Sie dem Beispiel einen Titel."),
        ("title", "x" * 161, "höchstens 160 Zeichen"),
        ("costs", "viel", "»viel« ist keine ganze Zahl"),
        ("hours", "-3", "»-3« ist keine ganze Zahl"),
        ("links", "unsere Seite", "fehlt eine Adresse"),
        ("links", "x javascript:alert(1)", "fehlt eine Adresse"),
        ("outcome", "toll", "Hat es funktioniert?"),
        ("criteria", "Z9", "Kriterien, um die es geht"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(
    client: FlaskClient, coordinator: Account, field: str, typed: str, sentence: str
) -> None:
    log_in(client, coordinator.email)
    answer = post(client, NEW, **{**GOOD, field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Jede Anmeldung bekommt eine Tasche." in answer.text


def test_the_agency_asks_back_and_the_municipality_mends(
    app: Flask, client: FlaskClient, coordinator: Account, agency: Account
) -> None:
    log_in(client, coordinator.email)
    post(client, NEW, **GOOD, dann="abgeben")
    id = only(app).id
    log_out(client)
    log_in(client, agency.email)
    review = f"/austausch/{id}/durchsicht"
    assert "Schreiben Sie der Kommune" in post(client, review, visibility="all", dann="zurueck").text
    post(client, review, visibility="all", dann="zurueck", remark="Was kostet eine Tasche?")
    log_out(client)
    log_in(client, coordinator.email)
    assert "Was kostet eine Tasche?" in client.get(f"/austausch/{id}/bearbeiten").text
    assert (coordinator.email, "Rückfrage zu Ihrem Praxisbeispiel") in mails(app)
    assert post(client, f"/austausch/{id}/bearbeiten", **GOOD, dann="abgeben").location == OWN
    assert only(app).open.state == "submitted"


def test_what_is_being_read_cannot_be_changed_but_taken_back(app: Flask, client: FlaskClient, coordinator: Account):
    log_in(client, coordinator.email)
    post(client, NEW, **GOOD, dann="abgeben")
    id = only(app).id
    assert "Ziehen Sie sie zurück" in post(client, f"/austausch/{id}/bearbeiten", **{**GOOD, "title": "Anders"}).text
    assert only(app).open.title == "Begrüßungstasche"
    post(client, f"/austausch/{id}/zurueckziehen", OWN)
    assert post(client, f"/austausch/{id}/bearbeiten", **{**GOOD, "title": "Anders"}).status_code == 302
    assert only(app).open.title == "Anders"


def test_a_new_version_leaves_the_old_one_until_it_is_read_and_readable_after(
    app: Flask, client: FlaskClient, coordinator: Account, agency: Account, practice: int
) -> None:
    log_in(client, coordinator.email)
    changed = {**GOOD, "title": "Begrüßungsrucksack", "done": "Jetzt ein Rucksack."}
    post(client, f"/austausch/{practice}/bearbeiten", **changed, dann="abgeben")
    assert "Begrüßungstasche" in client.get(f"/austausch/{practice}").text
    log_out(client)
    log_in(client, agency.email)
    post(client, f"/austausch/{practice}/durchsicht", visibility="participants", dann="zeigen")
    assert "Begrüßungsrucksack" in client.get(f"/austausch/{practice}").text
    versions = client.get(f"/austausch/{practice}/fassungen").text
    assert versions.index("Fassung 2 vom") < versions.index("Fassung 1 vom")
    assert "Jede Anmeldung bekommt eine Tasche." in versions
    assert "Begrüßungsrucksack" in client.get("/austausch/?suche=Rucksack").text
    assert client.get("/austausch/?suche=Anmeldung").text.count("Begrüßungsrucksack") == 0


def test_what_is_for_participants_is_not_public(app: Flask, client: FlaskClient, practice: int) -> None:
    assert client.get(f"/praxis/{practice}").status_code == 404
    assert f"/praxis/{practice}" not in client.get("/praxis/?suche=Begrüßungstasche").text


def test_a_file_goes_as_far_as_its_practice(app: Flask, client: FlaskClient, practice: int) -> None:
    with app.app_context():
        found = practice_by_id(practice)
        found.shown.files.append(Attachment.of(Kept(store().keep(b"x"), 1, "text/plain", "a.txt")))
        db.session.commit()
    assert client.get("/praxis/datei/1").status_code == 404
    with app.app_context():
        practice_by_id(practice).visibility = "all"
        db.session.commit()
    assert client.get("/praxis/datei/1").data == b"x"


def test_nobody_changes_what_another_municipality_wrote(client: FlaskClient, neighbour: Account, practice: int) -> None:
    log_in(client, neighbour.email)
    assert client.get(f"/austausch/{practice}/bearbeiten").status_code == 404
    page = client.get(f"/austausch/{practice}")
    for path in ("dateien", "verwerfen", "zurueckziehen"):
        data = {"csrf_token": token(page)}
        assert client.post(f"/austausch/{practice}/{path}", data=data).status_code == 404


def test_a_draft_is_deleted_after_asking_and_what_is_shown_stays(
    app: Flask, client: FlaskClient, coordinator: Account, practice: int
) -> None:
    log_in(client, coordinator.email)
    post(client, f"/austausch/{practice}/bearbeiten", **{**GOOD, "title": "Neuer Entwurf"})
    assert "Die veröffentlichte Fassung bleibt" in client.get(f"/austausch/{practice}/verwerfen").text
    post(client, f"/austausch/{practice}/verwerfen")
    found = only(app)
    assert (found.open, found.shown.title) == (None, "Begrüßungstasche")
    assert client.get(f"/austausch/{practice}").status_code == 200


def test_questions_reach_the_author_and_answers_who_asked(
    app: Flask, client: FlaskClient, coordinator: Account, neighbour: Account, practice: int
) -> None:
    log_in(client, neighbour.email)
    page = f"/austausch/{practice}"
    assert "Schreiben Sie Ihre Frage" in post(client, f"{page}/frage", page, text=" ").text
    post(client, f"{page}/frage", page, text="Was kostet eine Tasche?")
    log_out(client)
    log_in(client, coordinator.email)
    assert "Was kostet eine Tasche?" in client.get(page).text
    number = only(app).questions[0].id
    post(client, f"/austausch/frage/{number}/antwort", page, text="Acht Euro.")
    assert "Acht Euro." in client.get(page).text
    sent = mails(app)
    assert (coordinator.email, "Frage zu Ihrem Praxisbeispiel") in sent
    assert (neighbour.email, "Antwort auf Ihre Frage") in sent


def test_another_municipality_says_what_it_made_of_it(
    app: Flask, client: FlaskClient, coordinator: Account, neighbour: Account, practice: int
) -> None:
    page = f"/austausch/{practice}"
    log_in(client, neighbour.email)
    post(client, f"{page}/uebernahme", page, state="planned")
    post(client, f"{page}/uebernahme", page, state="dropped", result="Zu teuer für uns.")
    (adoption,) = only(app).adoptions
    assert (adoption.municipality.name, adoption.state) == ("Olpe", "dropped")
    log_out(client)
    log_in(client, coordinator.email)
    assert "Zu teuer für uns." in client.get(page).text
    assert post(client, f"{page}/uebernahme", page, state="adopted").status_code == 409


def test_files_are_kept_handed_out_and_taken_away(app: Flask, client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    post(client, NEW, **GOOD)
    id = only(app).id
    edit, files = f"/austausch/{id}/bearbeiten", f"/austausch/{id}/dateien"
    content = b"\x89PNG\r\n\x1a\n" + b"x"
    answer = post(client, files, edit, file=(io.BytesIO(content), "flyer.png"))
    assert answer.status_code == 422
    assert "Begrüßungstasche" in answer.text
    assert post(client, files, edit, file=(io.BytesIO(picture()), "flyer.png")).status_code == 302
    (file,) = only(app).open.files
    assert client.get(f"/austausch/datei/{file.id}").mimetype == "image/png"
    log_out(client)
    assert client.get(f"/praxis/datei/{file.id}").status_code == 404
    log_in(client, coordinator.email)
    post(client, f"{files}/{file.id}/entfernen", edit)
    assert only(app).open.files == []


def test_who_follows_a_criterion_gets_one_digest_a_week(
    app: Flask, settings: Settings, client: FlaskClient, coordinator: Account, neighbour: Account
) -> None:
    log_in(client, neighbour.email)
    post(client, "/austausch/folgen", criteria="B2.2")
    before_now(app)
    put_in(app, coordinator, title="Andere Sache", criteria=("A1.1",))
    with app.app_context():
        assert send_digests() == 0
    put_in(app, coordinator)
    with app.app_context():
        assert send_digests() == 1
        assert send_digests() == 0
        mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key.startswith("digest:"))).one()
        assert mail.recipient == neighbour.email
    text = unfolded(settings)
    assert "Begrüßungstasche (Meschede; B2.2)" in text
    assert "Andere Sache" not in text
    put_in(app, coordinator, title="Noch eine")
    before_now(app)
    with app.app_context():
        assert send_digests() == 0, "one a week"


def unfolded(settings: Settings) -> str:
    """The newest mail, as it is read."""
    newest = sorted((settings.data_dir / "mail").glob("*.eml"))[-1]
    return email.message_from_bytes(newest.read_bytes(), policy=policy.default).get_content()


def before_now(app: Flask) -> None:
    """As if everybody had begun to follow an hour ago."""
    with app.app_context():
        for follow in db.session.scalars(select(Follow)):
            follow.told_until -= dt.timedelta(hours=1)
        db.session.commit()


def test_a_practice_stays_with_the_municipality_when_its_author_is_erased(
    app: Flask, client: FlaskClient, coordinator: Account, neighbour: Account, practice: int
) -> None:
    with app.test_request_context():
        erase(db.session.get_one(User, coordinator.id))
        db.session.commit()
    log_in(client, neighbour.email)
    page = client.get(f"/austausch/{practice}").text
    assert "Meschede" in page
    assert "Stadtmarketing" in page
    assert only(app).author_id is None
    page = f"/austausch/{practice}"
    assert post(client, f"{page}/frage", page, text="Gibt es sie noch?").status_code == 302


def test_the_agency_withdraws_shows_again_and_changes_who_may_see(
    app: Flask, client: FlaskClient, agency: Account, practice: int
) -> None:
    log_in(client, agency.email)
    page = f"/austausch/{practice}"
    post(client, f"{page}/sichtbarkeit", page, sichtbar="all")
    assert client.get(f"/praxis/{practice}").status_code == 200
    post(client, f"{page}/zuruecknehmen")
    assert client.get(page).status_code == client.get(f"/praxis/{practice}").status_code == 404
    post(client, f"{page}/wieder-zeigen", "/austausch/durchsicht")
    assert client.get(page).status_code == 200


def test_the_agency_writes_for_a_municipality_or_another_place(app: Flask, client: FlaskClient, agency: Account):
    log_in(client, agency.email)
    assert "entweder eine Kommune" in post(client, NEW, **GOOD).text
    assert post(client, NEW, **GOOD, place="Rinteln").status_code == 302
    assert only(app).where == "Rinteln"


def test_the_collection_is_loaded_once_with_its_sources(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        assert load() >= 20
        db.session.commit()
        assert load() == 0
        everything = db.session.scalars(select(Practice)).all()
        assert all(practice.shown.links and practice.shown.keys for practice in everything)
        meschede = next(practice.id for practice in everything if practice.source_key == "meschede-600")
    page = client.get(f"/praxis/{meschede}").text
    assert "aus öffentlichen Quellen zusammengestellt" in page
    assert "https://www.radiosauerland.de/" in page


def test_the_command_loads_and_indexes(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "Praxisbeispiele geladen" in runner.invoke(args=["practices", "load"]).output
    assert "im Index" in runner.invoke(args=["practices", "reindex"]).output

"""A round table is planned, people are invited, sign up, are let in, say what they thought; then only counts stay."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import io

import icalendar
import pikepdf
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.database import db, today
from app.outbox import bouncing
from app.outbox.models import OutgoingMail
from app.privacy.retention import purge
from app.region.models import Municipality
from app.round_tables import using
from app.round_tables.history import load
from app.round_tables.models import RoundTable, TableGuest
from config import Settings
from tests.accounts.login import MESCHEDE, OLPE, Account, log_in, log_out, token
from tests.practices.conftest import put_in
from tests.reports.conftest import pages_of
from tests.uploads.files import picture

BASE = "/austausch/runde-tische"
NEW = f"{BASE}/neu"
GOOD = {
    "number": "24",
    "held_on": (today() + dt.timedelta(days=30)).isoformat(),
    "begins": "09:30",
    "ends": "12:00",
    "place": "Rathaus Meschede",
    "host_ags": MESCHEDE,
    "agenda": "Begrüßung | Bürgermeisterin\nBegrüßungstasche | Stadtmarketing Werdohl",
}
GUEST = {"name": "Gast Eins", "function": "Stadtmarketing", "listed": "y", "consented": "y"}


def post(client: FlaskClient, path: str, page: str = "", **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client.get(page or path)), **fields})


def planned(client: FlaskClient, **changes: str) -> int:
    answer = post(client, NEW, **{**GOOD, **changes})
    assert answer.status_code == 302, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def held(app: Flask, days: int, *places: str) -> int:
    """A round table so many days ago with one guest of each place, who came."""
    with app.app_context():
        table = RoundTable(held_on=today() - dt.timedelta(days=days), place="Rathaus")
        for number, ags in enumerate(places):
            guest = TableGuest(name=f"Gast {number}", municipality=db.session.get(Municipality, ags))
            table.guests.append(guest)
        db.session.add(table)
        db.session.flush()
        for guest in table.guests:
            using.check_in(guest)
        db.session.commit()
        return table.id


def test_a_round_table_is_planned_with_agenda_and_speakers(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    page = client.get(f"{BASE}/{planned(client)}").text
    for words in ("24. Runder Tisch", "09:30–12:00 Uhr", "Rathaus Meschede", "Stadtmarketing Werdohl", "Meschede"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"held_on": "2026-02-30"}, "Diesen Tag gibt es nicht"),
        ({"held_on": ""}, "Nennen Sie den Tag"),
        ({"held_on": "1026-02-01"}, "Das Jahr stimmt nicht"),
        ({"begins": "25:00"}, "Diese Uhrzeit gibt es nicht"),
        ({"ends": "09:00"}, "Das Ende liegt nicht nach dem Beginn"),
        ({"place": ""}, "Nennen Sie einen Ort oder einen Link"),
        ({"link": "zoom"}, "keine Adresse"),
        ({"number": "viele"}, "»viele« ist keine Zahl"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(
    client: FlaskClient, agency: Account, changes: dict[str, str], sentence: str
) -> None:
    log_in(client, agency.email)
    answer = post(client, NEW, **{**GOOD, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Stadtmarketing Werdohl" in answer.text


def test_a_number_is_given_once(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    planned(client)
    answer = post(client, NEW, **GOOD)
    assert answer.status_code == 409
    assert "hat schon ein anderer Runder Tisch" in answer.text


def test_everybody_who_coordinates_is_invited_once(
    app: Flask, client: FlaskClient, agency: Account, coordinator: Account, editor: Account
) -> None:
    log_in(client, agency.email)
    id = planned(client)
    page = client.get(f"{BASE}/{id}/einladen").text
    assert coordinator.email in page
    assert editor.email not in page
    for _time in range(2):
        post(client, f"{BASE}/{id}/einladen")
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key.startswith("round-table:"))).all()
        assert [mail.recipient for mail in mails] == [coordinator.email]


def test_an_address_that_refuses_is_named_and_left_out(
    app: Flask, client: FlaskClient, agency: Account, coordinator: Account
) -> None:
    log_in(client, agency.email)
    page = f"{BASE}/{planned(client)}/einladen"
    with app.app_context():
        bouncing.mark(coordinator.email.upper(), "refused")
        db.session.commit()
    text = client.get(page).text
    assert "1 Adresse nimmt keine Mails an" in text
    assert f"laden Sie auf anderem Weg ein: {coordinator.email}" in text
    post(client, page, NEW)
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail)).all() == []


def newest_mail(settings: Settings) -> tuple[str, str, icalendar.Calendar]:
    """Subject of the newest mail, the method its calendar file is announced with, and that file."""
    newest = max((settings.data_dir / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    mail = email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)
    (file,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert file.get_filename().endswith(".ics")
    return mail["subject"], file["content-type"].params["method"], icalendar.Calendar.from_ical(file.get_content())


def test_mails_carry_the_calendar_file_and_changes_and_cancellation_raise_its_sequence(
    client: FlaskClient, agency: Account, coordinator: Account, settings: Settings
) -> None:
    log_in(client, agency.email)
    page = f"{BASE}/{planned(client)}"
    steps = [
        (f"{page}/einladen", {}, "Einladung:", "REQUEST", 0, "CONFIRMED"),
        (f"{page}/bearbeiten", {**GOOD, "about": "Nur der Text ist neu."}, "Einladung:", "REQUEST", 0, "CONFIRMED"),
        (f"{page}/bearbeiten", {**GOOD, "begins": "10:30"}, "Einladung:", "REQUEST", 0, "CONFIRMED"),
        (f"{page}/einladen", {}, "Geändert:", "REQUEST", 1, "CONFIRMED"),
        (f"{page}/loeschen", {}, "Geändert:", "REQUEST", 1, "CONFIRMED"),
        (f"{page}/absagen", {}, "Abgesagt:", "CANCEL", 2, "CANCELLED"),
    ]
    uids = set()
    for address, fields, *expected in steps:
        assert post(client, address, page=NEW, **fields).status_code == 302
        subject, method, calendar = newest_mail(settings)
        (event,) = calendar.walk("VEVENT")
        assert [subject.split()[0], method, event["sequence"], event["status"]] == expected
        assert (calendar["method"], event["attendee"]) == (method, f"mailto:{coordinator.email}")
        uids.add(event["uid"])
    assert len(uids) == 1
    assert "abgesagt" in client.get(page).text
    assert "ist abgesagt" in post_followed(client, f"{page}/einladen")


def post_followed(client: FlaskClient, path: str) -> str:
    post(client, path, page=NEW)
    return client.get(path.rsplit("/", 1)[0]).text


def test_the_calendar_file_has_day_hour_and_place(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    id = planned(client, held_on="2027-07-01")
    answer = client.get(f"/runde-tische/{id}.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("dtstart") == dt.datetime(2027, 7, 1, 7, 30, tzinfo=dt.UTC)
    assert event.decoded("dtend") == dt.datetime(2027, 7, 1, 10, 0, tzinfo=dt.UTC)
    assert event["location"] == "Rathaus Meschede"


def test_a_municipality_signs_its_people_up_with_their_consent(
    app: Flask, client: FlaskClient, agency: Account, coordinator: Account
) -> None:
    log_in(client, agency.email)
    id = planned(client)
    log_out(client)
    log_in(client, coordinator.email)
    page, form = f"{BASE}/{id}", f"{BASE}/{id}/anmelden"
    without = {**GUEST, "consented": ""}
    del without["consented"]
    assert "Ohne Einverständnis" in post(client, form, page, **without).text
    assert post(client, form, page, **GUEST).status_code == 302
    twice = post(client, form, page, **GUEST)
    assert twice.status_code == 409
    assert "ist schon angemeldet" in twice.text
    with app.app_context():
        guest = db.session.scalars(select(TableGuest)).one()
        assert (guest.municipality_ags, guest.listed) == (MESCHEDE, True)
        number = guest.id
    post(client, f"{BASE}/gast/{number}/abmelden", page)
    assert "Gast Eins" not in client.get(page).text


def test_what_was_cannot_be_signed_up_for(app: Flask, client: FlaskClient, coordinator: Account) -> None:
    id = held(app, 1, OLPE)
    log_in(client, coordinator.email)
    answer = post(client, f"{BASE}/{id}/anmelden", f"{BASE}/{id}", **GUEST)
    assert answer.status_code == 409
    assert "Dieser Runde Tisch war schon" in answer.text


def test_two_who_let_the_same_guest_in_count_once(app: Flask, client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    id = planned(client)
    post(client, f"{BASE}/{id}/gaeste", **GUEST, municipality_ags=OLPE)
    with app.app_context():
        guest = db.session.scalars(select(TableGuest)).one()
        number, ticket = guest.id, guest.ticket
    door = f"{BASE}/einlass/{ticket}"
    assert "Einchecken" in client.get(door).text
    for _time in range(2):
        post(client, f"{BASE}/gast/{number}/einlass", f"{BASE}/{id}/gaeste")
    assert (
        "»Gast Eins« ist schon eingecheckt. Es wurde nicht doppelt gezählt." in client.get(f"{BASE}/{id}/gaeste").text
    )
    assert "ist schon eingecheckt" in client.get(door).text
    assert "1 von 59 Kommunen" in client.get(f"{BASE}/{id}").text
    post(client, f"{BASE}/gast/{number}/einlass-zurueck", f"{BASE}/{id}/gaeste")
    assert "1 von 59 Kommunen" not in client.get(f"{BASE}/{id}").text


def test_list_and_badges_are_documents_and_the_list_names_only_who_agreed(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    id = planned(client)
    page = f"{BASE}/{id}/gaeste"
    post(client, page, **GUEST, municipality_ags=OLPE)
    post(client, page, name="Gast Zwei", consented="y", municipality_ags="")
    said = {}
    for path, pages in (("gaesteliste.pdf", 1), ("namensschilder.pdf", 1)):
        answer = client.get(f"{BASE}/{id}/{path}")
        assert answer.mimetype == "application/pdf"
        with pikepdf.open(io.BytesIO(answer.data)) as document:
            assert bool(document.Root.MarkInfo.Marked)
        read = pages_of(answer.data)
        assert len(read) == pages
        said[path] = read[0]
    assert "Gast Eins" in said["gaesteliste.pdf"]
    assert "Gast Zwei" not in said["gaesteliste.pdf"]
    assert "Dazu 1 Person, die nicht auf der Liste stehen möchte." in said["gaesteliste.pdf"]
    assert "Gast Zwei" in said["namensschilder.pdf"]


def test_opinions_are_anonymous_and_come_afterwards(
    app: Flask, client: FlaskClient, agency: Account, coordinator: Account
) -> None:
    id, coming = held(app, 1, MESCHEDE), held(app, -1)
    log_in(client, coordinator.email)
    page = f"{BASE}/{id}"
    early = post(client, f"{BASE}/{coming}/rueckmeldung", page, useful="5")
    assert early.status_code == 409
    assert "Rückmeldungen gibt es erst, wenn der Runde Tisch war" in early.text
    assert "Wählen Sie eine Antwort" in post(client, f"{page}/rueckmeldung", page, wish="Mehr Zeit").text
    assert post(client, f"{page}/rueckmeldung", page, useful="5", wish="Mehr Zeit").status_code == 302
    assert "Mehr Zeit" not in client.get(page).text
    log_out(client)
    log_in(client, agency.email)
    assert "Mehr Zeit" in client.get(page).text


def test_names_go_after_the_period_and_counts_stay(app: Flask, client: FlaskClient, agency: Account) -> None:
    id = held(app, using.RETENTION.days + 1, MESCHEDE, OLPE, OLPE)
    with app.test_request_context():
        assert purge()["guests"] == 3
        table = using.table_by_id(id)
        assert (table.guests, table.people, table.places) == ([], 3, 2)
    log_in(client, agency.email)
    assert "2 von 59" in client.get(f"{BASE}/").text


def test_names_stay_within_the_period(app: Flask) -> None:
    held(app, using.RETENTION.days - 1, MESCHEDE)
    with app.test_request_context():
        assert purge()["guests"] == 0
        assert db.session.scalars(select(TableGuest)).one()


def test_minutes_files_and_practices_are_kept(app: Flask, client: FlaskClient, agency: Account) -> None:
    practice = put_in(app, visibility="all")
    log_in(client, agency.email)
    id = planned(client)
    edit, page = f"{BASE}/{id}/bearbeiten", f"{BASE}/{id}"
    post(client, edit, **GOOD, minutes="Verabredet: ein Muster für alle.", presented=str(practice))
    post(client, f"{page}/dateien", edit, file=(io.BytesIO(picture()), "tafel.png"))
    text = client.get(page).text
    for words in ("Verabredet: ein Muster für alle.", "Begrüßungstasche", "tafel.png"):
        assert words in text


def test_a_round_table_is_deleted_after_asking(app: Flask, client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    id = planned(client)
    assert "lässt sich nicht rückgängig machen" in client.get(f"{BASE}/{id}/loeschen").text
    post(client, f"{BASE}/{id}/loeschen")
    assert client.get(f"{BASE}/{id}").status_code == 404


def test_the_documented_ones_are_loaded_once_each_with_its_source(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        assert load() == 17
        assert load() == 0
        tables = using.all_tables()
        assert all(table.source.startswith("http") for table in tables)
        assert {table.number for table in tables} >= {*range(1, 9), 10, 15, *range(20, 24)}
        db.session.commit()
    page = client.get("/runde-tische/").text
    assert "22 von 59" in page
    assert "rund 30 der 59 Kommunen" in page
    assert page.count("<br>online<") == 3, "of others without a place nobody knows where they were"
    english = client.get("/runde-tische/?lang=en").text
    for words in ("about 30 of the 59 municipalities", "before the summer break", "22 of 59 municipalities"):
        assert words in english
    assert "Kommune" not in BeautifulSoup(english, "html.parser").select_one("main").text
    assert "https://www.dorfinfo.de/aktuelles/" in page

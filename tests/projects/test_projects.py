"""A project has indicators with targets; the service fills what it counts, for any day, and writes the report."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid

import docx
import openpyxl
import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.commitment.models import Resolution
from app.database import db
from app.feedback.models import Response
from app.projects import measures
from app.projects.documented import load
from app.projects.models import Indicator, Project
from app.round_tables.models import RoundTable, TableGuest
from app.rounds import lifecycle
from questionnaires.answers import encode_profile, encode_ratings
from questionnaires.loading import builtin
from tests.accounts.login import MESCHEDE, OLPE, Account, log_in, token

BASE = "/agentur/projekte"
GOOD = {
    "title": "Willkommen 3.0",
    "fund": "EFRE",
    "grant_cents": "305.309,80",
    "begins": "2026-01-01",
    "ends": "2028-12-31",
    "areas": "Beruf\nHeimat",
}
INDICATOR = {"title": "Beschlüsse", "target": "20", "measure": "resolutions"}
DAY = dt.date(2026, 6, 1)
FORMULA = "=SUMME(A1:A9)"


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client.get(path)), **fields})


def entered(client: FlaskClient, **changes: str) -> int:
    answer = post(client, f"{BASE}/neu", **{**GOOD, **changes})
    assert answer.status_code == 302, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def by_hand(app: Flask, client: FlaskClient, id: int, title: str = "Flyer", target: str = "40", unit: str = "") -> int:
    fields = {"title": title, "target": target, "unit": unit, "measure": ""}
    assert post(client, f"{BASE}/{id}/indikator", **fields).status_code == 302
    with app.app_context():
        return db.session.scalars(select(Indicator.id).where(Indicator.title == title)).one()


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_without_a_project_the_page_explains_what_to_do(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    page = client.get(f"{BASE}/").text
    assert "Noch ist kein Förderprojekt eingetragen" in page
    assert "flask projects load" in page


def test_a_project_is_entered_shown_changed_and_deleted(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    id = entered(client)
    page = client.get(f"{BASE}/{id}").text
    for words in ("Willkommen 3.0", "EFRE", "305.309,80", "Heimat", "kein Indikator mit Zielwert"):
        assert words in page
    assert 'value="305309,80"' in client.get(f"{BASE}/{id}/bearbeiten").text
    assert post(client, f"{BASE}/{id}/bearbeiten", **{**GOOD, "title": "Umbenannt"}).status_code == 302
    assert "Umbenannt" in client.get(f"{BASE}/").text
    assert post(client, f"{BASE}/{id}/loeschen").status_code == 302
    assert client.get(f"{BASE}/{id}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends": "2025-12-31"}, "Die Laufzeit endet vor ihrem Beginn"),
        ({"begins": "2026-02-30"}, "Diesen Tag gibt es nicht"),
        ({"begins": "1026-02-01"}, "Das Jahr stimmt nicht"),
        ({"grant_cents": "-5"}, "Eine Fördersumme ist nicht negativ"),
        ({"grant_cents": "viel"}, "»viel« ist kein Betrag"),
        ({"grant_cents": ""}, "Nennen Sie die Fördersumme"),
        ({"title": ""}, "Geben Sie dem Projekt einen Titel"),
        ({"source": "javascript:alert(1)"}, "Das ist keine Adresse"),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(
    app: Flask, client: FlaskClient, agency: Account, changes: dict[str, str], sentence: str
) -> None:
    log_in(client, agency.email)
    typed = {**GOOD, **changes}
    answer = post(client, f"{BASE}/neu", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    kept = [value for name, value in typed.items() if value and name != "areas"]
    assert [value for value in kept if f'value="{value}"' not in answer.text] == []
    with app.app_context():
        assert db.session.scalars(select(Project)).all() == []


@pytest.mark.parametrize(
    ("target", "sentence"),
    [("", "Ein Indikator braucht einen Zielwert"), ("viele", "»viele« ist keine Zahl"), ("0", "größer als 0"),
     ("-3", "»-3« ist keine Zahl"), ("12,345", "höchstens zwei Nachkommastellen. Schreiben Sie sie wie 12,5"),
     ("1,000", "»1,000« ist keine Zahl"), ("12,5 %", "Dieser Indikator hat keine Einheit")],
)  # fmt: skip
def test_an_indicator_needs_a_target_that_is_a_number(
    client: FlaskClient, agency: Account, target: str, sentence: str
) -> None:
    log_in(client, agency.email)
    answer = post(client, f"{BASE}/{entered(client)}/indikator", **{**INDICATOR, "target": target})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Beschlüsse"' in answer.text
    assert f'value="{target}"' in answer.text


def test_per_cent_are_not_asked_of_what_the_service_counts(client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    answer = post(client, f"{BASE}/{entered(client)}/indikator", **{**INDICATOR, "unit": "%"})
    assert answer.status_code == 422
    assert "Der Dienst zählt und kennt keine Prozentwerte" in answer.text


def test_an_amount_has_decimals_and_a_unit_in_the_reader_s_language(
    app: Flask, client: FlaskClient, agency: Account
) -> None:
    log_in(client, agency.email)
    id = entered(client)
    share = by_hand(app, client, id, "Anteil", target="62,5 %", unit="%")
    refused = post(client, f"{BASE}/indikator/{share}/werte", day="2026-03-01", value="12,5 Std.", evidence="Liste")
    assert refused.status_code == 422
    assert "die Einheit des Indikators ist »%«" in refused.text
    assert 'value="12,5 Std."' in refused.text
    for path, value in (
        (f"{BASE}/indikator/{share}/werte", "12,5 %"),
        (f"{BASE}/indikator/{share}/werte?lang=en", "12.25"),
    ):
        assert post(client, path, day="2026-03-01", value=value, evidence="Liste").status_code == 302
    hours = by_hand(app, client, id, "Beratung", target="1.200", unit="Std.")
    assert (
        post(client, f"{BASE}/indikator/{hours}/werte", day="2026-03-01", value="1.199,9", evidence="x").status_code
        == 302
    )
    assert 'value="62,5"' in client.get(f"{BASE}/indikator/{share}").text
    assert 'value="62.5"' in client.get(f"{BASE}/indikator/{share}?lang=en").text
    german, english = (text_of(client.get(f"{BASE}/{id}?stand={DAY}&lang={tag}").text) for tag in ("de", "en"))
    assert "Anteil 62,5 % 12,25 % 19 % " in german
    assert "Beratung 1.200 Std. 1.199,9 Std. 99 % " in german  # Rounded down: not reached before it is.
    assert "Anteil 62.5% 12.25% 19% " in english
    assert "Beratung 1,200 Std. 1,199.9 Std. 99% " in english


def test_the_service_fills_what_it_counts_as_of_the_chosen_day(
    app: Flask, client: FlaskClient, agency: Account
) -> None:
    log_in(client, agency.email)
    id = entered(client)
    assert post(client, f"{BASE}/{id}/indikator", **INDICATOR).status_code == 302
    with app.app_context():
        for days, ags in enumerate((MESCHEDE, OLPE)):
            day = DAY + dt.timedelta(days=days)
            db.session.add(Resolution(municipality_ags=ags, body="council", decided_on=day))
        db.session.commit()
    reached = {
        days: text_of(client.get(f"{BASE}/{id}?stand={DAY + dt.timedelta(days=days)}").text) for days in (-1, 0, 1)
    }
    assert "Beschlüsse 20 0 0 %" in reached[-1]
    assert "Beschlüsse 20 1 5 %" in reached[0]
    assert "Beschlüsse 20 2 10 %" in reached[1]


@pytest.mark.parametrize(
    ("day", "sentence"), [("2026-02-30", "Diesen Tag gibt es nicht"), ("2099-01-01", "Zahlen gibt es bis heute")]
)
def test_a_day_without_a_state_is_named_and_stays(
    client: FlaskClient, agency: Account, day: str, sentence: str
) -> None:
    log_in(client, agency.email)
    id = entered(client)
    answer = client.get(f"{BASE}/{id}?stand={day}")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{day}"' in answer.text
    assert client.get(f"{BASE}/{id}/sachbericht.pdf?stand={day}").status_code == 302


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-02-30", "Diesen Tag gibt es nicht"),
        ("2099-01-01", "liegt in der Zukunft"),
        ("2021-01-01", "Die Laufzeit ist seit dem 31. Dezember 2020 abgeschlossen"),
        ("2019-12-31", "Die Laufzeit beginnt erst am 1. Januar 2020"),
    ],
)
def test_a_value_belongs_to_a_day_of_the_term_that_was(
    app: Flask, client: FlaskClient, agency: Account, day: str, sentence: str
) -> None:
    log_in(client, agency.email)
    indicator = by_hand(app, client, entered(client, begins="2020-01-01", ends="2020-12-31"))
    path = f"{BASE}/indikator/{indicator}/werte"
    answer = post(client, path, day=day, value="10", evidence="Liste")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{day}"' in answer.text
    assert 'value="Liste"' in answer.text
    assert "Noch ist kein Wert eingetragen" in client.get(path).text


def test_values_by_hand_count_from_their_day_on_and_have_evidence(
    app: Flask, client: FlaskClient, agency: Account
) -> None:
    log_in(client, agency.email)
    id = entered(client)
    path = f"{BASE}/indikator/{by_hand(app, client, id)}/werte"
    refused = post(client, path, day="2026-03-01", value="10", evidence="")
    assert refused.status_code == 422
    assert "Nennen Sie, was den Wert belegt" in refused.text
    assert 'value="10"' in refused.text
    for day, value in (("2026-03-01", "10"), ("2026-05-01", "20"), ("2026-05-01", "30")):
        assert post(client, path, day=day, value=value, evidence=f"Liste {value}").status_code == 302
    shown = {day: text_of(client.get(f"{BASE}/{id}?stand={day}").text) for day in ("2026-02-01", "2026-04-01", DAY)}
    assert "Bis zu diesem Tag ist kein Wert eingetragen" in shown["2026-02-01"]
    assert "Flyer 40 10 25 % Eingetragen für den 1. März 2026: Liste 10" in shown["2026-04-01"]
    assert "Flyer 40 30 75 % Eingetragen für den 1. Mai 2026: Liste 30" in shown[DAY]


def test_a_value_and_an_indicator_are_taken_away(app: Flask, client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    indicator = by_hand(app, client, entered(client))
    path = f"{BASE}/indikator/{indicator}"
    post(client, f"{path}/werte", day="2026-03-01", value="10", evidence="Liste")
    client.post(f"{BASE}/wert/1/entfernen", data={"csrf_token": token(client.get(f"{path}/werte"))})
    assert "Noch ist kein Wert eingetragen" in client.get(f"{path}/werte").text
    assert post(client, f"{path}/loeschen").status_code == 302
    assert client.get(path).status_code == 404


def test_the_documented_project_is_loaded_once_with_its_source(
    app: Flask, client: FlaskClient, agency: Account
) -> None:
    assert "1 Förderprojekte" in app.test_cli_runner().invoke(args=["projects", "load"]).output
    with app.app_context():
        assert load() == 0
        project = db.session.scalars(select(Project)).one()
        assert (project.grant_cents, project.begins.year, project.ends.year) == (30530980, 2016, 2019)
        id = project.id
    log_in(client, agency.email)
    page = client.get(f"{BASE}/{id}").text
    for words in ("PERSPEKTIVE Südwestfalen", "305.309,80", "nicht belegt", "projekt-perspektive-suedwestfalen"):
        assert words in page
    assert "31. Dezember 2019" in page  # The term is over: the figures are those of its last day.
    assert "Teilnehmende Kommunen 38" in text_of(page)


def test_round_tables_without_a_day_are_said_not_to_count(app: Flask) -> None:
    with app.test_request_context():
        held = RoundTable(held_on=DAY, number=1)
        held.guests = [TableGuest(name="Eins", municipality_ags=OLPE, came_at=dt.datetime.now(dt.UTC))]
        counted = RoundTable(held_on=DAY, shown="Juni 2026", number=2, people=30, places=20)
        later = RoundTable(held_on=DAY + dt.timedelta(days=1), number=3, people=9, places=9)
        db.session.add_all((held, counted, later, RoundTable(shown="2014", number=4)))
        db.session.flush()
        found = measures.figures(DAY)
    assert found["tables"].value == 2
    assert found["tables"].note == ("1 davon mit nur ungefähr bekanntem Tag. 1 ohne bekannten Tag zählen nicht mit.")
    assert (found["table_people"].value, found["table_places"].value) == (31, 21)
    assert "2 von 2" in found["table_people"].note


def test_what_no_round_table_knows_is_no_number_and_not_none(app: Flask) -> None:
    with app.test_request_context():
        assert measures.figures(DAY)["table_people"].value == 0
        db.session.add(RoundTable(held_on=DAY, number=1, places=5))
        db.session.flush()
        found = measures.figures(DAY)
    assert (found["table_people"].value, found["table_places"].value) == (None, 5)
    assert "0 von 1" in found["table_people"].note


@pytest.mark.parametrize("pupils", [9, 10])
def test_answers_of_a_group_are_told_from_ten_on_and_of_closed_rounds(app: Flask, pupils: int) -> None:
    with app.test_request_context():
        round_ = lifecycle.create_round("p", "Runde", DAY, DAY + dt.timedelta(days=9))
        lifecycle.invite(round_, [MESCHEDE])
        catalogue = builtin()
        lifecycle.open_round(round_, catalogue, gaps_accepted=True)
        profile = encode_profile(catalogue, {"D3": ["pupil"]})
        rows = {"round_id": round_.id, "municipality_ags": MESCHEDE, "day": DAY, "language": "de"}
        given = {"ratings": encode_ratings(catalogue, {}), "profile": profile}
        db.session.add_all(Response(id=str(uuid.uuid4()), **rows, **given) for _number in range(pupils))
        db.session.flush()
        soon = dt.date(2100, 1, 1)
        assert measures.figures(soon)["answers"].value == pupils // 5 * 5
        assert measures.figures(soon)["group.pupil"].value is None
        round_.state, round_.closed_at = "closed", dt.datetime(2026, 6, 10, 12, tzinfo=dt.UTC)
        db.session.flush()
        totals = [measures.figures(dt.date(2026, 6, day))["answers"].value for day in (10, 9)]
        assert totals == [pupils, pupils // 5 * 5]
        after, before = (measures.figures(dt.date(2026, 6, day))["group.pupil"] for day in (10, 9))
    assert after.value == (pupils if pupils >= 10 else None)
    assert before.value is None
    assert "Weniger als 10" in before.note


def test_the_report_says_the_same_in_three_formats(app: Flask, client: FlaskClient, agency: Account) -> None:
    log_in(client, agency.email)
    id = entered(client)
    for title, target, unit in ((FORMULA, "40", ""), ("Anteil", "62,5", "%"), ("Beratung", "1.200", "Std.")):
        path = f"{BASE}/indikator/{by_hand(app, client, id, title, target, unit)}/werte"
        post(client, path, day="2026-03-01", value="10,5", evidence=FORMULA)
    made = {kind: client.get(f"{BASE}/{id}/sachbericht.{kind}?stand={DAY}") for kind in ("docx", "pdf", "xlsx")}
    assert {answer.status_code for answer in made.values()} == {200}
    expected = [
        [FORMULA, "40", "10,5", "26\xa0%"],
        ["Anteil", "62,5\xa0%", "10,5\xa0%", "16\xa0%"],
        ["Beratung", "1.200\xa0Std.", "10,5\xa0Std.", "0\xa0%"],
    ]
    word = docx.Document(io.BytesIO(made["docx"].data))
    indicators, others = word.tables
    assert [[cell.text for cell in row.cells][:4] for row in indicators.rows[1:]] == expected
    assert indicators.columns[4].width > 2 * indicators.columns[1].width  # Sentences have room, numbers need none.
    assert "Runde Tische" in [row.cells[0].text for row in others.rows]
    theme = word.styles["Heading 1"].element.xpath("./w:rPr/w:rFonts/@w:asciiTheme")
    assert theme == []  # It would win over our typeface.
    with pikepdf.open(io.BytesIO(made["pdf"].data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]) == "Sachbericht: Willkommen 3.0"
    printed = " ".join(PdfReader(io.BytesIO(made["pdf"].data)).pages[0].extract_text().split())
    assert [line for line in expected if " ".join(line).replace("\xa0", " ") not in printed] == [], printed
    sheet = openpyxl.load_workbook(io.BytesIO(made["xlsx"].data)).worksheets[1]
    cells = [row[:4] for row in sheet.iter_rows(min_row=2, max_row=4)]
    assert [[cell.value for cell in row] for row in cells] == [
        [FORMULA, 40, 10.5, 0.26], ["Anteil", 0.625, 0.105, 0.16], ["Beratung", 1200, 10.5, 0]
    ]  # fmt: skip
    assert [cell.data_type for row in cells for cell in row] == ["s", "n", "n", "n"] * 3
    assert [row[1].number_format for row in cells] == ["#,##0", "#,##0.0\\ %", r"#,##0\ \S\t\d\."]


def test_only_the_agency_sees_projects(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    for path in (f"{BASE}/", f"{BASE}/neu", f"{BASE}/1/sachbericht.pdf"):
        assert client.get(path).status_code == 403

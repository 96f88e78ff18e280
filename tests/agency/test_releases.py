"""From a closed round to published results and back, in the agency's browser."""

from __future__ import annotations

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select

from app.database import db
from app.releases import jobs, open_data, work
from app.releases.models import Job, ReleaseRecord
from scoring.release import Release
from tests.releases.databases import database_url, filled_postgresql, filled_sqlite

__all__ = ["database_url", "filled_postgresql", "filled_sqlite"]


@pytest.fixture
def evaluated(app) -> str:
    """The SHA-256 of the release of a round that the agency closed and evaluated."""
    with app.app_context():
        return db.session.scalars(select(ReleaseRecord.sha256)).one()


@pytest.fixture
def nothing_made(monkeypatch) -> None:
    """A publication without documents and open data, which have tests of their own."""
    monkeypatch.setattr(work, "documents_of", lambda _release, _languages: [])
    monkeypatch.setattr(open_data, "files_of", lambda _release: {})


def state(app, sha256: str) -> str:
    with app.app_context():
        return db.session.get_one(ReleaseRecord, sha256).state


def test_an_open_round_cannot_be_evaluated_and_the_page_says_why(desk, make_round):
    make_round("neu")
    assert "nicht geschlossen" in desk.read(desk.post("/agentur/runden/neu/auswerten"))


def test_evaluating_leads_over_its_progress_to_a_preview(app, desk):
    with app.app_context():
        db.session.execute(delete(ReleaseRecord))
        db.session.commit()
    page = desk.read(desk.post("/agentur/runden/2026/auswerten"))
    assert "Fertig" in page
    assert "Auswertungsstand ansehen" in page
    assert "Vorschau" in desk.get("/agentur/runden/2026").text


def test_the_preview_says_who_is_suppressed(desk, evaluated):
    page = desk.get(f"/agentur/auswertungen/{evaluated}").text
    assert "unterdrückt: zu wenige Rückmeldungen" in page
    assert "nur grob, nur für die Kommune selbst" in page
    assert "40 / 59" in page
    assert "Entwurf" in page


def test_the_preview_says_how_far_the_numbers_carry(app, desk, evaluated):
    page = BeautifulSoup(desk.get(f"/agentur/auswertungen/{evaluated}").text, "html.parser")
    rows = {
        row.th.get_text(): [c.get_text(strip=True) for c in row.find_all("td")]
        for row in page.select("#belastbar ~ details tr")
        if row.th and row.td
    }
    with app.app_context():
        release = Release.from_json(db.session.get_one(ReleaseRecord, evaluated).document)
    for score in release.region.outside_view:
        title = next(
            name
            for name in rows
            if name.startswith(score.indicator) or (score.kind == "overall" and name == "Alle Fragen")
        )
        n, points, span, signal, states, change, reliability = rows[title]
        bands = [sheet.outside_view[release.region.outside_view.index(score)].band for sheet in release.own.values()]
        assert (
            states == f"{bands.count('better')}, {bands.count('same')}, {bands.count('worse')}; {bands.count('open')}"
        )
        assert ("bis" in span) == (score.pooled_low is not None)
        assert (
            signal == {True: "ja", False: "nicht erkennbar, kein Vergleich", None: "zu wenige Kommunen"}[score.differs]
        )
        assert (reliability == "–") == (score.reliability == "none")
        assert change == "–" or change.startswith("ab ")
        assert (n == "zu wenige") == (score.n is None) == (points == "–")
    needed = {release.municipality(ags).name for ags, sheet in release.own.items() if sheet.needed}
    told = {name for name, cells in rows.items() if cells[-1].startswith("etwa ")}
    assert told == needed & rows.keys()
    assert page.find("a", href=lambda address: address and address.split("?")[0] == "/methode")


def test_the_preview_counts_gaps_and_names_quadrants_only_where_they_are_decided(app, desk, evaluated):
    page = BeautifulSoup(desk.get(f"/agentur/auswertungen/{evaluated}").text, "html.parser")
    with app.app_context():
        release = Release.from_json(db.session.get_one(ReleaseRecord, evaluated).document)
    pairs = [pair for sheet in release.own.values() for pair in sheet.pairs if pair.gap is not None]
    quadrants = Counter((pair.criterion, pair.quadrant) for pair in pairs)
    tables = page.select("#belastbar ~ details table")
    for row in tables[1].tbody.find_all("tr"):
        criterion = row.th.get_text().split()[0]
        cells = [int(cell.get_text()) for cell in row.find_all("td")]
        assert sum(cells[:4]) == sum(pair.criterion == criterion for pair in pairs)
        assert cells[4:] == [
            quadrants[criterion, q] for q in ("strength", "hidden_strength", "blind_spot", "need_to_act")
        ]
        assert sum(cells[4:]) <= sum(cells[:4])


def test_the_preview_has_the_reports_that_region_and_mayor_will_read(desk, evaluated):
    for name in ("region", "05958048"):
        answer = desk.get(f"/agentur/auswertungen/{evaluated}/{name}.pdf")
        assert answer.data.startswith(b"%PDF")
        assert answer.headers["Content-Type"] == "application/pdf"
    assert desk.get(f"/agentur/auswertungen/{evaluated}/00000000.pdf").status_code == 404


def test_publishing_asks_once_and_can_be_withdrawn_with_a_reason(app, desk, evaluated, state_of, nothing_made):
    path = f"/agentur/auswertungen/{evaluated}"
    assert "Sind alle fertig" in desk.get(f"{path}/veroeffentlichen").text
    assert state(app, evaluated) == "preview"
    desk.post(f"{path}/veroeffentlichen")
    assert (state(app, evaluated), state_of("2026")) == ("published", "released")
    desk.post(f"{path}/zurueckziehen", {"reason": "Die Zahlen einer Kommune waren falsch."})
    assert (state(app, evaluated), state_of("2026")) == ("withdrawn", "closed")
    assert "Die Zahlen einer Kommune waren falsch." in desk.get(path).text


def test_publishing_twice_is_refused_with_a_sentence(app, desk, evaluated, nothing_made):
    desk.post(f"/agentur/auswertungen/{evaluated}/veroeffentlichen")
    page = desk.read(desk.post(f"/agentur/auswertungen/{evaluated}/veroeffentlichen"))
    assert "schon veröffentlicht" in page


@pytest.mark.parametrize("reason", ["", "kurz", "x" * 501])
def test_withdrawing_needs_a_reason_that_readers_understand(app, desk, evaluated, nothing_made, reason):
    desk.post(f"/agentur/auswertungen/{evaluated}/veroeffentlichen")
    answer = desk.post(f"/agentur/auswertungen/{evaluated}/zurueckziehen", {"reason": reason})
    assert answer.status_code == 422
    assert reason in answer.text
    assert state(app, evaluated) == "published"


def test_a_preview_cannot_be_withdrawn(desk, evaluated):
    answer = desk.post(f"/agentur/auswertungen/{evaluated}/zurueckziehen", {"reason": "Die Zahlen waren falsch."})
    assert answer.status_code == 409


def test_work_that_runs_shows_its_progress_and_loads_itself_again(app, desk):
    with app.app_context():
        db.session.add(Job(id="j" * 36, kind=work.BUILD, subject="2026", state="running", done=3, total=10))
        db.session.commit()
    page = desk.get(f"/agentur/aufgaben/{'j' * 36}").text
    assert 'data-reload-after="3"' in page
    assert '<progress value="3" max="10"' in page
    assert "Jetzt neu laden" in page


def test_work_that_failed_says_why_and_can_be_started_again(app, desk, monkeypatch):
    with app.app_context():
        db.session.add(Job(id="j" * 36, kind=work.BUILD, subject="2026", state="failed", message="Platte voll"))
        db.session.commit()
    page = desk.get(f"/agentur/aufgaben/{'j' * 36}").text
    assert "Platte voll" in page
    assert "Neu starten" in page
    monkeypatch.setitem(jobs.kinds, work.BUILD, lambda _subject, _progress: "a" * 64)
    assert "Fertig" in desk.read(desk.post(f"/agentur/aufgaben/{'j' * 36}/neu-starten"))


@pytest.mark.parametrize("path", ["auswertungen/" + "0" * 64, "aufgaben/nix"])
def test_what_does_not_exist_is_not_found(desk, path):
    assert desk.get(f"/agentur/{path}").status_code == 404

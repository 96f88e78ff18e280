"""Every place where numbers are read shows what they are worth, one test per place (the agency's: tests/agency).

Interval, state of the comparison, signal between municipalities, field of both views where it is decided, reliability,
smallest detectable change, answers still needed, and the way to the method.
"""

from __future__ import annotations

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db
from app.region.models import Municipality
from app.releases.models import ReleaseRecord
from reports.documents import municipal, region
from reports.documents.content import Order
from reports.wording import Wording
from scoring.release import Release, UnitSheet
from tests.accounts.login import APPROVER, log_in, make_user

GERMAN = Wording("de")


@pytest.fixture
def release(app: Flask, published: str) -> Release:
    with app.app_context():
        return Release.from_json(db.session.get_one(ReleaseRecord, published).document)


@pytest.fixture
def ags(release: Release) -> str:
    """A municipality that shows its results, has states, gaps and still needs answers, as far as there are such."""

    def facts(sheet: UnitSheet) -> tuple[int, ...]:
        return (
            sheet.needed is not None,
            len({score.band for score in sheet.outside_view}),
            sum(pair.quadrant != "undecided" for pair in sheet.pairs),
        )

    return max(sorted(release.public), key=lambda key: facts(release.own[key]))


def rows_of(page: BeautifulSoup) -> list[list[str]]:
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]


def flat(content: object) -> str:
    """Every text of a document, one after the other."""
    if isinstance(content, dict):
        return " ".join(flat(value) for value in content.values())
    if isinstance(content, (list, tuple)):
        return " ".join(flat(value) for value in content)
    return str(content)


def said_of_a_municipality(release: Release, sheet: UnitSheet, rows: list[list[str]], text: str) -> None:
    """What rows and text have to say of the newcomers' view of a municipality and of both views."""
    told = Counter[str]()
    for score in sheet.outside_view:
        if score.status == "published" and score.low is not None:
            expected = [GERMAN.interval(score.low, score.high), GERMAN(f"bands.{score.band}")]
            assert any(len(r) == 6 and _is_of(r[0], score.indicator) and [r[3], r[5]] == expected for r in rows)
            told[score.band] += 1
    assert told.total() > 10
    alike = {
        score.indicator for score in release.region.outside_view if score.kind == "item" and score.differs is False
    }
    shown = {score.indicator for score in sheet.outside_view if score.status == "published"} & alike
    assert ("unterscheiden sich die Kommunen nicht erkennbar" in text) == bool(shown)
    for pair in sheet.pairs:
        if pair.gap is not None:
            field = GERMAN(f"quadrants.{pair.quadrant}")
            assert any(len(r) == 5 and r[0].startswith(pair.criterion) and r[-1].endswith(field) for r in rows)
    overall = next(score for score in sheet.outside_view if score.kind == "overall")
    assert f"ab etwa {GERMAN.number(overall.detectable)} Punkten" in text
    assert ("fehlen noch etwa" in text) == (sheet.needed is not None)
    weak = [s for s in release.region.outside_view if s.reliability == "weak" and s.kind == "dimension"]
    assert ("nur mäßig zusammenpassen" in text) == bool(
        {s.indicator for s in weak} & {s.indicator for s in sheet.outside_view if s.status != "suppressed"}
    )


def _is_of(title: str, indicator: str) -> bool:
    return title.split()[0] == indicator or (indicator == "overall" and title == GERMAN("municipal.newcomers.overall"))


def the_way_to_the_method(page: BeautifulSoup) -> None:
    main = page.find("main")
    assert main.find("a", href=lambda address: address and address.split("?")[0] == "/methode")


def test_a_municipality_reads_on_its_own_page_how_far_its_numbers_carry(
    client: FlaskClient, app: Flask, release: Release, ags: str
):
    log_in(client, make_user(app, APPROVER, municipality=ags).email)
    page = BeautifulSoup(client.get("/kommune/ergebnis").text, "html.parser")
    said_of_a_municipality(release, release.own[ags], rows_of(page), page.get_text(" "))
    the_way_to_the_method(page)


def test_the_public_page_of_a_municipality_says_how_far_its_numbers_carry(
    client: FlaskClient, app: Flask, release: Release, ags: str
):
    with app.app_context():
        slug = db.session.scalars(select(Municipality.slug).where(Municipality.ags == ags)).one()
    page = BeautifulSoup(client.get(f"/ergebnisse/{slug}").text, "html.parser")
    said_of_a_municipality(release, release.public[ags], rows_of(page), page.get_text(" "))
    the_way_to_the_method(page)


@pytest.mark.parametrize("own", [True, False])
def test_the_municipal_report_says_how_far_its_numbers_carry(release: Release, ags: str, own: bool):
    sheet = (release.own if own else release.public)[ags]
    content = municipal.content(Order(release, "f" * 64, GERMAN, "https://kompass.example"), sheet, own=own)
    rows = [row for section in content["sections"] for data in section["tables"] for row in data["rows"]]
    said_of_a_municipality(release, sheet, rows, flat(content))
    assert "https://kompass.example/ergebnisse/methode" in content["method"]["address"]


def said_of_the_region(release: Release, rows: list[list[str]], text: str) -> None:
    """What rows and text have to say of the region: the states of its municipalities, and none of them by name."""
    for score in release.region.outside_view:
        public = [o for sheet in release.public.values() for o in sheet.outside_view if o.indicator == score.indicator]
        states = Counter(o.band for o in public if o.status == "published")
        found = [r for r in rows if len(r) == 6 and _is_of(r[0], score.indicator) and not _spans(r)]
        row = next((r for r in found if "".join(r[1:5]).replace("–", "").isdigit() or r[1:5] == ["–"] * 4), None)
        assert (row is not None) == any(o.status == "published" for o in public), score.indicator
        if row is None:
            continue
        if score.differs is False:
            assert row[1:5] == ["–"] * 4
        elif score.differs and states.total() > states["none"]:
            assert row[1:5] == [GERMAN.number(states[s]) for s in ("better", "same", "worse", "open")]
    two_values = [r for r in rows if len(r) == 6 and _spans(r)]
    assert len(two_values) == sum(score.kind == "item" for score in release.region.outside_view)
    assert {r[5] for r in two_values} <= {GERMAN("region.newcomers.yes"), GERMAN("region.newcomers.no"), "–"}
    pairs = [p for sheet in release.public.values() for p in sheet.pairs if p.gap is not None]
    fields = Counter((p.criterion, p.quadrant) for p in pairs)
    order = ("strength", "hidden_strength", "blind_spot", "need_to_act", "undecided")
    for criterion in {p.criterion for p in pairs}:
        counts = [GERMAN.number(fields[criterion, quadrant]) for quadrant in order]
        assert any(r[0].startswith(criterion) and r[1:] == counts for r in rows)
    assert GERMAN("worth.caption") in text
    needed = [sheet for sheet in release.public.values() if sheet.needed is not None]
    assert ("Für eine belastbare Gesamtbewertung fehlen" in text) == bool(needed)


def _spans(row: list[str]) -> bool:
    """Whether a row has values with their intervals, in one cell."""
    return " bis " in row[2]


def test_the_public_page_of_the_region_says_how_far_its_numbers_carry(client: FlaskClient, release: Release):
    page = BeautifulSoup(client.get("/ergebnisse").text, "html.parser")
    said_of_the_region(release, rows_of(page), page.get_text(" "))
    the_way_to_the_method(page)


def test_the_regional_report_says_how_far_its_numbers_carry(release: Release):
    content = region.content(Order(release, "f" * 64, GERMAN, "https://kompass.example"))
    rows = [row for section in content["sections"] for data in section["tables"] for row in data["rows"]]
    said_of_the_region(release, rows, flat(content))
    assert "https://kompass.example/ergebnisse/methode" in content["method"]["address"]

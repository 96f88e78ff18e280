from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.assessment.models import Assessment, CriterionAnswer, Evidence, Plausibility
from app.database import db
from app.region.loading import slug
from app.releases import building, publishing
from app.results import criteria
from app.rounds.lifecycle import round_by_key
from scoring.release import Release
from tests.results.test_public import release_of

LIST = "/ergebnisse/kriterien"
CRITERION = "A1.1"


def named(html: str) -> list[str]:
    """The municipalities that a criterion's page names, in the order of the page."""
    names = BeautifulSoup(html, "html.parser").select(".wk-names a")
    return [name.get_text().strip() for name in names]


@pytest.fixture
def exemplary(app: Flask) -> str:
    """A published release in which whoever is at level 3 or 4 of the first criterion has shown it; one is checked."""
    with app.app_context():
        round_ = round_by_key("2026")
        answers = db.session.scalars(
            sa.select(CriterionAnswer)
            .join(Assessment, Assessment.id == CriterionAnswer.assessment_id)
            .where(Assessment.round_id == round_.id, CriterionAnswer.criterion == CRITERION, CriterionAnswer.level >= 3)
            .order_by(Assessment.consented.desc(), Assessment.municipality_ags)
        ).all()
        for answer in answers:
            answer.level = 3
            db.session.add(
                Evidence(
                    assessment_id=answer.assessment_id, criterion=CRITERION, kind="text", title="Lotsen",
                    dated=dt.date(2026, 5, 1), body="Protokoll",
                )
            )  # fmt: skip
        db.session.add(Plausibility(assessment_id=answers[0].assessment_id, criterion=CRITERION, state="accepted"))
        db.session.commit()
        record = building.build(round_)
        publishing.publish(record)
        return record.sha256


def may_be_named(release: Release) -> set[str]:
    return {m.name for m in release.municipalities if CRITERION in m.good_examples}


def test_a_criterion_names_those_whom_the_release_calls_good_examples(client: FlaskClient, app: Flask, exemplary: str):
    release = release_of(app, exemplary)
    good = may_be_named(release)
    names = named(client.get(f"{LIST}/{CRITERION}").text)
    assert set(names) == good
    assert len(names) >= 2
    assert names == sorted(names, key=slug)


def test_a_high_level_alone_makes_no_good_example(app: Flask, exemplary: str):
    release = release_of(app, exemplary)
    one, *_others = [m for m in release.municipalities if CRITERION in m.good_examples]
    without = tuple(
        m.model_copy(update={"good_examples": ()}) if m.ags == one.ags else m for m in release.municipalities
    )
    with app.test_request_context():
        before = [example.place.municipality.ags for example in criteria.examples_of(release, CRITERION)]
        after = criteria.examples_of(release.model_copy(update={"municipalities": without}), CRITERION)
    assert one.ags in before
    assert [example.place.municipality.ags for example in after] == [ags for ags in before if ags != one.ags]


def test_beside_the_name_stands_what_shows_it_and_what_the_agency_says(client: FlaskClient, exemplary: str):
    html = client.get(f"{LIST}/{CRITERION}").text
    said = [
        " ".join(base.get_text().split()) for base in BeautifulSoup(html, "html.parser").select(".wk-names .wk-base")
    ]
    assert all("Stufe 3" in text and "Text" in text for text in said)
    assert sum("plausibilisiert" in text for text in said) == 1


def test_a_municipality_that_did_not_agree_is_named_nowhere(client: FlaskClient, app: Flask, exemplary: str):
    release = release_of(app, exemplary)
    silent = {m.name for m in release.municipalities if not m.consented}
    levels = [
        score.level
        for ags, sheet in release.own.items()
        for score in sheet.self_view
        if score.node == CRITERION and release.municipality(ags).name in silent
    ]
    assert 3 in levels
    assert not silent & set(named(client.get(f"{LIST}/{CRITERION}").text))


def test_the_list_tells_how_many_good_examples_there_are(client: FlaskClient, app: Flask, exemplary: str):
    count = len(may_be_named(release_of(app, exemplary)))
    items = BeautifulSoup(client.get(LIST).text, "html.parser").main.find_all("li")
    texts = {li.a.get_text().split()[0]: " ".join(li.get_text().split()) for li in items if li.a}
    assert f"– {count} gute Beispiele" in texts[CRITERION]
    assert "gute" not in texts["A1.2"]


def test_the_page_shows_levels_of_the_region_and_what_newcomers_say_with_base_and_interval(
    client: FlaskClient, app: Flask, published: str
):
    release = release_of(app, published)
    item, criterion = next(iter(release.catalogue.pairs()))
    found = next(s for s in release.region.outside_view if s.indicator == item.id)
    html = client.get(f"{LIST}/{criterion.id}").text
    assert item.text["de"] in html
    assert f"n = {found.n:,}".replace(",", ".") in html
    node = next(n for n in release.region.self_view if n.node == criterion.id)
    rows = BeautifulSoup(html, "html.parser").main.table.tbody.find_all("tr")
    assert [row.find_all("td")[-1].get_text() for row in rows] == [str(count) for count in node.levels]


def test_an_unknown_criterion_is_404_and_says_so(client: FlaskClient, published: str):
    page = client.get(f"{LIST}/Z9.9")
    assert page.status_code == 404
    assert "Ein Kriterium mit dieser Kennung gibt es nicht" in page.text


def test_a_criterion_asks_the_database_once(client: FlaskClient, published: str, statements: list[str]):
    for path in (LIST, f"{LIST}/A1.1"):
        client.get(path)
        statements.clear()
        client.get(path)
        assert len(statements) == 1

"""Evidence, marks and earlier rounds on their way from the database into a release."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.assessment.models import Assessment, CriterionAnswer, Evidence, Plausibility
from app.database import db
from app.releases import building, publishing
from app.releases.loading import load_round
from app.releases.models import ReleaseRecord
from app.rounds.models import Round
from scoring.release import Release
from tests.releases.filling import closed_round


@pytest.fixture
def backed(round_: Round) -> tuple[str, Release]:
    """A municipality with a link and a text for its first criterion at level 3, and a query for its second."""
    assessment = db.session.scalars(
        sa.select(Assessment).where(Assessment.round_id == round_.id, Assessment.state == "handed_in").limit(1)
    ).one()
    answers = db.session.scalars(
        sa.select(CriterionAnswer)
        .where(CriterionAnswer.assessment_id == assessment.id)
        .order_by(CriterionAnswer.criterion)
    ).all()
    answers[0].level = 3
    for kind, more in (("link", {"address": "https://kommune.example/lotsen"}), ("text", {"body": "Protokoll"})):
        db.session.add(
            Evidence(
                assessment_id=assessment.id, criterion=answers[0].criterion, kind=kind, title="Lotsen",
                dated=dt.date(2026, 5, 1), **more,
            )
        )  # fmt: skip
    db.session.add(
        Plausibility(assessment_id=assessment.id, criterion=answers[1].criterion, state="question", remark="Seit wann?")
    )
    db.session.commit()
    return assessment.municipality_ags, building.compute(round_.id)


def test_evidence_and_the_agencys_query_stand_beside_the_levels(backed: tuple[str, Release]):
    ags, release = backed
    backings = [s.backing for s in release.own[ags].self_view if s.kind == "criterion" and s.backing]
    assert (backings[0].evidence, backings[0].evidence_kinds) == (2, ("link", "text"))
    assert backings[0].claimed == 3
    assert backings[1].validation == "open"
    assert backings[2].evidence == 0


def test_a_level_that_its_evidence_does_not_carry_is_called_a_claim(round_: Round):
    db.session.execute(sa.update(Round).where(Round.id == round_.id).values(evidence_rule=True))
    db.session.commit()
    release = building.compute(round_.id)
    scores = [s for sheet in release.own.values() for s in sheet.self_view if s.backing and s.backing.claimed]
    high = [s for s in scores if s.backing.claimed >= 3]
    assert high
    assert all(s.level == 2 and s.backing.self_report for s in high)
    assert not any(s.backing.self_report for s in scores if s.backing.claimed <= 2)


def test_without_a_rule_and_without_evidence_there_are_no_backings(round_: Round):
    db.session.execute(sa.update(Round).where(Round.id == round_.id).values(evidence_rule=False))
    db.session.commit()
    release = building.compute(round_.id)
    assert not any(s.backing for sheet in release.own.values() for s in sheet.self_view)


@pytest.fixture
def second(record: ReleaseRecord) -> ReleaseRecord:
    """The release of a later round, after the first was published."""
    publishing.publish(record)
    return building.build(closed_round(key="2027", seed=2, year=2027))


def test_a_later_release_compares_with_the_round_released_before_it(second: ReleaseRecord):
    release = Release.from_json(second.document)
    assert [wave.key for wave in release.earlier] == ["2026"]
    assert [p.round for p in release.region.participation] == ["2026", "2027"]
    changes = [change for sheet in release.own.values() for change in sheet.changes]
    assert {change.view for change in changes} == {"self", "outside"}
    assert any(sheet.groups for sheet in release.own.values())


def test_it_verifies_even_after_the_earlier_release_was_withdrawn(second: ReleaseRecord, record: ReleaseRecord):
    publishing.withdraw(record, "Eine Kommune hat ihre Angaben berichtigt.")
    assert building.verify(second).matches


def test_a_round_that_was_not_released_is_not_compared_with(record: ReleaseRecord):
    later = closed_round(key="2027", seed=2, year=2027)
    assert building.compute(later.id).earlier == ()


def test_reading_earlier_rounds_takes_as_many_statements_each(second: ReleaseRecord):
    seen: list[str] = []
    rounds = {r.key: r for r in db.session.scalars(sa.select(Round))}
    listen = lambda *a: seen.append(a[2])  # noqa: E731
    sa.event.listen(db.engine, "before_cursor_execute", listen)
    load_round(db.session, rounds["2027"])
    alone = len(seen)
    load_round(db.session, rounds["2027"], [rounds["2026"]])
    sa.event.remove(db.engine, "before_cursor_execute", listen)
    assert len(seen) - 2 * alone <= 10

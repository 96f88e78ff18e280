"""``flask demo`` fills an installation that shows everything and hides nothing about what it is."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts.models import User
from app.assessment.models import AnswerRevision, Assessment, CriterionAnswer
from app.collaboration.models import Assignment, Mention
from app.commitment.models import Outcome, Resolution
from app.database import db
from app.demonstration import filling
from app.feedback.models import Response
from app.releases.models import ReleaseRecord
from app.rounds.models import Round
from config import Settings
from scoring.release import Release


def test_two_rounds_are_published_and_one_is_open(context: None):
    rounds = db.session.scalars(select(Round).order_by(Round.opens)).all()

    assert [round_.state for round_ in rounds] == ["released", "released", "open"]
    assert all(round_.demonstration for round_ in rounds)
    assert set(db.session.scalars(select(ReleaseRecord.state))) == {"published"}
    for round_ in rounds:
        sizes = db.session.scalars(
            select(func.count()).where(Response.round_id == round_.id).group_by(Response.municipality_ags)
        ).all()
        assert len(sizes) == 59
    assert min(sizes) >= 2


def test_38_municipalities_handed_in_and_31_agreed_to_be_shown(context: None):
    for round_ in db.session.scalars(select(Round).where(Round.state == "released")):
        rows = db.session.execute(
            select(Assessment.state, Assessment.consented).where(Assessment.round_id == round_.id)
        ).all()

        assert sum(state == "handed_in" for state, _ in rows) == 38
        assert sum(consented for _, consented in rows) == 31


def test_the_people_of_the_accounts_have_shared_their_work(context: None):
    at_work = db.session.scalars(
        select(Assessment).where(Assessment.state == "open", Assessment.municipality_ags == filling.SHOWN_MUNICIPALITY)
    ).one()
    written = {answer.criterion: answer.saved_by_id for answer in at_work.answers}
    kept = db.session.scalars(select(AnswerRevision).filter_by(assessment_id=at_work.id)).all()

    assert None not in written.values()
    assert {revision.criterion: revision.saved_by_id for revision in kept} == written
    assert len(set(db.session.scalars(select(Assignment.assignee_id)))) == 3
    spoken_to = db.session.scalars(select(User.email).join(Mention, Mention.user_id == User.id)).all()
    assert spoken_to == ["koordination@demo.example"]


def releases() -> list[Release]:
    documents = db.session.scalars(select(ReleaseRecord.document).join(Round).order_by(Round.opens))
    return [Release.from_json(document) for document in documents]


def test_every_release_says_that_its_data_are_invented(context: None):
    assert [release.demo for release in releases()] == [True, True]


def test_there_is_something_to_compare_with(context: None):
    earlier, last = releases()

    assert [info.key for info in last.earlier] == [earlier.round.key]
    assert last.own[filling.SHOWN_MUNICIPALITY].changes


def test_levels_3_and_4_rest_on_evidence_in_most_places_and_not_in_all(context: None):
    _, last = releases()
    claimed = db.session.scalar(
        select(func.count())
        .select_from(CriterionAnswer)
        .join(Assessment)
        .join(Round, Round.id == Assessment.round_id)
        .where(Round.key == last.round.key, Assessment.state == "handed_in", CriterionAnswer.level >= 3)
    )
    counted = sum((score.level or 0) >= 3 for sheet in last.own.values() for score in sheet.self_view)
    assert 0.7 < counted / claimed < 0.9


def test_every_chapter_of_a_report_has_something_to_show(context: None):
    _, last = releases()
    sheet = last.own[filling.SHOWN_MUNICIPALITY]
    assert {goal.reached for goal in sheet.goals} == {True, False}
    assert sheet.decision
    assert sheet.contact
    assert sheet.newcomers
    assert len(sheet.themes) >= 2
    assert any(group.question == "channel" for group in sheet.groups)
    assert {score.backing.validation for score in sheet.self_view if score.backing} >= {"none", "accepted"}
    assert any(sheet.decision for sheet in last.public.values())
    assert len(last.themes) >= 5
    assert len(last.extracts) >= 5
    assert sum(bool(m.good_examples) for m in last.municipalities) >= 20
    assert last.region.changes


def test_nothing_in_it_leads_to_a_real_address_or_person(context: None):
    _, last = releases()
    contacts = [sheet.contact for sheet in last.own.values() if sheet.contact]
    assert len(contacts) == 38
    assert all(contact.email.endswith(".example") and ".example/" in contact.website for contact in contacts)
    assert all("Demonstration" in contact.name and not contact.phone for contact in contacts)


def test_whoever_did_not_hand_in_was_at_a_conference(context: None):
    decided = set(db.session.scalars(select(Resolution.municipality_ags)))
    met = set(db.session.scalars(select(Outcome.municipality_ags)))
    assert len(decided) == 38
    assert len(decided | met) == 59
    assert not decided & met


@pytest.mark.parametrize("address", ["/", "/f/", "/f/arnsberg", "/ergebnisse", "/ergebnisse/arnsberg", "/datenschutz"])
def test_every_page_says_demonstrationsdaten(app: Flask, settings: Settings, address: str):
    again = create_app(settings)  # As after a restart: nobody has told the process that there is a demonstration.
    again.test_client_class = app.test_client_class

    page = again.test_client().get(address, headers={"Accept-Language": "de"})

    assert page.status_code == 200
    assert "Demonstrationsdaten" in page.text


def test_a_filled_installation_is_left_alone(app: Flask):
    result = app.test_cli_runner().invoke(args=["demo"])

    assert result.exit_code == 1
    assert "enthält schon Erhebungsrunden" in result.output


def test_production_refuses_demonstration_data(app: Flask, context: None):
    app.config["KOMPASS"] = Settings(environment="production", secret_key="p" * 40)

    with pytest.raises(filling.DemonstrationRefused, match="Produktivumgebung"):
        filling.fill()

"""Decisions and contacts on their way into a release, and back out of it when it is verified."""

from __future__ import annotations

import pytest

from app.database import db
from app.region.models import WelcomeContact
from app.releases import building, stated
from app.releases.stated import Decided, Statements
from app.rounds.models import Round
from scoring.release import Decision, Release


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch, round_: Round) -> tuple[str, str, str]:
    """Three keys: agreed with a named decision, agreed with one that is not to be named, did not agree."""
    release = building.compute(round_.id)
    agreed = sorted(release.public)[:2]
    silent = next(ags for ags in sorted(release.own) if ags not in release.public)
    made = Decision(body="council", decided_on="2024-05-02")
    found = {agreed[0]: Decided(made, True), agreed[1]: Decided(made, False), silent: Decided(made, True)}
    monkeypatch.setattr(stated, "decision_sources", [lambda session: found])
    db.session.add(WelcomeContact(municipality_ags=agreed[0], name="Bürgerbüro", website="https://ort.example"))
    db.session.commit()
    return agreed[0], agreed[1], silent


def test_everybody_reads_their_own_decision_and_the_public_those_named(decided: tuple[str, str, str], round_: Round):
    release = building.compute(round_.id)
    assert all(release.own[ags].decision is not None for ags in decided)
    assert {ags for ags, sheet in release.public.items() if sheet.decision} == {decided[0]}
    assert {ags for ags, sheet in release.own.items() if sheet.decision} == set(decided)


def test_a_contact_is_public_with_the_sheet(decided: tuple[str, str, str], round_: Round):
    release = building.compute(round_.id)
    assert release.public[decided[0]].contact.name == "Bürgerbüro"
    assert release.own[decided[1]].contact is None


def test_a_release_verifies_after_the_contact_has_moved(decided: tuple[str, str, str], round_: Round):
    record = building.build(round_)
    assert '"Bürgerbüro"' in record.document
    db.session.get_one(WelcomeContact, decided[0]).name = "Willkommensstelle"
    db.session.commit()
    assert building.verify(record).matches
    assert building.build(round_).sha256 != record.sha256


def test_what_was_put_in_is_found_again(decided: tuple[str, str, str], round_: Round):
    release = Release.from_json(building.build(round_).document)
    again = Statements.of(release)
    assert again.put_into(release) == release
    assert again.decisions[decided[0]].named
    assert not again.decisions[decided[1]].named


def test_where_nothing_is_known_the_release_stays_as_it_is(round_: Round):
    release = building.compute(round_.id)
    assert Statements().put_into(release) is release

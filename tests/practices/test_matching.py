"""A municipality is shown whom it can learn from, and the agency what the next round table should be about."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db
from app.outbox import bouncing
from app.outbox.models import OutgoingMail
from app.practices import matching
from app.practices.matching import matches, topics
from app.region.models import Municipality
from app.releases import reading
from tests.accounts.login import MESCHEDE, OLPE, Account, log_in, make_user, token
from tests.goals.conftest import database_url, published_postgresql, published_sqlite, released, working
from tests.practices.conftest import put_in

__all__ = ["database_url", "published_postgresql", "published_sqlite", "released", "working"]
PARTNERS = "/austausch/partner"


def test_gaps_come_with_practices_and_only_with_places_that_agreed(app: Flask, working: FlaskClient) -> None:
    with app.test_request_context():
        release = reading.release_of(reading.published_record())
        found = matches(release, db.session.get_one(Municipality, MESCHEDE))
        criterion = found[0].criterion.id
        agreed = {m.ags: m.good_examples for m in release.municipalities}
        assert found
        assert all(match.criterion.id in agreed[p.municipality.ags] for match in found for p in match.partners)
    put_in(app, title="Ein passendes Beispiel", criteria=(criterion,))
    assert "Ein passendes Beispiel" in working.get(PARTNERS).text


def test_without_a_result_the_page_says_so(client: FlaskClient, coordinator: Account) -> None:
    log_in(client, coordinator.email)
    assert "Noch gibt es kein Ergebnis Ihrer Kommune" in client.get(PARTNERS).text


def test_two_are_introduced_once_and_nobody_else(app: Flask, working: FlaskClient, monkeypatch) -> None:
    there = make_user(app, "coordinator", municipality=OLPE)
    with app.test_request_context():
        release = reading.release_of(reading.published_record())
        first = matches(release, db.session.get_one(Municipality, MESCHEDE))[0].criterion.id
    monkeypatch.setattr(matching, "_agreed", lambda *_arguments: {OLPE, MESCHEDE})
    page = working.get(PARTNERS)
    assert "Olpe" in page.text
    for _time in range(2):
        answer = working.post(f"{PARTNERS}/{first}/{OLPE}", data={"csrf_token": token(page)})
        assert answer.status_code == 302
    assert working.post(f"{PARTNERS}/{first}/05958004", data={"csrf_token": token(page)}).status_code == 404
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key.startswith("introduce:"))).all()
        assert [mail.recipient for mail in mails if ":asker:" not in mail.key] == [there.email]
        assert len(mails) == 2, "the two are introduced, and each is told once"


def test_an_address_that_refuses_is_said_at_once(app: Flask, working: FlaskClient, monkeypatch) -> None:
    there = make_user(app, "coordinator", municipality=OLPE)
    with app.test_request_context():
        bouncing.mark(there.email, "came_back")
        db.session.commit()
        release = reading.release_of(reading.published_record())
        first = matches(release, db.session.get_one(Municipality, MESCHEDE))[0].criterion.id
    monkeypatch.setattr(matching, "_agreed", lambda *_arguments: {OLPE})
    page = working.get(PARTNERS)
    working.post(f"{PARTNERS}/{first}/{OLPE}", data={"csrf_token": token(page)})
    assert "koordiniert gerade niemand, dessen Adresse Mails annimmt" in working.get(PARTNERS).text
    with app.app_context():
        assert db.session.scalars(select(OutgoingMail)).all() == []


def test_partners_are_of_the_peer_group_and_others_only_where_it_has_none(
    app: Flask, working: FlaskClient, monkeypatch
) -> None:
    with app.test_request_context():
        release = reading.release_of(reading.published_record())
        own = db.session.get_one(Municipality, MESCHEDE)
        places = db.session.scalars(select(Municipality).where(Municipality.ags != MESCHEDE)).all()
        peers = {place.ags for place in places if place.peer_group_id == own.peer_group_id}
        others = {place.ags for place in places} - peers
        a_peer = min(peers)
        monkeypatch.setattr(matching, "_agreed", lambda *_arguments: {a_peer, *others})
        assert [[p.municipality.ags for p in match.partners] for match in matches(release, own)] == [
            [a_peer] for _match in matches(release, own)
        ]
        monkeypatch.setattr(matching, "_agreed", lambda *_arguments: others)
        found = matches(release, own)[0].partners
    assert len(found) == matching.MOST_PARTNERS
    assert not any(partner.same_group for partner in found)
    assert "in Ihrer hat noch niemand zugestimmt" in working.get(PARTNERS).text


def test_topics_are_where_many_are_weak_and_few_practices_exist(
    app: Flask, released: None, client: FlaskClient, agency: Account
) -> None:
    with app.test_request_context():
        release = reading.release_of(reading.published_record())
        before = topics(release)
        for topic in before:
            weak = sum(
                s.level is not None and s.level <= 1
                for sheet in release.own.values()
                for s in sheet.self_view
                if s.node == topic.criterion.id
            )
            assert topic.weak == weak > 0
        assert [t.weak for t in before] == sorted((t.weak for t in before), reverse=True)
    log_in(client, agency.email)
    assert client.get("/austausch/themen").status_code == 200

"""Who coordinates or approves names a deputy for a while; not a day longer, and never more than they may themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts import models
from app.accounts.models import APPROVER, COORDINATOR, Role, User
from app.accounts.permissions import may
from app.audit.models import AuditEntry
from app.database import db, today
from tests.accounts.login import Account, log_in, token

PAGE = "/konto/vertretung"
DAY = dt.timedelta(days=1)


def name(client: FlaskClient, person: int, role: str = APPROVER, first: int = 0, last: int = 7):
    days = {"starts": (today() + first * DAY).isoformat(), "ends": (today() + last * DAY).isoformat()}
    form = {"person": person, "role": role, **days, "csrf_token": token(client.get(PAGE))}
    return client.post(PAGE, data=form)


def may_hand_in(app: Flask, account: Account) -> bool:
    with app.test_request_context():
        return may("assessment.hand_in", user=db.session.get_one(User, account.id))


def deputies(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Role).where(Role.deputy_for_id.is_not(None)))


@pytest.fixture
def logged_in(client: FlaskClient, approver: Account) -> FlaskClient:
    log_in(client, approver.email)
    return client


def test_a_deputy_may_what_the_approver_may(app: Flask, logged_in: FlaskClient, editor: Account) -> None:
    assert not may_hand_in(app, editor)
    assert name(logged_in, editor.id).status_code == 302
    assert may_hand_in(app, editor)
    assert "Stadtmarketing" in logged_in.get(PAGE).text


@pytest.mark.parametrize("days", [-1, 8])
def test_outside_the_period_a_deputy_may_nothing_more(
    app: Flask, logged_in: FlaskClient, editor: Account, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    name(logged_in, editor.id)
    monkeypatch.setattr(models, "today", lambda: today() + days * DAY)
    assert not may_hand_in(app, editor)


def test_the_first_and_the_last_day_count(
    app: Flask, logged_in: FlaskClient, editor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    name(logged_in, editor.id, first=1, last=2)
    for days, allowed in ((0, False), (1, True), (2, True), (3, False)):
        monkeypatch.setattr(models, "today", lambda days=days: today() + days * DAY)
        assert may_hand_in(app, editor) is allowed


def test_a_deputy_can_be_ended_at_once(app: Flask, logged_in: FlaskClient, editor: Account) -> None:
    name(logged_in, editor.id)
    with app.app_context():
        held = db.session.scalar(select(Role.id).where(Role.deputy_for_id.is_not(None)))
    path = f"{PAGE}/{held}/beenden"
    assert logged_in.post(path, data={"csrf_token": token(logged_in.get(PAGE))}).status_code == 302
    assert not may_hand_in(app, editor)
    answer = logged_in.post(path, data={"csrf_token": token(logged_in.get(PAGE))})
    assert answer.status_code == 404
    assert "schon beendet" in answer.text


def test_what_is_over_can_be_named_again(
    app: Flask, logged_in: FlaskClient, editor: Account, approver: Account
) -> None:
    with app.app_context():
        over = {"starts": today() - 9 * DAY, "ends": today() - DAY, "deputy_for_id": approver.id}
        person = db.session.get_one(User, editor.id)
        person.roles.append(Role(name=APPROVER, municipality_ags=approver.municipality, **over))
        db.session.commit()
    assert name(logged_in, editor.id).status_code == 302
    assert deputies(app) == 1


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (3, 1, "Der letzte Tag liegt vor dem ersten"),
        (-9, -2, "schon vorbei"),
        (0, 400, "höchstens ein Jahr"),
    ],
)
def test_a_period_that_cannot_be_is_explained(
    app: Flask, logged_in: FlaskClient, editor: Account, first: int, last: int, sentence: str
) -> None:
    answer = name(logged_in, editor.id, first=first, last=last)
    assert answer.status_code == 409
    assert sentence in answer.text
    assert deputies(app) == 0


def test_naming_twice_is_explained(app: Flask, logged_in: FlaskClient, editor: Account) -> None:
    name(logged_in, editor.id)
    answer = name(logged_in, editor.id)
    assert answer.status_code == 409
    assert "vertritt Sie schon" in answer.text
    assert deputies(app) == 1


def test_a_role_that_one_does_not_have_cannot_be_lent(app: Flask, logged_in: FlaskClient, editor: Account) -> None:
    assert "die Sie selbst haben" in name(logged_in, editor.id, role=COORDINATOR).text
    assert deputies(app) == 0


def test_a_deputy_names_no_deputy(app: Flask, logged_in: FlaskClient, editor: Account, coordinator: Account) -> None:
    name(logged_in, editor.id)
    other = app.test_client()
    log_in(other, editor.email)
    assert name(other, coordinator.id).status_code == 409
    assert deputies(app) == 1


def test_nobody_from_elsewhere_can_be_named(
    app: Flask, logged_in: FlaskClient, editor: Account, neighbour: Account
) -> None:
    assert name(logged_in, neighbour.id).status_code == 404
    assert deputies(app) == 0


def test_with_the_role_goes_the_deputy(app: Flask, logged_in: FlaskClient, editor: Account, approver: Account) -> None:
    from app.accounts.management import revoke

    name(logged_in, editor.id)
    with app.test_request_context():
        person = db.session.get_one(User, approver.id)
        revoke(person, person.roles[0])
        db.session.commit()
    assert not may_hand_in(app, editor)


def test_naming_and_ending_stand_in_the_log(app: Flask, logged_in: FlaskClient, editor: Account) -> None:
    name(logged_in, editor.id)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert (entry.action, entry.subject_key, entry.role) == ("deputy.named", str(editor.id), "approver")

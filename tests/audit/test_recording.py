"""An entry is stored with what it is about or not at all, and says who, what, when, before and after."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.audit import Subject, record
from app.audit.models import WHAT, WHO, AuditEntry, AuditPart
from app.audit.recording import SYSTEM, NotDescribed
from app.audit.verifying import verify
from app.database import db
from tests.accounts.login import MESCHEDE, OLPE, Account
from tests.audit.conftest import KETTLE


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def part(number: int, name: str) -> object:
    return json.loads(db.session.get_one(AuditPart, (number, name)).content)


def test_an_entry_says_who_did_what_to_what_when_before_and_after(app: Flask, boil, coordinator: Account) -> None:
    boil()
    with app.app_context():
        (entry,) = entries()
        assert (entry.number, entry.action, entry.subject_kind, entry.subject_key) == (1, "kettle.boiled", *KETTLE)
        assert (entry.municipality_ags, entry.role) == (MESCHEDE, "coordinator")
        assert entry.at.tzinfo is not None
        assert part(1, WHO) == {"id": coordinator.id, "email": coordinator.email, "function": "Koordination"}
        assert part(1, WHAT) == {"degrees": [0, 100]}


def test_what_is_rolled_back_was_never_recorded(app: Flask, boil: Callable[..., None]) -> None:
    boil()
    with app.app_context():
        record("kettle.boiled", KETTLE, after={"degrees": 100})
        db.session.rollback()
        db.session.add(User(email="neu@example.org", fs_uniquifier="neu"))
        db.session.commit()
        assert len(entries()) == 1


def test_an_entry_shares_the_fate_of_what_it_is_about(app: Flask, coordinator: Account) -> None:
    with app.app_context():
        db.session.add(User(email=coordinator.email, fs_uniquifier="doppelt"))
        record("kettle.boiled", KETTLE, after={"degrees": 100})
        with pytest.raises(Exception, match=r"(?i)unique"):
            db.session.commit()
        db.session.rollback()
        assert entries() == []


def test_a_savepoint_inside_writes_nothing_too_early(app: Flask) -> None:
    with app.app_context():
        record("kettle.boiled", KETTLE, after={"degrees": 100})
        with db.session.begin_nested():
            pass
        assert entries() == []
        db.session.commit()
        assert len(entries()) == 1


def test_what_was_recorded_in_a_savepoint_goes_with_it(app: Flask) -> None:
    with app.app_context():
        record("kettle.boiled", KETTLE, after={"degrees": 1})
        savepoint = db.session.begin_nested()
        record("kettle.boiled", KETTLE, after={"degrees": 2})
        savepoint.rollback()
        db.session.commit()
        assert [part(entry.number, WHAT) for entry in entries()] == [{"degrees": [None, 1]}]


def test_several_entries_of_one_transaction_stand_in_order(app: Flask) -> None:
    with app.app_context():
        for degrees in (10, 20, 30):
            record("kettle.boiled", KETTLE, after={"degrees": degrees})
        db.session.commit()
        assert [part(entry.number, WHAT) for entry in entries()] == [{"degrees": [None, d]} for d in (10, 20, 30)]
        assert verify().broken is None


def test_what_nobody_did_is_the_systems(app: Flask) -> None:
    with app.app_context():
        record("kettle.boiled", KETTLE)
        db.session.commit()
        (entry,) = entries()
        assert entry.role == SYSTEM
        assert (entry.who_sha256, entry.what_sha256) == (None, None)
        assert db.session.scalar(select(func.count()).select_from(AuditPart)) == 0


def test_elsewhere_a_municipal_role_counts_for_nothing(app: Flask, boil: Callable[..., None]) -> None:
    boil(municipality=OLPE)
    with app.app_context():
        assert [entry.role for entry in entries()] == ["none"]


@pytest.mark.parametrize(
    ("action", "subject", "field"),
    [
        ("kettle.brewed", KETTLE, "degrees"),
        ("kettle.boiled", Subject("pot", "1"), "degrees"),
        ("kettle.boiled", KETTLE, "height"),
    ],
)
def test_what_nobody_could_read_is_not_recorded(app: Flask, action: str, subject: Subject, field: str) -> None:
    with app.app_context(), pytest.raises(NotDescribed):
        record(action, subject, after={field: 1})


def test_who_writes_at_once_makes_one_chain(app: Flask) -> None:
    """Neither a fork nor a gap, however many transactions end together."""
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(5):
                with app.test_request_context(method="POST"):
                    record("kettle.boiled", KETTLE, after={"degrees": 100})
                    db.session.commit()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with app.app_context():
        found = verify()
        assert (found.entries, found.broken) == (20, None)

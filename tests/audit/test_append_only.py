"""The database itself refuses every change to the log; a part can go only after a line that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.audit.erasing import erase_account, erase_older
from app.audit.models import WHAT, WHO, AuditErasure, AuditPart
from app.audit.verifying import verify
from app.database import db, now
from tests.accounts.login import Account

CHANGES = (
    "UPDATE audit_entry SET role = 'agency' WHERE number = 2",
    "DELETE FROM audit_entry WHERE number = 3",
    "UPDATE audit_part SET content = '{}' WHERE entry_number = 2",
    "DELETE FROM audit_part WHERE entry_number = 2",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_a_change(app: Flask, boil: Callable[..., None], change: str) -> None:
    boil(3)
    with app.app_context():
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(change))
        db.session.rollback()
        assert (verify().entries, verify().broken) == (3, None)


@pytest.mark.parametrize("table", ["audit_entry", "audit_part", "audit_erasure"])
def test_the_log_cannot_be_emptied(app: Flask, boil: Callable[..., None], table: str) -> None:
    boil(1)
    with app.app_context():
        erase_older(WHO, now() + dt.timedelta(days=1))
        db.session.commit()
        emptying = "TRUNCATE {} CASCADE" if db.engine.dialect.name == "postgresql" else "DELETE FROM {}"
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(emptying.format(table)))
        db.session.rollback()


def test_the_note_of_an_erasure_stays(app: Flask, boil: Callable[..., None]) -> None:
    boil(1)
    with app.app_context():
        erase_older(WHO, now() + dt.timedelta(days=1))
        db.session.commit()
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text("UPDATE audit_erasure SET reason = 'account'"))
        db.session.rollback()


def test_erasing_who_leaves_the_chain_whole_and_the_rest_in_place(app: Flask, boil: Callable[..., None]) -> None:
    boil(3)
    with app.app_context():
        assert erase_older(WHO, now() + dt.timedelta(days=1)) == 3
        db.session.commit()
        assert verify().broken is None
        assert set(db.session.scalars(select(AuditPart.part))) == {WHAT}
        assert set(db.session.scalars(select(AuditErasure.reason))) == {"retention"}


def test_what_is_not_old_enough_stays(app: Flask, boil: Callable[..., None]) -> None:
    boil(2)
    with app.app_context():
        assert erase_older(WHO, now() - dt.timedelta(days=1)) == 0
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(AuditPart)) == 4


def test_erasing_an_account_takes_its_name_from_every_entry(
    app: Flask, boil: Callable[..., None], coordinator: Account
) -> None:
    boil(2)
    with app.app_context():
        assert erase_account(coordinator.id) == 2
        db.session.commit()
        contents = " ".join(db.session.scalars(select(AuditPart.content)))
        assert coordinator.email not in contents
        assert "degrees" in contents
        assert verify().broken is None


def test_erasing_an_account_takes_what_was_changed_about_it(
    app: Flask, boil: Callable[..., None], agency: Account
) -> None:
    boil(1, about=agency.id)
    with app.app_context():
        erase_account(agency.id)
        db.session.commit()
        assert list(db.session.scalars(select(AuditPart.part))) == [WHO]
        assert verify().broken is None


def test_erasing_twice_erases_once(app: Flask, boil: Callable[..., None], coordinator: Account) -> None:
    boil(1)
    with app.app_context():
        assert (erase_account(coordinator.id), erase_account(coordinator.id)) == (1, 0)

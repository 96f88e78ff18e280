"""What is past its time goes, what is not stays, and the log says how much went."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Invitation, LogIn, Role, User
from app.audit.models import AuditEntry
from app.audit.verifying import verify
from app.database import db, now, today
from app.outbox.models import OutgoingMail
from app.privacy.retention import RULES, purge
from tests.accounts.login import MESCHEDE, Account

BY_KEY = {rule.key: rule for rule in RULES}
HOUR = dt.timedelta(hours=1)


def store(key: str, account: Account, other: Account, age: dt.timedelta) -> None:
    """One thing of that kind, so old."""
    then = now() - age
    mail = {"recipient": "a@example.org", "subject": "s", "body": "", "state": "sent", "sent_at": then}
    things = {
        "log_ins": lambda: LogIn(id=str(age), user_id=account.id, began_at=then),
        "mails": lambda: OutgoingMail(key=str(age), created_at=then, **mail),
        "invitations": lambda: Invitation(
            user_id=account.id, email="a", token_sha256=f"{age.days:064d}", mail_key="k", expires_at=then
        ),
        "deputies": lambda: Role(
            user_id=account.id,
            name="coordinator",
            municipality_ags=MESCHEDE,
            deputy_for_id=other.id,
            starts=today() - 2 * age,
            ends=today() - age,
        ),
    }
    db.session.add(things[key]())
    db.session.commit()


MODELS = {"log_ins": LogIn, "mails": OutgoingMail, "invitations": Invitation, "deputies": Role}


@pytest.mark.parametrize("key", MODELS)
def test_what_is_past_its_time_goes_and_nothing_else(
    app: Flask, editor: Account, coordinator: Account, key: str
) -> None:
    model, period = MODELS[key], BY_KEY[key].period
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(model))
        store(key, editor, coordinator, period - dt.timedelta(days=1))
        assert purge()[key] == 0
        if key == "deputies":
            db.session.execute(Role.__table__.delete().where(Role.deputy_for_id.is_not(None)))
        store(key, editor, coordinator, period + dt.timedelta(days=2))
        assert purge()[key] == 1
        kept = 0 if key == "deputies" else 1
        assert db.session.scalar(select(func.count()).select_from(model)) == before + kept


def test_the_report_stands_in_the_log_and_the_chain_holds(app: Flask, editor: Account, coordinator: Account) -> None:
    with app.app_context():
        purge()
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
        store("log_ins", editor, coordinator, dt.timedelta(days=20))
        purge()
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.role) == ("privacy.purged", "system")
        assert verify().broken is None


def test_the_command_says_how_much_went(app: Flask, editor: Account, coordinator: Account) -> None:
    with app.app_context():
        store("mails", editor, coordinator, dt.timedelta(days=40))
    output = app.test_cli_runner().invoke(args=["privacy", "purge"]).output
    assert "Verschickte Mails (nach 30 Tagen): 1 gelöscht" in output
    assert len(output.splitlines()) == len(RULES)


def test_the_worker_purges_every_night(app: Flask, editor: Account, coordinator: Account) -> None:
    from app.releases.queue import queue

    with app.app_context():
        store("log_ins", editor, coordinator, dt.timedelta(days=20))
        queue().nightly()
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(LogIn)) == 0
        assert db.session.scalar(select(func.count()).select_from(User)) == 2


def test_the_worker_sweeps_files_that_nothing_refers_to_any_more(app: Flask) -> None:
    from app.releases.queue import queue
    from app.uploads.store import store as files

    with app.app_context():
        name = files().keep(b"left behind")
        [path] = (app.config["KOMPASS"].data_dir / "files").glob("*/*")
        os.utime(path, (0, 0))
        queue().nightly()
        assert not path.exists(), name

"""``flask audit verify`` holds every entry against its hash and names the first that is not what was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.audit import verifying
from app.audit.models import GUARDS, AuditEntry
from app.database import db

FORGERIES = {
    "UPDATE audit_entry SET role = 'agency' WHERE number = 2": "Eintrag 2 wurde nachträglich geändert",
    "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE number = 3": "Eintrag 3 wurde nachträglich geändert",
    "UPDATE audit_part SET content = '{}' WHERE entry_number = 2 AND part = 'what'": "der Teil »what« nachträglich",
    "DELETE FROM audit_part WHERE entry_number = 2 AND part = 'who'": "fehlt der Teil »who«",
    "DELETE FROM audit_part WHERE entry_number = 2; DELETE FROM audit_entry WHERE number = 2": "Eintrag 2 fehlt",
}


def check(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(args=["audit", "verify", *arguments])


def forge(app: Flask, *statements: str) -> None:
    """Change the log as somebody with the keys to the database could: without its guards."""
    with app.app_context():
        disarm = {"sqlite": "DROP TRIGGER {}", "postgresql": "ALTER TABLE {} DISABLE TRIGGER USER"}
        engine = db.engine.dialect.name
        for table, guards in GUARDS[engine].items():
            names = [guard.split()[2] for guard in guards] if engine == "sqlite" else [table]
            for name in names:
                db.session.execute(text(disarm[engine].format(name)))
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()


def test_an_untouched_log_holds_together(app: Flask, boil: Callable[..., None]) -> None:
    boil(3)
    result = check(app)
    assert result.exit_code == 0
    assert "3 Einträge, lückenlos und unverändert" in result.output


def test_an_empty_log_holds_together(app: Flask) -> None:
    assert check(app).exit_code == 0


def test_a_log_longer_than_one_reading_holds_together(
    app: Flask, boil: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "AT_A_TIME", 2)
    boil(5)
    assert "5 Einträge" in check(app).output


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_first_entry_that_is_not_what_was_written_is_named(
    app: Flask, boil: Callable[..., None], forgery: str
) -> None:
    boil(4)
    forge(app, *forgery.split("; "))
    result = check(app)
    assert result.exit_code == 1
    assert FORGERIES[forgery] in result.output


def test_an_entry_forged_with_a_hash_of_its_own_breaks_the_chain_at_the_next(
    app: Flask, boil: Callable[..., None]
) -> None:
    boil(3)
    forge(app, "UPDATE audit_entry SET role = 'agency' WHERE number = 2")
    with app.app_context():
        forged = verifying._hash_of(db.session.scalars(select(AuditEntry).filter_by(number=2)).one())
        db.session.execute(text("UPDATE audit_entry SET sha256 = :sha256 WHERE number = 2"), {"sha256": forged})
        db.session.commit()
    result = check(app)
    assert result.exit_code == 1
    assert "Eintrag 3 schließt nicht an Eintrag 2 an" in result.output


def test_an_end_that_was_cut_off_shows_against_a_hash_noted_down_before(app: Flask, boil: Callable[..., None]) -> None:
    boil(3)
    noted = check(app).output.split()[-1]
    assert check(app, "--expect", noted).exit_code == 0
    forge(app, "DELETE FROM audit_part WHERE entry_number = 3", "DELETE FROM audit_entry WHERE number = 3")
    assert check(app).exit_code == 0
    result = check(app, "--expect", noted)
    assert result.exit_code == 1
    assert "Nach Eintrag 2 wurde etwas entfernt" in result.output

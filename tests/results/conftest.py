"""A published release with municipalities that agreed and others that did not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.releases import documents, publishing
from app.releases.models import ReleaseRecord
from tests.accounts.login import agency, coordinator
from tests.releases.databases import database_url, filled_postgresql, filled_sqlite

__all__ = ["agency", "coordinator", "database_url", "filled_postgresql", "filled_sqlite"]


@pytest.fixture
def published(app: Flask) -> str:
    """The SHA-256 of a published release. By AGS, the first has 3 answers, the second 7, the third did not agree."""
    with app.app_context():
        record = db.session.scalars(sa.select(ReleaseRecord)).one()
        publishing.publish(record)
        return record.sha256


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Documents that say only who they are for."""
    made: list[str] = []
    real = documents.Document.render

    def render(self: documents.Document, release: object, site: str) -> bytes:
        if self.sort.mimetype == documents.PAGE:
            return real(self, release, site)
        made.append(self.filename)
        return f"%PDF {self.filename}".encode()

    monkeypatch.setattr(documents.Document, "render", render)
    return made


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that the application sends, but for those that only open or end a transaction."""
    sent: list[str] = []

    def listen(_connection, _cursor, statement, *_rest) -> None:
        if statement.split()[0] not in ("BEGIN", "COMMIT", "ROLLBACK"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", listen)

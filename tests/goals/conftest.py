"""People of Meschede, and a published round behind them."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.database import db
from app.releases import building, publishing
from tests.accounts.login import MESCHEDE, Account, coordinator, log_in, neighbour
from tests.conftest import ENGINES, create_database, fresh_database
from tests.releases.databases import fill, filled_file
from tests.releases.filling import closed_round

__all__ = ["coordinator", "neighbour"]


def published_round() -> None:
    """A published round in which everybody handed in and every level counts as it was stated."""
    round_ = closed_round([30] * 3)
    round_.evidence_rule = False
    publishing.publish(building.build(round_))
    db.session.commit()


@pytest.fixture(scope="session")
def published_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database with a published round as a file."""
    return filled_file(sqlite_template, tmp_path_factory.mktemp("published"), published_round)


@pytest.fixture(scope="session")
def published_postgresql(
    postgresql_server: str, postgresql_template: sa.URL, tmp_path_factory: pytest.TempPathFactory
) -> sa.URL:
    """The same on the server."""
    url = create_database(postgresql_server, f"published_{uuid.uuid4().hex}", str(postgresql_template.database))
    fill(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("published"), published_round)
    return url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, home: Path) -> str:
    """A copy of the database with the published round for a test that asks for ``released``, else without one."""
    if "released" in request.fixturenames:
        return fresh_database(request, home, "published_sqlite", "published_postgresql")
    return fresh_database(request, home, "sqlite_template", "postgresql_template")


@pytest.fixture
def released() -> None:
    """The database has a published round in it (see ``published_round``)."""


@pytest.fixture
def working(client: FlaskClient, released: None, coordinator: Account) -> FlaskClient:
    """The coordinator of Meschede, logged in."""
    assert coordinator.municipality == MESCHEDE
    log_in(client, coordinator.email)
    return client

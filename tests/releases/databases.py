"""Databases with a closed round and its release in them, filled once for each engine and copied for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.database import db
from app.releases import building
from config import Settings
from tests.conftest import ENGINES, create_database, fresh_database
from tests.releases.filling import closed_round


def released_round() -> None:
    """A closed round and its release. By AGS, the first municipalities have 3, 7, 12, 0 and 40 answers, others 30."""
    building.build(closed_round([3, 7, 12, 0, 40], handed_in=40))


def fill(url: str, folder: Path, contents: Callable[[], None]) -> None:
    """Let ``contents`` write to a database."""
    app = create_app(Settings(environment="test", data_dir=folder, database_url=url, secret_key="t" * 40))
    with app.app_context():
        contents()
        db.session.close()
        db.engine.dispose()


def filled_file(template: Path, folder: Path, contents: Callable[[], None]) -> Path:
    """A copy of an SQLite template, filled."""
    path = folder / "filled.sqlite3"
    shutil.copy(template, path)
    fill(f"sqlite:///{path}", folder, contents)
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.engine.dispose()
    return path


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database with a released round as a file."""
    return filled_file(sqlite_template, tmp_path_factory.mktemp("filled"), released_round)


@pytest.fixture(scope="session")
def filled_postgresql(
    postgresql_server: str, postgresql_template: sa.URL, tmp_path_factory: pytest.TempPathFactory
) -> sa.URL:
    """The same on the server."""
    # Several folders share this fixture, and each gets a database of its own.
    name = f"filled_{uuid.uuid4().hex}"
    url = create_database(postgresql_server, name, str(postgresql_template.database))
    fill(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("filled"), released_round)
    return url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, home: Path) -> str:
    """A copy of the filled database, once on each engine."""
    return fresh_database(request, home, "filled_sqlite", "filled_postgresql")

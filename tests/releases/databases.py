"""Databases with a closed round and its release in them, filled once for each engine and copied for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.database import db
from app.releases import building
from config import Settings
from tests.conftest import ENGINES, create_database, drop_database
from tests.releases.filling import closed_round

FILLED = "template_filled"


def fill(url: str, folder: Path) -> None:
    """A closed round and its release. By AGS, the first municipalities have 3, 7, 12, 0 and 40 answers, others 30."""
    app = create_app(Settings(environment="test", data_dir=folder, database_url=url, secret_key="t" * 40))
    with app.app_context():
        building.build(closed_round([3, 7, 12, 0, 40], handed_in=40))
        db.session.close()
        db.engine.dispose()


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled database as a file."""
    folder = tmp_path_factory.mktemp("filled")
    path = folder / "filled.sqlite3"
    shutil.copy(sqlite_template, path)
    fill(f"sqlite:///{path}", folder)
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.engine.dispose()
    return path


@pytest.fixture(scope="session")
def filled_postgresql(
    postgresql_server: str, postgresql_template: sa.URL, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of the filled database on the server."""
    url = create_database(postgresql_server, FILLED, str(postgresql_template.database))
    fill(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("filled"))
    return FILLED


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of the filled database, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "test.sqlite3"
        shutil.copy(request.getfixturevalue("filled_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"test_{uuid.uuid4().hex[:12]}"
    filled = request.getfixturevalue("filled_postgresql")
    yield create_database(server, name, filled).render_as_string(hide_password=False)
    drop_database(server, name)

"""What ``flask demo`` makes, made once for each engine and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.demonstration import filling
from tests.conftest import ENGINES, create_database, fresh_database
from tests.releases.databases import fill, filled_file


@pytest.fixture(scope="session")
def demo_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration as a file."""
    return filled_file(sqlite_template, tmp_path_factory.mktemp("demo"), filling.fill)


@pytest.fixture(scope="session")
def demo_postgresql(
    postgresql_server: str, postgresql_template: sa.URL, tmp_path_factory: pytest.TempPathFactory
) -> sa.URL:
    """The same on the server."""
    url = create_database(postgresql_server, "template_demo", str(postgresql_template.database))
    fill(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("demo"), filling.fill)
    return url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, home: Path) -> str:
    """A copy of the demonstration, once on each engine."""
    return fresh_database(request, home, "demo_sqlite", "demo_postgresql")

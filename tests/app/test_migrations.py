"""Migrations: up, down, up again, and in the end exactly the tables that the models describe."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.migrations import alembic_config, described_by_models
from app.models import metadata
from tests.conftest import ENGINES, create_database, drop_database


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database, on each engine in turn."""
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path}/empty.sqlite3", poolclass=sa.NullPool)
        yield engine
        return
    server, name = request.getfixturevalue("postgresql_server"), f"test_{uuid.uuid4().hex[:12]}"
    yield sa.create_engine(create_database(server, name), poolclass=sa.NullPool)
    drop_database(server, name)


def migrate(engine: sa.Engine, revision: str) -> None:
    config = alembic_config(engine.url.render_as_string(hide_password=False))
    (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def things(engine: sa.Engine) -> set[tuple[str, str]]:
    """Every table, index, trigger and function in the database but Alembic's own note, by kind and name."""
    queries = {
        "sqlite": "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_autoindex%'",
        "postgresql": "SELECT relkind::text, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "UNION SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    }
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(queries[engine.dialect.name])
        return {(kind, name) for kind, name in rows if not name.startswith("alembic_version")}


def constraints(engine: sa.Engine) -> dict[tuple[str, str], str]:
    """Every constraint and index by table and name, with its definition as the engine itself tells it."""
    found: dict[tuple[str, str], str] = {}
    inspector = sa.inspect(engine)
    for table in metadata.tables:
        listed = (
            *inspector.get_check_constraints(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_indexes(table),
            inspector.get_pk_constraint(table),
        )
        found.update({(table, str(entry["name"])): _definition(dict(entry)) for entry in listed})
    return found


def _definition(entry: dict) -> str:
    options = {key: str(value) for key, value in entry.pop("dialect_options", {}).items()}
    parts = sorted((key, str(value)) for key, value in (entry | options).items() if key != "name")
    return re.sub(r"\s+", " ", repr(parts))


def columns(engine: sa.Engine) -> dict[tuple[str, str], tuple[str, bool]]:
    inspector = sa.inspect(engine)
    return {
        (table, column["name"]): (str(column["type"]), column["nullable"])
        for table in metadata.tables
        for column in inspector.get_columns(table)
    }


def test_upgrade_makes_every_table_of_the_models(empty):
    migrate(empty, "head")
    assert set(metadata.tables) <= set(sa.inspect(empty).get_table_names())


def test_downgrade_leaves_nothing_behind(empty):
    migrate(empty, "head")
    migrate(empty, "base")
    assert things(empty) == set()


def test_up_down_and_up_again_gives_the_same_database(empty):
    migrate(empty, "head")
    first = things(empty), columns(empty), constraints(empty)
    migrate(empty, "base")
    migrate(empty, "head")
    assert (things(empty), columns(empty), constraints(empty)) == first


def test_alembic_finds_no_difference_between_models_and_migrations(empty):
    migrate(empty, "head")
    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": described_by_models}
        )
        assert compare_metadata(context, metadata) == []


def test_migrated_database_equals_the_one_the_models_make_constraint_by_constraint(empty, tmp_path):
    """Alembic does not look at CHECKs, partial indexes and triggers; this does."""
    migrate(empty, "head")
    migrated = things(empty), columns(empty), constraints(empty)
    migrate(empty, "base")
    metadata.create_all(empty)
    assert (things(empty), columns(empty), constraints(empty)) == migrated


def test_sqlite_tables_of_answers_keep_no_order_of_arrival(tmp_path):
    """WITHOUT ROWID is a promise of anonymity that no inspector reports."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/x.sqlite3", poolclass=sa.NullPool)
    migrate(engine, "head")
    with engine.connect() as connection:
        for table in ("response", "comment"):
            sql = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{table}'").scalar_one()
            assert sql.rstrip().endswith("WITHOUT ROWID")


def test_there_is_one_head_so_that_upgrade_knows_where_to_go():
    from alembic.script import ScriptDirectory

    assert len(ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()) == 1


LONG = {"catalogue_json", "document"}
"""Columns that hold documents of some hundred kilobytes."""


def test_documents_stand_last_so_that_no_other_column_is_read_through_them(empty: sa.Engine):
    migrate(empty, "head")
    tables = [list(table.columns.keys()) for table in metadata.tables.values()]
    inspector = sa.inspect(empty)
    if empty.dialect.name == "sqlite":
        tables += [[column["name"] for column in inspector.get_columns(table)] for table in metadata.tables]
    long = [names for names in tables if LONG & set(names)]
    assert len(long) >= 3
    assert all(names[-1] in LONG for names in long), long

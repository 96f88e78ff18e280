"""``flask db …``: bring the database to the version the code needs, with Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from alembic import command
from alembic.config import Config
from flask import current_app
from flask.cli import AppGroup

FULL_TEXT = "practice_index"
FOLDER = Path(__file__).parent.parent / "migrations"

group = AppGroup("db", help="Datenbank einrichten und aktualisieren.")


def described_by_models(name: str | None, kind: str, _parents: Any = None) -> bool:
    """Whether models describe this thing in the database: not the tables that SQLite's full-text search keeps."""
    return not (kind == "table" and (name or "").startswith(FULL_TEXT))


def alembic_config(address: str | None = None) -> Config:
    """Alembic's configuration for a database, by default the one of the running application."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    url = address or str(current_app.config["SQLALCHEMY_ENGINES"]["default"])
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


@group.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bringt die Datenbank auf den neuesten Stand (oder auf REVISION)."""
    command.upgrade(alembic_config(), revision)


@group.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Geht auf einen früheren Stand zurück."""
    command.downgrade(alembic_config(), revision)


@group.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Schreibt eine neue Migration aus dem Unterschied von Modellen und Datenbank."""
    command.revision(alembic_config(), message=message, autogenerate=True)

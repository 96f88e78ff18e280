"""``flask files …``: kept files from the command line."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.uploads.sweeping import sweep

group = AppGroup("files", help="Hochgeladene Dateien verwalten.")


@group.command("sweep")
def sweep_files() -> None:
    """Entfernt Dateien, auf die seit mehr als einem Tag nichts mehr verweist."""
    click.echo(f"{sweep()} Dateien entfernt.")

"""``flask questionnaire …``: the catalogue's files from the command line, before a round freezes them."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from questionnaires.checking import report

group = AppGroup("questionnaire", help="Kriterienkatalog und Fragebogen prüfen.")


@group.command("check")
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(directory: Path) -> None:
    """Prüft die Dateien in DIR und nennt jeden Fehler mit Datei, Zeile und Abhilfe; Status 1, wenn es einen gibt."""
    status, text = report(directory)
    click.echo(text, err=status != 0)
    click.get_current_context().exit(status)

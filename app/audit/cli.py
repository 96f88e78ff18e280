"""``flask audit …``: is the log still what was written?"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.audit.verifying import verify

group = AppGroup("audit", help="Das Protokoll prüfen.")


@group.command("verify")
@click.option("--expect", default="", help="Prüfsumme, mit der die Kette früher endete: Sie muss noch darin stehen.")
def check(expect: str) -> None:
    """Prüft die Kette; nennt den ersten Eintrag, der nicht mehr stimmt, und endet dann mit Status 1."""
    found = verify(expect)
    if found.broken:
        raise click.ClickException(found.broken)
    click.echo(f"{found.entries} Einträge, lückenlos und unverändert. Letzte Prüfsumme: {found.last}")

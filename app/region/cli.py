"""``flask region …``: the region from the command line."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.database import db
from app.region.loading import BUILTIN, RegionNotValid, load

group = AppGroup("region", help="Kreise und Kommunen laden.")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=BUILTIN)
def load_region(file: Path) -> None:
    """Lädt eine Region aus FILE (CSV); ohne Angabe Südwestfalen. Ein Fehler, und nichts wird geladen."""
    try:
        loaded = load(db.session, file)
    except (RegionNotValid, OSError) as error:
        raise click.ClickException(f"{error}\nNichts wurde geladen.") from None
    db.session.commit()
    size = f"{loaded.municipalities} Kommunen in {loaded.districts} Kreisen"
    click.echo(f"{size}: {loaded.added} neu, {loaded.changed} geändert.")

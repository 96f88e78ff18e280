"""``flask practices …``: practices collected from public sources, and the index behind the search."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.database import db
from app.practices.collecting import PlaceUnknown, load
from app.practices.models import Practice
from app.practices.writing import keep_findable

group = AppGroup("practices", help="Praxisbeispiele laden und suchbar halten.")


@group.command("load")
def load_collected() -> None:
    """Lädt Praxisbeispiele, die öffentlich dokumentiert sind; was schon da ist, bleibt, wie es ist."""
    try:
        added = load()
    except PlaceUnknown as error:
        raise click.ClickException(f"{error}\nNichts wurde geladen.") from None
    db.session.commit()
    click.echo(f"{added} Praxisbeispiele geladen.")


@group.command("reindex")
def reindex() -> None:
    """Baut den Suchindex neu auf, zum Beispiel nach einem neuen Stand des Dienstes."""
    practices = db.session.scalars(select(Practice).order_by(Practice.id)).all()
    with click.progressbar(practices, label="Praxisbeispiele") as bar:
        for practice in bar:
            keep_findable(practice)
            db.session.commit()
    click.echo(f"{len(practices)} Praxisbeispiele im Index.")

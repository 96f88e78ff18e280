"""``flask projects load``: funded projects that are documented publicly."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.database import db
from app.projects.documented import load

group = AppGroup("projects", help="Förderprojekte.")


@group.command("load")
def load_documented() -> None:
    """Lädt die öffentlich dokumentierten Förderprojekte mit ihren Quellen; was schon da ist, bleibt."""
    added = load()
    db.session.commit()
    click.echo(f"{added} Förderprojekte geladen.")

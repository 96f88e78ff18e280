"""``flask round-tables load``: the documented round tables before this service."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.database import db
from app.round_tables.history import load

group = AppGroup("round-tables", help="Runde Tische.")


@group.command("load")
def load_history() -> None:
    """Lädt die öffentlich dokumentierten Runden Tische mit ihren Quellen; was schon da ist, bleibt."""
    added = load()
    db.session.commit()
    click.echo(f"{added} Runde Tische geladen.")

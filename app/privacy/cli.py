"""``flask privacy …``: delete now what is past its time."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.privacy.retention import RULES, purge

group = AppGroup("privacy", help="Datenschutz: Aufbewahrungsfristen.")


@group.command("purge")
def run() -> None:
    """Löscht, was seine Frist überschritten hat, und sagt wie viel. Der Hintergrunddienst tut das jede Nacht."""
    report = purge()
    for rule in RULES:
        click.echo(f"{rule.label} (nach {rule.period.days} Tagen): {report[rule.key]} gelöscht")

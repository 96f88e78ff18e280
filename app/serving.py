"""``flask serve``: everything one machine needs to run: database, demonstration on first start, server, worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic import command
from flask import current_app
from flask.cli import with_appcontext

from app.database import db
from app.demonstration.cli import print_accounts
from app.demonstration.filling import fill, is_filled
from app.migrations import alembic_config
from config import DEVELOPMENT_SECRET, Settings


@click.command("serve")
@click.option("--demo/--no-demo", default=True, help="beim ersten Start Demonstrationsdaten anlegen")
@with_appcontext
def serve(demo: bool) -> None:
    """Richtet die Datenbank ein, startet Server und Hintergrundarbeit und nennt die Adresse."""
    settings: Settings = current_app.config["KOMPASS"]
    _prepare(settings, demo)
    with _worker():
        click.echo(f"\nWillkommenskompass läuft: {settings.address}   (Ende mit Strg+C)")
        if current_app.config["DEMO"]:
            print_accounts()
        _run_server(settings)


def _prepare(settings: Settings, demo: bool) -> None:
    click.echo("Datenbank wird auf den neuesten Stand gebracht …")
    command.upgrade(alembic_config(), "head")
    if demo and settings.environment == "development" and not is_filled():
        click.echo("Erster Start: Demonstrationsdaten werden angelegt (etwa zehn Sekunden) …")
        fill()
    db.session.rollback()
    if settings.secret_key == DEVELOPMENT_SECRET:
        click.echo("Hinweis: Es gilt der Entwicklungsschlüssel. Für den Betrieb KOMPASS_SECRET_KEY setzen.")


@contextmanager
def _worker() -> Iterator[None]:
    """The background worker beside the server, for as long as the server runs."""
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"])
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _threads() -> int:
    """Threads of each worker: enough to wait for the disk meanwhile, no more than the server finds sensible."""
    return min(8, 2 * (os.cpu_count() or 1) + 1)


def _run_server(settings: Settings) -> None:
    subprocess.run(  # noqa: S603 - our own command
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws"),
            *("--host", settings.host, "--port", str(settings.port), "--workers", str(settings.workers)),
            *("--blocking-threads", str(_threads()), "--log-level", "warning", "app:create_app"),
        ],
        env=os.environ.copy(),
        check=False,
    )

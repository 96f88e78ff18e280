"""``flask serve``: everything one machine needs to run: database, demonstration on first start, server, worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click
from alembic import command
from flask import current_app
from flask.cli import with_appcontext

from app.database import db
from app.demonstration.cli import print_accounts
from app.demonstration.filling import SHOWN_MUNICIPALITY, fill, is_filled
from app.migrations import alembic_config
from app.releases import wanted
from app.releases.documents import KINDS, LANGUAGES, Document
from config import DEVELOPMENT_SECRET, Settings

LAST_SECONDS = 5
"""What a process gets to finish what it is doing once it has to end; the server's workers get a second less."""


@click.command("serve")
@click.option("--demo/--no-demo", default=True, help="beim ersten Start Demonstrationsdaten anlegen")
@with_appcontext
def serve(demo: bool) -> None:
    """Richtet die Datenbank ein, startet Server und Hintergrundarbeit und nennt die Adresse."""
    settings: Settings = current_app.config["KOMPASS"]
    _prepare(settings, demo)
    signal.signal(signal.SIGTERM, _leave)
    worker = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    with _running(worker), _running(_server_command(settings)) as server:
        click.echo(f"\nWillkommenskompass läuft: {settings.address}   (Ende mit Strg+C)")
        if current_app.config["DEMO"]:
            print_accounts()
        server.wait()


def _prepare(settings: Settings, demo: bool) -> None:
    click.echo("Datenbank wird auf den neuesten Stand gebracht …")
    command.upgrade(alembic_config(), "head")
    if demo and settings.environment == "development" and not is_filled():
        click.echo("Erster Start: Demonstrationsdaten werden angelegt (etwa zehn Sekunden) …")
        release = fill().release
        for page in first_pages():
            wanted.ask_for(release, page.filename)
    db.session.rollback()
    if settings.secret_key == DEVELOPMENT_SECRET:
        click.echo("Hinweis: Es gilt der Entwicklungsschlüssel. Für den Betrieb KOMPASS_SECRET_KEY setzen.")


def first_pages() -> Iterator[Document]:
    """What people look at first of a demonstration: the region, and the municipality of its accounts."""
    for language in LANGUAGES:
        yield Document(language, kind="region-page")
        for audience in KINDS["municipality-page"].audiences:
            yield Document(language, SHOWN_MUNICIPALITY, audience, "municipality-page")


def _threads() -> int:
    """Threads of each worker: enough to wait for the disk meanwhile, no more than the server finds sensible."""
    return min(8, 2 * (os.cpu_count() or 1) + 1)


def _server_command(settings: Settings) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws"),
        *("--host", settings.host, "--port", str(settings.port), "--workers", str(settings.workers)),
        *("--blocking-threads", str(_threads()), "--log-level", "warning"),
        *("--workers-kill-timeout", str(LAST_SECONDS - 1), "app:create_app"),
    ]


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process beside this one, ended with all it started when the block is left, for whatever reason."""
    process = subprocess.Popen(command)  # noqa: S603 - our own commands
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask twice: one that is just being loaded may not hear the first time."""
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=LAST_SECONDS)
            return
    process.kill()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """A service manager ends the service with SIGTERM, to this process alone: the others are ended on the way out."""
    raise SystemExit(0)

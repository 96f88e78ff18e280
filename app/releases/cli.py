"""``flask release …`` and ``flask worker``: releases from the command line, and the background worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.releases import building, exporting, reading, work
from app.releases.models import ReleaseRecord
from app.releases.queue import queue
from app.rounds.lifecycle import StepRefused, round_by_key
from app.rounds.models import Round
from app.web.formats import date_time

STATES = {"preview": "Vorschau", "published": "veröffentlicht", "withdrawn": "zurückgezogen"}

group = AppGroup("release", help="Auswertungsstände erstellen, prüfen, veröffentlichen und ausgeben.")


@contextmanager
def _plain_words() -> Iterator[None]:
    """Turn what was refused into a sentence and exit status 1."""
    try:
        yield
    except (StepRefused, reading.ReleaseNotFound, exporting.FolderNotEmpty, OSError) as error:
        raise click.ClickException(str(error)) from None


@group.command("build")
@click.argument("round_key", metavar="ROUND")
def build(round_key: str) -> None:
    """Wertet die geschlossene Runde ROUND aus und speichert das Ergebnis als Vorschau."""
    with _plain_words():
        record = building.build(_round(round_key))
    click.echo(f"{record.sha256}  {STATES[record.state]}")


@group.command("verify")
@click.argument("release")
def verify(release: str) -> None:
    """Berechnet RELEASE (SHA-256 oder deren Anfang) neu und vergleicht Byte für Byte; Status 1, wenn etwas abweicht."""
    with _plain_words():
        found = building.verify(reading.release_by_prefix(release))
    if found.matches:
        click.echo(f"{found.sha256}  stimmt: neu berechnet und Byte für Byte gleich.")
        return
    raise click.ClickException("\n".join((f"{found.sha256} weicht ab.", *found.findings)))


@group.command("publish")
@click.argument("release")
def publish(release: str) -> None:
    """Veröffentlicht RELEASE, sobald alles dazu fertig ist; ein früherer Stand derselben Runde wird dadurch ersetzt."""
    with _plain_words():
        record = reading.release_by_prefix(release)
        work.start_publication(record)
    click.echo(
        f"{record.sha256}  Dokumente und Seiten entstehen im Hintergrund (flask worker). Sobald sie fertig sind, ist "
        "der Auswertungsstand öffentlich."
    )


@group.command("export")
@click.argument("release")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def export(release: str, directory: Path) -> None:
    """Schreibt alles, was von RELEASE öffentlich ist, als Dateien nach DIRECTORY (neu oder leer)."""
    with _plain_words():
        written = exporting.export(reading.release_by_prefix(release), directory)
    click.echo(f"{len(written)} Dateien in {directory}, Prüfsummen in {exporting.CHECKSUMS}.")


@group.command("list")
def show_all() -> None:
    """Zeigt alle Auswertungsstände, den neuesten zuerst."""
    records = reading.all_releases()
    for record in records:
        click.echo(_line(record))
    if not records:
        click.echo("Es gibt noch keinen Auswertungsstand. »flask release build RUNDE« erstellt einen.")


@click.command("worker", help="Arbeitet Hintergrundaufgaben ab, bis der Prozess beendet wird.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 16), help="Aufgaben zugleich")
@with_appcontext
def worker(workers: int) -> None:
    """Work off the queue."""
    queue().work(workers)


def _line(record: ReleaseRecord) -> str:
    return f"{record.sha256}  {record.round.key}  {date_time(record.built_at)}  {STATES[record.state]}"


def _round(key: str) -> Round:
    round_ = round_by_key(key)
    if round_ is None:
        raise StepRefused(f"Eine Erhebungsrunde mit dem Kürzel »{key}« gibt es nicht. Prüfen Sie die Schreibweise.")
    return round_

"""Time of the processor for every kind of public page of a published release, and of its API.

    python -m bench.pages [--responses 20000] [--repeats 200]

Publishes a round in an SQLite database of its own, as the service does, and then asks for each address in this process,
without a network: the first time (from what was made before publication), from the cache, and again with the validator
of the answer. Time of the processor, so that neighbours on the machine count little. Writes bench/results/pages.md.
Wanted: under 10 ms at the median from the cache.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.database import db
from app.releases import building, documents, jobs, reading, work
from app.results.places import shown_places
from app.rounds.models import Round
from bench.release import _fill
from config import Settings

RESULT = Path(__file__).parent / "results" / "pages.md"
WANTED = 10.0
API = "/api/v1/releases/current"


def main() -> None:
    """Measure, print, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--responses", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder)))
        with app.app_context():
            places = _published(arguments.responses)
        lines = [_line(app, path, arguments.repeats) for path in _paths(places)]
        with app.app_context():
            db.engine.dispose()
    head = [
        f"# Public pages of a release ({arguments.responses:,} responses)",
        "",
        f"Milliseconds of the processor, reader included; wanted: median under {WANTED:.0f} from the cache.",
        "",
        "| page | first time | median | 95 % | unchanged (304), median | KB over the wire | SQL statements |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    text = "\n".join([*head, *lines]) + "\n"
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, "utf-8")
    print(text)


def _published(responses: int) -> list[str]:
    """Publish a round; address parts of four municipalities that are shown."""
    record = building.build(db.session.get_one(Round, _fill(responses)))
    sha256 = record.sha256
    jobs.kinds[work.PUBLISH](sha256, lambda _done, _total: None)
    record = reading.release_by_prefix(sha256)
    documents.read_or_render(record, documents.Document("en", kind="region-page"))  # The worker's next job makes all.
    return [place.slug for place in shown_places(reading.release_of(record))][:4]


def _paths(places: list[str]) -> list[str]:
    chosen = "&".join(f"kommune={place}" for place in places)
    return [
        "/",
        "/ergebnisse",
        "/ergebnisse?lang=en",
        f"/ergebnisse/{places[0]}",
        f"/ergebnisse/vergleich?{chosen}",
        "/ergebnisse/kriterien",
        "/ergebnisse/kriterien/A1.1",
        "/ergebnisse/presse",
        "/ergebnisse/archiv",
        "/methode",
        "/ergebnisse/bericht.pdf",
        f"/ergebnisse/{places[0]}/bericht.pdf",
        "/ergebnisse/daten.csv",
        f"/ergebnisse/{places[0]}/daten.csv",
        "/ergebnisse/daten.xlsx",
        "/ergebnisse/datenpaket.zip",
        "/ergebnisse/metadaten.jsonld",
        f"{API}/region",
        f"{API}/observations?page=2",
        f"{API}/observations?view=newcomers&kind=item",
        "/sitemap.xml",
    ]


def _line(app: Flask, path: str, repeats: int) -> str:
    client = app.test_client()
    first = _once(client, path)[0]
    times = sorted(_once(client, path)[0] for _ in range(repeats))
    with _statements(app) as sent:
        _, size, etag = _once(client, path)
    spread = statistics.quantiles(times, n=20)[-1]
    unchanged = f"{_unchanged(client, path, etag, repeats):.1f}" if etag else "–"
    return (
        f"| `{path[:50]}` | {first:.0f} | {statistics.median(times):.1f} | {spread:.1f} | {unchanged} | {size:.0f} "
        f"| {len(sent)} |"
    )


def _once(client: FlaskClient, path: str) -> tuple[float, float, str]:
    started = time.process_time()
    answer = client.get(path, headers={"Accept-Encoding": "br"})
    elapsed = 1000 * (time.process_time() - started)
    assert answer.status_code == 200, (path, answer.status_code)
    return elapsed, len(answer.data) / 1024, answer.headers.get("ETag", "")


def _unchanged(client: FlaskClient, path: str, etag: str, repeats: int) -> float:
    """Median for a reader who has the page already."""
    times = []
    for _repeat in range(repeats):
        started = time.process_time()
        answer = client.get(path, headers={"Accept-Encoding": "br", "If-None-Match": etag})
        times.append(1000 * (time.process_time() - started))
        assert answer.status_code == 304, (path, answer.status_code)
    return statistics.median(times)


@contextmanager
def _statements(app: Flask) -> Iterator[list[str]]:
    sent: list[str] = []

    def listen(_connection, _cursor, statement, *_rest) -> None:
        if statement.split()[0] not in ("BEGIN", "COMMIT", "ROLLBACK"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", listen)


if __name__ == "__main__":
    main()

"""How long a whole round takes: load, score, write the release; then publish it with everything readers may ask for,
then the other language.

    python -m bench.release [--responses 100000] [--only-scoring]

Fills an SQLite database of its own with 59 municipalities (sizes as in reality: proportional to inhabitants), times
each step three times (the first includes warming up), and writes bench/results/release.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from alembic import command
from sqlalchemy import select

from app import create_app
from app.database import db
from app.migrations import alembic_config
from app.region.loading import load
from app.region.models import Municipality
from app.releases import building, jobs, work
from app.releases.documents import folder_of
from app.releases.loading import load_round
from app.rounds.models import Round
from config import Settings
from scoring.release import Release
from tests.releases.filling import closed_round

RESULT = Path(__file__).parent / "results" / "release.md"
T = TypeVar("T")
RUNS = 3
PROCESSES = 2
LIMITS = {"load": None, "score": None, "write": None, "load, score, write": 3.0, "publication": 60.0}
"""Seconds that a step may take; what runs after publication has none."""


def main() -> None:
    """Measure, print, write the table."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder)))
        with app.app_context():
            key = _fill(arguments.responses)
            rows = _release_rows(key)
            made = ""
            if not arguments.only_scoring:
                published, made = _publication(key)
                rows += published
            db.engine.dispose()
    text = _report(arguments.responses, rows, made)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, "utf-8")
    print(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--only-scoring", action="store_true")
    return parser.parse_args()


def _fill(responses: int) -> int:
    command.upgrade(alembic_config(), "head")
    load(db.session)
    db.session.commit()
    people = np.array(db.session.scalars(select(Municipality.population).order_by(Municipality.ags)).all())
    counts = np.floor(responses * people / people.sum()).astype(int)
    counts[-1] += responses - counts.sum()
    return closed_round(counts.tolist()).id


def _release_rows(key: int) -> list[tuple[str, list[float]]]:
    """Seconds of each step, over all runs. Every run writes a release of its own, so nothing is found ready."""
    steps: dict[str, list[float]] = {"load": [], "score": [], "write": []}
    for _run in range(RUNS):
        given, seconds = _timed(lambda: load_round(db.session, db.session.get_one(Round, key)))
        steps["load"].append(seconds)
        db.session.rollback()
        release, seconds = _timed(lambda given=given: building.score(given))
        steps["score"].append(seconds)
        steps["write"].append(_timed(lambda release=release: _written(key, release))[1])
    totals = [sum(parts) for parts in zip(*steps.values(), strict=True)]
    return [*steps.items(), ("load, score, write", totals)]


def _written(key: int, release: Release) -> None:
    document = release.to_json()
    record = building._store(key, building.sha256(document), release, document)
    db.session.delete(record)
    db.session.commit()


def _publication(key: int) -> tuple[list[tuple[str, list[float]]], str]:
    """Seconds of the background jobs that publish and make the other language, and what each made."""
    name = building.build(db.session.get_one(Round, key)).sha256
    db.session.rollback()
    rows, made, before = [], [], 0
    for step, kind in (("publication", work.PUBLISH), ("other language, after it", work.RENDER)):
        _message, seconds = _timed(lambda kind=kind: jobs.kinds[kind](name, lambda _done, _total: None))
        rows.append((step, [seconds]))
        files = [path for path in folder_of(name).rglob("*.*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        made.append(f"{_counted(files)}; {(size - before) / 1e6:.0f} MB")
        before = size
    return rows, f"Made before publication: {made[0]}. With the other language: {made[1]} more."


def _counted(files: list[Path]) -> str:
    kinds = Counter(path.suffix for path in files)
    return ", ".join(f"{number} {kind[1:].upper()}" for kind, number in sorted(kinds.items()))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def _report(responses: int, rows: list[tuple[str, list[float]]], made: str) -> str:
    lines = [
        "# From a closed round to its release and reports",
        "",
        f"59 municipalities, {responses:,} responses, SQLite, {os.cpu_count()} cores, {PROCESSES} rendering processes, "
        f"Python {platform.python_version()}; load average at the end {os.getloadavg()[0]:.1f}.",
        "",
        "| step | best, s | worst, s | budget, s |",
        "|---|---:|---:|---:|",
    ]
    for name, seconds in rows:
        budget = LIMITS.get(name)
        lines.append(
            f"| {name} | {min(seconds):.2f} | {max(seconds):.2f} | {'' if budget is None else f'{budget:.0f}'} |"
        )
    if made:
        lines += ["", f"{made} The JSON files hold the figures of all pages."]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()

"""How long the microdata of a round take to write, format by format, and how much memory that needs.

    python -m bench.exports [--responses 100000]

Fills an SQLite database of its own, then writes every format alone in a process of its own, so that its memory can be
told; and everything together as the background job does. Writes bench/results/exports.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from app.database import db
from app.exports import writing
from app.rounds.models import Round
from bench.release import _fill
from config import Settings
from reports.tables.microdata import CSV, SAV, WRITERS, XLSX

RESULT = Path(__file__).parent / "results" / "exports.md"
LIMITS = {CSV: 5.0, SAV: 30.0}
MEMORY = 300
EVERYTHING = "everything"


def main() -> None:
    """Measure, print, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(_one(arguments.folder, arguments.only)))
        return
    text = _report(arguments.responses)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, "utf-8")
    print(text)


def _report(responses: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder)))
        with app.app_context():
            _fill(responses)
            db.engine.dispose()
        measured = {name: _measured(folder, name) for name in (CSV, XLSX, SAV, EVERYTHING)}
    lines = [
        f"# Microdata of {responses:,} responses",
        "",
        "| file | seconds | wanted | peak memory, MB | wanted | size, MB |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in measured.items():
        wanted = f"< {LIMITS[name]:.0f}" if name in LIMITS else "–"
        lines.append(
            f"| {name} | {found['seconds']:.1f} | {wanted} | {found['memory']:.0f} | < {MEMORY} | {found['size']:.1f} |"
        )
    return "\n".join(lines) + "\n"


def _measured(folder: str, name: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.exports", "--only", name, "--folder", folder]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _one(folder: Path, name: str) -> dict[str, float]:
    """Write one format, or everything, in this process."""
    if name != EVERYTHING:
        for other in set(WRITERS) - {name}:
            del WRITERS[other]
    app = create_app(Settings(data_dir=folder))
    with app.app_context():
        round_ = db.session.query(Round).one()
        started = time.perf_counter()
        manifest = writing.write(round_, lambda _done, _total: None)
        seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(file.bytes for file in manifest.files if file.rows) / 1e6
    return {"seconds": seconds, "memory": memory, "size": size}


if __name__ == "__main__":
    main()

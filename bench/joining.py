"""How long the draft council papers (DOCX and PDF) and the flyers of all 59 municipalities take, in one archive.

    python -m bench.joining

Fills an SQLite database of its own and does what the background job does, in this process. Writes
bench/results/joining.md.
"""

from __future__ import annotations

import platform
import tempfile
import time
from pathlib import Path

from alembic import command

from app import create_app
from app.database import db
from app.joining import papers
from app.migrations import alembic_config
from app.region.loading import load
from config import Settings

RESULT = Path(__file__).parent / "results" / "joining.md"
WANTED = 30.0


def main() -> None:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), secret_key="b" * 40))
        with app.app_context():
            command.upgrade(alembic_config(app.config["KOMPASS"].database), "head")
            load(db.session)
            db.session.commit()
            steps: list[tuple[int, int]] = []
            started = time.perf_counter()
            papers.write_all(lambda done, total: steps.append((done, total)))
            seconds = time.perf_counter() - started
            size = papers.archive().path.stat().st_size / 1e6
    text = _report(seconds, size, steps[-1][1])
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, "utf-8")
    print(text)


def _report(seconds: float, size: float, municipalities: int) -> str:
    verdict = "yes" if seconds < WANTED else "no"
    return (
        f"# Draft council papers and flyers of {municipalities} municipalities\n\nPaper as DOCX and PDF/UA-1 and flyer "
        "ready to print of each, one process, Python "
        f"{platform.python_version()}. Wanted: under {WANTED:.0f} s: {verdict}.\n\n| seconds | MB |\n|---|---|\n"
        f"| {seconds:.1f} | {size:.1f} |\n"
    )


if __name__ == "__main__":
    main()

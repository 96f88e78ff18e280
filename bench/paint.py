"""How soon words stand on a newcomer's phone: first contentful paint on a slow line, ``python -m bench.paint``.

Chromium's network emulation: 400 kbit/s and 300 ms round trip, an empty cache, German and Arabic. The budget is one
second. The service answers from this machine, so what is measured is the page: its bytes, and what it waits for.
Writes bench/results/paint.md.
"""

from __future__ import annotations

import datetime as dt
import logging
import platform
import statistics
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from alembic import command
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from app import create_app
from app.database import db
from app.migrations import alembic_config
from app.region.loading import load
from app.rounds import lifecycle
from config import Settings
from questionnaires.loading import builtin
from tests.browser.chromium import FLAGS, find_or_fail

LINE = {"offline": False, "latency": 300, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
LANGUAGES = ("de", "ar")
VISITS = 7
WANTED = 1000
RESULT = Path(__file__).parent / "results" / "paint.md"
PATIENCE = 120_000
"""Milliseconds: a busy machine may paint late, and is told so by the number."""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
FETCHED = """performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .map(entry => [entry.name, entry.transferSize])"""


def served(folder: Path) -> BaseWSGIServer:
    """A service with one open round."""
    settings = Settings(environment="test", data_dir=folder, secret_key="b" * 40)
    app = create_app(settings)
    command.upgrade(alembic_config(settings.database), "head")
    day = lifecycle.today()
    with app.app_context():
        load(db.session)
        db.session.commit()
        lifecycle.open_round(lifecycle.create_round("bench", "Bench", day, day + dt.timedelta(days=30)), builtin())
        db.session.commit()
    return make_server("127.0.0.1", 0, app, threaded=True)


def visit(browser: Browser, address: str) -> tuple[float, list[Any]]:
    """One first visit: milliseconds to the first words, and what was fetched with its bytes over the wire."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    page.goto(address, wait_until="networkidle", timeout=PATIENCE)
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length", timeout=PATIENCE)
    found = page.evaluate(PAINT), page.evaluate(FETCHED)
    context.close()
    return found


def measured(browser: Browser, port: int, tag: str) -> str:
    """A row of the table: the median of some visits, the slowest, and the bytes of one."""
    address = f"http://127.0.0.1:{port}/f/olpe?lang={tag}"
    visit(browser, address)  # The page is prepared once for everybody.
    visits = [visit(browser, address) for _ in range(VISITS)]
    times, fetched = [time for time, _ in visits], visits[0][1]
    fonts = [size for name, size in fetched if name.endswith(".woff2")]
    others = [size for name, size in fetched if not name.endswith(".woff2")]
    return (
        f"| {tag} | {statistics.median(times):.0f} | {max(times):.0f} | {sum(others):,} | {len(others)} "
        f"| {sum(fonts):,} | {len(fonts)} |"
    )


def report(rows: list[str]) -> str:
    """The page about it."""
    head = "| language | median ms | slowest ms | bytes without fonts | requests | bytes of fonts | fonts |"
    return (
        "# First words of the form\n\nFirst contentful paint in Chromium, 400 kbit/s and 300 ms round trip, empty "
        f"cache, {VISITS} visits, Python {platform.python_version()}. Wanted: under {WANTED:,} ms.\n\n{head}\n"
        f"|{'---|' * 7}\n{chr(10).join(rows)}\n"
    )


def main() -> None:
    """Measure, print, write."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as other:
        server = other.submit(served, Path(folder)).result()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_or_fail(), args=list(FLAGS))
            text = report([measured(browser, server.server_port, tag) for tag in LANGUAGES])
            browser.close()
        server.shutdown()
    RESULT.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()

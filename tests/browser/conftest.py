"""A running service with demonstration data, and a real Chromium to look at it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.demonstration.filling import PASSWORD
from app.serving import first_pages
from tests.browser.chromium import FLAGS, find_or_fail

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
PHONE, DESKTOP = 320, 1280
START_LIMIT = 900.0
"""Seconds: migrating, filling and publishing the demonstration round on a busy small machine."""
PATIENCE = 180_000
"""Milliseconds that a page may take: on a busy small machine the first one after the start needs minutes."""
FAULTS_ONLY = {"resultTypes": ["violations"]}
"""What axe-core describes node by node; of what it finds well it would do so too, which takes longer than to look."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], **FAULTS_ONLY}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, **FAULTS_ONLY}
"""What may differ between light and dark."""

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """The data of a service that has filled and published its demonstration, once for all test processes."""
    common = tmp_path_factory.getbasetemp()
    common = common.parent if "PYTEST_XDIST_WORKER" in os.environ else common
    data = common / f"demonstration-{testrun_uid}"
    with FileLock(f"{data}.lock"):
        if not data.exists():
            folder = tmp_path_factory.mktemp("filling")
            with serving(folder):
                wait_until_prepared(folder / "data")
            (folder / "data").rename(data)
    return data


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[str]:
    """The service as ``make run`` starts it, on data of its own: where it listens, without a final slash."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(demonstration, folder / "data")
    with serving(folder) as found:
        yield found


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """``flask serve`` on the data below a folder while the block runs: its address."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOMPASS_")}
    environment |= {"KOMPASS_DATA_DIR": str(folder / "data"), "KOMPASS_PORT": str(port), "KOMPASS_WORKERS": "1"}
    with (folder / "log").open("w") as log:
        service = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(service, port, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(service)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(service: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return as soon as the service accepts connections; fail with its log if it ends or never does."""
    deadline = time.monotonic() + START_LIMIT
    while service.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    pytest.fail(f"The service did not start:\n{log.read_text('utf-8')}")


def wait_until_prepared(data: Path) -> None:
    """Return as soon as the worker has made the pages that a demonstration has made first."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        made = {path.name for path in data.glob("releases/*/*.json")}
        if {page.filename for page in first_pages()} <= made:
            return
        time.sleep(0.2)
    pytest.fail("The worker did not make the first pages.")


def stop(service: subprocess.Popen[bytes]) -> None:
    """End the service with everything it started."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            service.wait(timeout=15)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_fail(), args=list(FLAGS))
        yield browser
        browser.close()


def patient_context(chromium: Browser, **options: Any) -> BrowserContext:
    """A new browser profile that waits as long as a slow machine needs."""
    context = chromium.new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def browser_page(chromium: Browser, address: str) -> Iterator[Visit]:
    """``browser_page(width, language="de", script=True)``: an empty page of that width in a browser of that language.

    Addresses are relative to the service. A test fails at its end if a page complained on the console, fetched from
    another host or left a cookie where nobody logged in.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def new_page(width: int = DESKTOP, language: str = "de", script: bool = True) -> Page:
        context = patient_context(
            chromium,
            base_url=address,
            viewport={"width": width, "height": 800},
            locale=f"{language}-DE" if language == "de" else language,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note(message.type, message.text, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _note_host(request.url, address, complaints))
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert complaints == []


def _note(kind: str, text: str, complaints: list[str]) -> None:
    # A page that answers 404 on purpose is no mistake of the page.
    if kind == "error" and "status of 4" not in text:
        complaints.append(text)


def _note_host(url: str, address: str, complaints: list[str]) -> None:
    if not url.startswith((address, "data:", "blob:")):
        complaints.append(f"fetches {url}")


@pytest.fixture
def log_in(browser_page: Visit) -> Callable[..., Page]:
    """``log_in(email, width, language)``: a page of somebody who has just logged in with a demonstration account."""

    def enter(email: str, width: int = DESKTOP, language: str = "de") -> Page:
        page = browser_page(width, language)
        page.goto(f"/konto/anmelden?lang={language}")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit], main form input[type=submit]").first.click()
        page.wait_for_load_state()
        return page

    return enter


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe-core finds wrong with the page as it stands, one line for each rule; nothing if all is well."""
    # Evaluated by the debugger, so the page's own content security policy stays in force.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
    return [f"{rule['id']}: {rule['help']} – {rule['nodes'][0]['html'][:160]}" for rule in found]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 where nobody has to scroll sideways."""
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return max(0, int(page.evaluate(wider)))


def spilling(page: Page) -> list[str]:
    """The labels of all buttons that are too narrow for their words."""
    script = """[...document.querySelectorAll('.kern-btn')].filter(button => {
        const [outside, words] = [button, button.querySelector('.kern-label')].map(e => e?.getBoundingClientRect());
        return words && words.right > outside.right + 1;
    }).map(button => button.textContent.trim())"""
    labels: list[str] = page.evaluate(script)
    return labels

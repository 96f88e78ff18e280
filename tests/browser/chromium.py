"""Finds a Chromium for the browser tests, or brings one: ``python -m tests.browser.chromium``.

Order: ``KOMPASS_CHROMIUM``, what is installed, Debian's package (as root), Playwright's own download. If none of these
works that is a failure with the sentence what to install, never a skipped test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
ADVICE = (
    "Für die Browser-Tests fehlt Chromium. Bitte installieren (Debian: apt-get install chromium) "
    "oder mit KOMPASS_CHROMIUM den Pfad eines vorhandenen angeben."
)


class ChromiumMissing(RuntimeError):
    """There is no Chromium, and none could be had."""


def find() -> str | None:
    """The path of a Chromium that is there already, None if there is none."""
    if named := os.environ.get("KOMPASS_CHROMIUM"):
        return named
    installed = (shutil.which(name) for name in NAMES)
    return next((path for path in installed if path), None) or _downloaded()


def find_or_fail() -> str:
    """The path of a Chromium; ``ChromiumMissing`` with what to do if there is none."""
    path = find()
    if path is None or not Path(path).is_file():
        raise ChromiumMissing(ADVICE)
    return path


def _downloaded() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def say(step: str) -> None:
    """Tell the person at the terminal what takes so long."""
    sys.stdout.write(f"→ {step} …\n")
    sys.stdout.flush()


def _install_package() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("Chromium wird als Debian-Paket installiert")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "-qq", *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False)


def _download() -> None:
    say("Chromium wird über Playwright geladen")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


WAYS: tuple[Callable[[], None], ...] = (_install_package, _download)


def bring() -> str:
    """Find a Chromium or install one; ``ChromiumMissing`` if nothing works."""
    for way in WAYS:
        if find():
            break
        way()
    return find_or_fail()


if __name__ == "__main__":
    try:
        bring()
    except ChromiumMissing as missing:
        sys.exit(str(missing))

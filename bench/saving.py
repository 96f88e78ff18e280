"""Sixty people saving at once: no lost update, no 5xx, and how long the slowest hundredth takes.

``python -m bench.saving [--seconds 300] [--people 60] [--engine sqlite]`` starts the service on granian with a database
of its own. Each person works for one municipality and saves one of its criteria again 1.5 s after the last answer, half
as much more or less, which is the fastest that the script of the page does; two of them share each criterion, so that
conflicts happen. After a conflict the person opens the page again and saves on top. No update is lost if the version at
which a criterion stands is the number of acknowledged saves. Writes bench/results/saving-ENGINE.md; ends with status 1
unless nothing was lost, nothing failed, and the slowest hundredth took less than 300 ms.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select

from app import create_app
from app.accounts.models import EDITOR, Role, User
from app.assessment.models import Assessment, CriterionAnswer
from app.database import db
from app.region.models import Municipality
from bench.form import THREADS, WORKERS, _databases, _free_port, _prepare
from config import Settings

GRANIAN = (sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws", "--log-level", "error")
RESULTS = Path(__file__).parent / "results"
PASSWORD = "ein langes Kennwort zur Messung"
PAUSE = 1.5
WANTED = 0.300
CRITERIA = ("A1.1", "A1.2", "B3.1")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')


@dataclass
class Work:
    """What one person did."""

    durations: list[float] = field(default_factory=list)
    acknowledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    conflicts: int = 0
    failures: list[str] = field(default_factory=list)


class Person:
    """Somebody with a browser: a connection and its cookies."""

    def __init__(self, port: int, email: str, ags: str, key: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.email, self.ags, self.key, self.work = email, ags, key, Work()

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and body."""
        headers = dict(FORM) if fields else {}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, urlencode(fields) if fields else None, headers)
        response = self.connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return response.status, body

    def run(self, ready: threading.Barrier, seconds: float) -> None:
        """Log in, wait for the others, open the criterion, and save until the time is up."""
        try:
            self._log_in()
            ready.wait(600)
            until = time.perf_counter() + seconds
            time.sleep(PAUSE * random.random())  # Nobody types in step with everybody else.
            path = f"/kommune/kriterium/{self.key}"
            page = self.ask("GET", path)[1]
            token, version = _found(TOKEN, page), _found(VERSION, page)
            while time.perf_counter() < until:
                version = self._save(path, token, version)
                time.sleep(PAUSE * random.uniform(0.5, 1.5))
        except (OSError, http.client.HTTPException, LookupError, threading.BrokenBarrierError) as error:
            self.work.failures.append(f"{type(error).__name__}: {error}")
            ready.abort()  # Else everybody would wait for who could not log in.
        finally:
            self.connection.close()

    def _log_in(self) -> None:
        page = self.ask("GET", "/konto/anmelden")[1]
        fields = {"email": self.email, "password": PASSWORD, "csrf_token": _found(TOKEN, page)}
        status, body = self.ask("POST", "/konto/anmelden", fields)
        if status >= 400:
            raise LookupError(f"log-in: {status} {body[:200]}")

    def _save(self, path: str, token: str, version: str) -> str:
        text = f"{self.email} {random.random()}"
        fields = {"csrf_token": token, "version": version, "round_key": "bench", "level": "2", "reason": text}
        start = time.perf_counter()
        status, body = self.ask("POST", path, fields)
        self.work.durations.append(time.perf_counter() - start)
        if status == 200:
            self.work.acknowledged[self.ags, self.key] += 1
            return str(json.loads(body)["version"])
        if status == 409:
            self.work.conflicts += 1
            return _found(VERSION, self.ask("GET", path)[1])
        self.work.failures.append(f"{status}: {body[:200]}")
        return version


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        raise LookupError(f"{pattern.pattern} is not in {page[:200]!r}")
    return match[1]


def main() -> int:
    """Start, let people work, compare, print, write; 1 if something is not as it should be."""
    options = _options()
    verdicts = []
    for engine in options.engine.split(","):
        fine, text = measure(engine, options.people, options.seconds)
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"saving-{engine}.md").write_text(text, "utf-8")
        print(text)
        verdicts.append(fine)
    return 0 if all(verdicts) else 1


def measure(engine: str, people: int, seconds: float) -> tuple[bool, str]:
    """One engine: whether all is well, and the report."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(_databases(engine, folder))[0]
        app = create_app(Settings(data_dir=folder, database_url=url, secret_key="b" * 40))
        _prepare(app, url)
        places = _accounts(app, people)
        port = stack.enter_context(_serving(folder, url))
        crowd = [Person(port, email, ags, key) for email, ags, key in places]
        ready = threading.Barrier(len(crowd))
        threads = [threading.Thread(target=person.run, args=(ready, seconds)) for person in crowd]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return _report(engine, crowd, seconds, _lost(app, crowd))


@contextmanager
def _serving(folder: Path, url: str) -> Iterator[int]:
    """The service with two workers; gives its port once it answers, and ends all of it afterwards."""
    port = _free_port()
    own = {"KOMPASS_DATA_DIR": str(folder), "KOMPASS_DATABASE_URL": url, "KOMPASS_SECRET_KEY": "b" * 40}
    command = [*GRANIAN, "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    process = subprocess.Popen([*command, "app:create_app"], env={**os.environ, **own}, start_new_session=True)
    try:
        _wait_for(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise SystemExit("The service did not start.")


def _accounts(app: Flask, people: int) -> list[tuple[str, str, str]]:
    """An account for each person; two neighbours in the list share a criterion of a municipality."""
    with app.app_context():
        places = db.session.scalars(select(Municipality.ags).order_by(Municipality.ags)).all()
        found, hashed = [], hash_password(PASSWORD)
        for number in range(people):
            ags, key = places[number // 2 % len(places)], CRITERIA[number // 2 // len(places) % len(CRITERIA)]
            email = f"person-{number}@example.org"
            role = Role(name=EDITOR, municipality_ags=ags)
            unique = uuid.uuid4().hex
            user = User(email=email, password=hashed, function=f"Person {number}", fs_uniquifier=unique, roles=[role])
            db.session.add(user)
            found.append((email, ags, key))
        db.session.commit()
        return found


def _lost(app: Flask, crowd: list[Person]) -> int:
    """Acknowledged changes that are not in the database: every change raises a version by one."""
    acknowledged: Counter[tuple[str, str]] = Counter()
    for person in crowd:
        acknowledged += person.work.acknowledged
    with app.app_context():
        statement = select(Assessment.municipality_ags, CriterionAnswer.criterion, CriterionAnswer.version)
        rows = db.session.execute(statement.join(CriterionAnswer.assessment)).all()
        db.engine.dispose()
    versions = {(ags, key): version for ags, key, version in rows}
    return sum(abs(number - versions.get(place, 0)) for place, number in acknowledged.items())


def _report(engine: str, crowd: list[Person], seconds: float, lost: int) -> tuple[bool, str]:
    """What is wanted, what was measured, and the first failures."""
    durations = [took for person in crowd for took in person.work.durations]
    failures = [failure for person in crowd for failure in person.work.failures]
    conflicts = sum(person.work.conflicts for person in crowd)
    median, slow = np.quantile(durations or [float("nan")], [0.5, 0.99])
    fine = not failures and not lost and slow < WANTED
    examples = "".join(f"\n* {failure}" for failure in failures[:5])
    return fine, (
        f"# {len(crowd)} people saving at once: {engine}\n\n{seconds:g} seconds, Python {platform.python_version()}, "
        f"two server processes. Wanted: nothing lost, no failure, p99 under {1000 * WANTED:.0f} ms: "
        f"{'yes' if fine else 'no'}.\n\n| saves | conflicts noticed | lost | failures | median ms | p99 ms |\n"
        f"|---|---|---|---|---|---|\n| {len(durations)} | {conflicts} | {lost} | {len(failures)} "
        f"| {1000 * median:.0f} | {1000 * slow:.0f} |\n{examples}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.saving", description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--engine", default="sqlite,postgresql")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""Newcomers by the dozen: each connection opens the form, sends it and reads the thanks, over and over.

Runs in a process of its own (``python -m bench.load PORT PATH CONNECTIONS SECONDS``) and prints JSON: the duration of
each submission and of each GET and POST of a form in seconds. Loopback only.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(rb"(\.?[\w-]{80,}\.[\w-]{27})")
"""The form's token; in the compressed page it stands in a block of its own as it is (app/feedback/prepared.py)."""
ITEMS = {f"N{n:02}": str(n % 5 + 1) for n in range(1, 16)}
PROFILE = {"D1": "1_to_2_years", "D2": "germany", "D3": "job", "D4": "25_to_39"}
TEXTS = {"O1": "Die Nachbarn haben uns sehr geholfen.", "O2": "Einen Platz in der Kita."}
ANSWERS = urlencode({**ITEMS, **PROFILE, **TEXTS})
BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip, br", "Accept-Language": "de"}
FORM = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}


class NotAsExpected(RuntimeError):
    """The server answered something that no newcomer should see."""


@dataclass
class Durations:
    """What one connection measured, in seconds, and the tokens of the forms it sent and of those acknowledged."""

    submission: list[float] = field(default_factory=list)
    get: list[float] = field(default_factory=list)
    post: list[float] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)


def submit(connection: http.client.HTTPConnection, path: str, durations: Durations) -> None:
    """One submission: form, answers, thanks."""
    start = time.perf_counter()
    page = ask(connection, "GET", path, 200)[0]
    opened = time.perf_counter()
    found = TOKEN.search(page)
    token = found[1].decode() if found else ""
    body = f"{ANSWERS}&token={token}" if found else ANSWERS
    durations.begun.append(token)
    sending = time.perf_counter()
    location = ask(connection, "POST", path, 303, body)[1]
    sent = time.perf_counter()
    durations.acknowledged.append(token)
    ask(connection, "GET", location, 200)
    durations.submission.append(time.perf_counter() - start)
    durations.get.append(opened - start)
    durations.post.append(sent - sending)


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, status: int, body: str | None = None
) -> tuple[bytes, str]:
    """Body and Location of the answer, still compressed: unpacking is the reader's work and not the server's."""
    connection.request(method, path, body, FORM if body else BROWSER)
    response = connection.getresponse()
    content = response.read()
    if response.status != status:
        raise NotAsExpected(f"{method} {path}: {response.status} instead of {status}: {content[:300]!r}")
    return content, response.getheader("Location") or ""


def keep_submitting(port: int, path: str, until: float, durations: Durations, failures: list[str]) -> None:
    """Submit over one connection until the time is up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        while time.perf_counter() < until:
            submit(connection, path, durations)
    except (NotAsExpected, OSError, http.client.HTTPException) as error:
        failures.append(f"{type(error).__name__}: {error}")
    finally:
        connection.close()


def measure(port: int, path: str, connections: int, seconds: float) -> dict[str, object]:
    """Every duration that all connections measured, the time it took, and what went wrong."""
    start = time.perf_counter()
    each = [Durations() for _ in range(connections)]
    failures: list[str] = []
    arguments = ((port, path, start + seconds, durations, failures) for durations in each)
    threads = [threading.Thread(target=keep_submitting, args=argument) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    kinds = {kind: [t for one in each for t in getattr(one, kind)] for kind in ("submission", "get", "post")}
    return {**kinds, "took": took, "failures": failures}


if __name__ == "__main__":
    port, path, connections, seconds = sys.argv[1:]
    print(json.dumps(measure(int(port), path, int(connections), float(seconds))))

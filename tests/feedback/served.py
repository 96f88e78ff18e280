"""The service as a process of its own on a database file, to be watched, cut off and killed."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

ROOT = Path(__file__).parents[2]

TOKEN = re.compile(r'name="token" value="([^"]+)"')
PATIENCE = 120.0
HEAD = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "de"}


@dataclass
class Served:
    """A running service: its process, its port, its files."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        """Status and text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, body, {**(HEAD if body else {}), **headers})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def token(self, path: str, **headers: str) -> str:
        """The token of a newly opened form."""
        return TOKEN.search(self.ask("GET", path, **headers)[1])[1]

    def cut_off(self, path: str, body: str, after: int) -> None:
        """Send a form, and lose the connection after so many bytes of it."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {HEAD['Content-Type']}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall((head + body).encode()[:after])
            if after >= len(head + body):
                connection.recv(1)

    def kill(self) -> None:
        """End it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "willkommenskompass.sqlite3"

    @property
    def log(self) -> str:
        """Everything that the processes have written."""
        return (self.folder / "log").read_text("utf-8", "replace")


@contextlib.contextmanager
def served(folder: Path, command: list[str], **environment: str) -> Iterator[Served]:
    """Start the command with a data folder and a free port (``{port}``), and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = {"KOMPASS_DATA_DIR": str(folder), "KOMPASS_PORT": str(port), "KOMPASS_SECRET_KEY": "t" * 40}
    settings |= {"KOMPASS_FORM_MINIMUM_SECONDS": "0", **environment}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KOMPASS_")}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in command],
            cwd=ROOT,
            env=inherited | settings,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    service = Served(process, port, folder)
    try:
        _wait(service)
        yield service
    finally:
        service.kill()


def _wait(service: Served) -> None:
    deadline = time.monotonic() + PATIENCE
    while service.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            service.ask("GET", "/healthz")
            return
        time.sleep(0.1)
    pytest.fail(f"The service did not start:\n{service.log}")


GRANIAN = [
    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws", "--host", "127.0.0.1"),
    *("--port", "{port}", "--workers", "1", "--blocking-threads", "4", "--log-level", "info", "app:create_app"),
]
"""As ``flask serve`` starts it, but more talkative."""


def with_open_round(template: Path, folder: Path) -> None:
    """A database in the folder in which a round is open."""
    import datetime as dt

    from app.rounds import lifecycle
    from questionnaires.loading import builtin

    path = folder / "willkommenskompass.sqlite3"
    shutil.copy(template, path)
    engine = sa.create_engine(f"sqlite:///{path}")
    catalogue, today = builtin(), lifecycle.today()
    values = {
        "key": "t",
        "title": "Runde",
        "opens": (today - dt.timedelta(days=5)).isoformat(),
        "closes": (today + dt.timedelta(days=5)).isoformat(),
        "json": catalogue.to_json(),
        "sha": catalogue.sha256,
    }
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO round (id, key, title, state, opens, closes, demonstration, catalogue_json, "
                "catalogue_sha256, created_at, opened_at) VALUES (1, :key, :title, 'open', :opens, :closes, 0, :json, "
                ":sha, '2026-01-01', '2026-01-01')"
            ),
            values,
        )
        connection.exec_driver_sql(
            "INSERT INTO participation (round_id, municipality_ags, invited_at, codes) "
            "SELECT 1, ags, '2026-01-01', 1 FROM municipality"
        )
    engine.dispose()


def rows(database: Path, query: str) -> list[tuple]:
    """What stands in the database."""
    engine = sa.create_engine(f"sqlite:///{database}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def form(token: str, **answers: str) -> str:
    """The body of a form."""
    return urlencode({"token": token, **answers})

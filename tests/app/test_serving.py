"""``flask serve`` as a service manager sees it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser.conftest import free_port, wait_until_it_answers
from tests.feedback.served import ROOT

HEARING = ("env", "--default-signal=INT")
"""A shell has what it starts behind itself ignore SIGINT, and so would everything that its tests start."""
PATIENCE = 60.0
"""Seconds for processes to end on a busy machine."""


@pytest.fixture
def service(tmp_path: Path):
    """A service without demonstration data, with the port it listens on; nothing of it outlives the test."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOMPASS_")}
    environment |= {"KOMPASS_DATA_DIR": str(tmp_path / "data"), "KOMPASS_PORT": str(port), "KOMPASS_WORKERS": "1"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*HEARING, sys.executable, "-m", "flask", "--app", "app", "serve", "--no-demo"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_until_it_answers(process, port, tmp_path / "log")
    yield process, port
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_whoever_ends_the_service_ends_all_of_it(service, number):
    process, port = service
    process.send_signal(number)
    process.wait(timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(process.pid)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))


def alive(group: int) -> bool:
    """Whether anything of the service's process group is still there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_that_draws_nothing_loads_nothing_that_only_drawing_needs():
    heavy = {"matplotlib.figure", "zxcvbn", "snowballstemmer", "scipy.optimize", "scipy.stats"}
    asked = f"import app, sys; print(sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"

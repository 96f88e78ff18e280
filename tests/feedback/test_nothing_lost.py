"""Whatever happens to the connection or to the server: what was sent is stored exactly once, or can be sent again."""

from __future__ import annotations

import contextlib
import http.client
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings
from tests.conftest import disconnect, new_application
from tests.feedback.crashing import STEPS
from tests.feedback.served import GRANIAN, HEAD, Served, form, rows, served, with_open_round

PATH = "/f/arnsberg"
ANSWERS = {"N01": "5", "N02": "1", "O1": "Die Nachbarn", "O2": "Ein Kitaplatz"}
STORED_ONCE = [(1, 2)]
COUNTS = "SELECT (SELECT count(*) FROM response), (SELECT count(*) FROM comment)"


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path) -> Path:
    with_open_round(sqlite_template, tmp_path)
    return tmp_path


@pytest.fixture
def service(folder: Path) -> Iterator[Served]:
    with served(folder, GRANIAN) as running:
        yield running


@pytest.mark.parametrize("step", STEPS)
def test_a_server_killed_at_any_step_has_stored_all_or_nothing_and_sending_again_stores_it_once(
    folder: Path, step: str
):
    with served(folder, [sys.executable, "-m", "tests.feedback.crashing", step, "{port}"]) as dying:
        body = form(dying.token(PATH), **ANSWERS)
        with pytest.raises((OSError, http.client.HTTPException)):
            dying.ask("POST", PATH, body)
        assert dying.process.wait(60) == -9
    assert rows(folder / "willkommenskompass.sqlite3", COUNTS) == ([(1, 2)] if step == "after COMMIT" else [(0, 0)])
    assert send_again(folder, body) == 303
    assert rows(folder / "willkommenskompass.sqlite3", COUNTS) == STORED_ONCE


def send_again(folder: Path, body: str) -> int:
    """The answer of the service, started anew, to the very same form."""
    url = f"sqlite:///{folder / 'willkommenskompass.sqlite3'}"
    application = new_application(Settings(environment="test", data_dir=folder, database_url=url, secret_key="t" * 40))
    answer = application.test_client().post(PATH, data=body, content_type=HEAD["Content-Type"])
    disconnect(application)
    return answer.status_code


def test_an_acknowledged_response_is_there_after_the_server_was_killed(service: Served):
    for number in range(1, 6):
        assert service.ask("POST", PATH, form(service.token(PATH), **ANSWERS))[0] == 303
        assert rows(service.database, COUNTS) == [(number, 2 * number)]
    service.kill()
    assert rows(service.database, COUNTS) == [(5, 10)]


def test_a_connection_lost_while_sending_stores_it_once_in_the_end(service: Served):
    body = form(service.token(PATH), **ANSWERS)
    for after in (10, 120, 200, 260, 100_000):
        with contextlib.suppress(OSError):
            service.cut_off(PATH, body, after)
    assert service.ask("POST", PATH, body)[0] == 303
    assert rows(service.database, COUNTS) == STORED_ONCE

"""What a request costs before it does anything, and how those who write wait for one another."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.permissions import PUBLIC
from app.database import begin_writing, db
from app.web.permission import requires
from app.writer import WriteQueue
from tests.conftest import WATCH


class Record:
    """What the queue knows of a connection."""

    def __init__(self) -> None:
        self.info: dict[str, object] = {}


def test_no_request_starts_a_thread_when_it_ends(app: Flask):
    assert not [close for close in app.teardown_appcontext_funcs if inspect.iscoroutinefunction(close)]


@pytest.mark.parametrize("path", ["/", "/f/", "/ergebnisse", "/methode"])
def test_public_pages_look_for_no_user(app: Flask, client, monkeypatch: pytest.MonkeyPatch, path: str):
    def looked(*_args: object) -> None:
        raise AssertionError("a public page asked who is there")

    monkeypatch.setattr(app.login_manager, "_load_user", looked)
    assert client.get(path, headers={"Authentication-Token": "x"}).status_code < 400


def test_pages_behind_the_login_still_do(app: Flask, client):
    assert client.get("/kommune/").status_code == 302
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) is not None


def test_who_comes_later_writes_later(tmp_path: Path):
    queue, order = WriteQueue(str(tmp_path / "queue")), []
    first, second = Record(), Record()
    queue.enter(first)

    def wait() -> None:
        queue.enter(second)
        order.append("second")
        queue.leave(None, second)

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join(0.2)
    order.append("first")
    queue.leave(None, first)
    thread.join()
    assert order == ["first", "second"]
    queue.forget(None, first)
    queue.forget(None, second)
    assert first.info == second.info == {}


def test_whoever_writes_on_two_connections_does_not_wait_for_themselves(tmp_path: Path):
    queue = WriteQueue(str(tmp_path / "queue"))
    first, second = Record(), Record()
    queue.enter(first)
    queue.enter(second)
    queue.leave(None, second)
    queue.leave(None, first)
    assert "first in the queue" not in second.info


def test_a_process_that_dies_holds_nobody_up(tmp_path: Path):
    path = tmp_path / "queue"
    code = (
        "import sys, time\nfrom app.writer import WriteQueue\nfrom tests.app.test_database import Record\n"
        "WriteQueue(sys.argv[1]).enter(Record())\nprint('in', flush=True)\ntime.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        os.kill(other.pid, signal.SIGKILL)
    mine = Record()
    WriteQueue(str(path)).enter(mine)
    assert mine.info["first in the queue"]


@pytest.mark.parametrize(("begin", "noted"), [(begin_writing, 0), (lambda: None, 1)])
def test_a_page_that_stores_without_having_begun_to_write_is_noticed(own_app: Flask, begin, noted: int):
    """By every test that asks for one: SQLite might refuse it beside others who write."""

    @requires(PUBLIC)
    def page() -> str:
        begin()
        db.session.execute(sa.update(User).values(active=True))
        return "<title>Seite</title>"

    own_app.add_url_rule("/seite", view_func=page)
    FlaskClient(own_app).get("/seite")
    found = list(own_app.extensions[WATCH])
    own_app.extensions[WATCH].clear()
    assert len(found) == noted

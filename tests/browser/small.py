"""A small service in this process, without demonstration data: up in a second, for many pages and few starts."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from flask import Flask
from werkzeug.serving import make_server

from app import create_app
from app.database import db
from app.migrations import alembic_config
from app.region.loading import load
from app.rounds import lifecycle
from config import Settings
from questionnaires.loading import builtin

NOT_INVITED = "05958004"
"""Arnsberg: the one municipality that does not take part in the open round."""


@contextmanager
def small_service(folder: Path, prepare: Callable[[Flask], None] = lambda _app: None) -> Iterator[str]:
    """The address of a service with one open round; ``prepare`` may put more into it, within its context."""
    data = {"data_dir": folder, "second_factor": "offered"}
    settings = Settings(environment="test", secret_key="t" * 40, form_minimum_seconds=0, **data)
    with ThreadPoolExecutor(1) as other:  # Playwright has an event loop in this thread, which Flask does not bear.
        app = other.submit(_prepared, settings, prepare).result()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def _prepared(settings: Settings, prepare: Callable[[Flask], None]) -> Flask:
    app = create_app(settings)
    command.upgrade(alembic_config(settings.database), "head")
    day = lifecycle.today()
    with app.app_context():
        load(db.session)
        db.session.commit()
        round_ = lifecycle.create_round("2026", "Runde", day - dt.timedelta(days=1), day + dt.timedelta(days=30))
        round_.participations = [p for p in round_.participations if p.municipality_ags != NOT_INVITED]
        for place in round_.participations:
            place.codes = place.paper = True
        lifecycle.open_round(round_, builtin())
        db.session.commit()
        prepare(app)
    return app

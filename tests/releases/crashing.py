"""A worker that is killed at one step of publishing a release."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.database import db
from app.releases import documents, open_data, work
from app.releases.models import ReleaseRecord
from config import Settings

STEPS = (
    "in the middle of a document",
    "after the hundredth document",
    "in the middle of the open data",
    "before the release is shown",
    "after the release is shown",
)


def short(document: documents.Document, _release: object, _site: str) -> bytes:
    """Documents that say only who they are for: drawing two hundred real ones takes a minute."""
    return f"%PDF {document.filename}\n".encode() * 100


def shorten() -> dict[str, Callable[..., bytes]]:
    """The same for the open data."""
    return dict.fromkeys(open_data.FILES, lambda publication: publication.sha256.encode())


def die(*_: object) -> None:
    """Be killed, as by a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def nth(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but for the call with that number, at which the process dies."""
    calls = 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        return die() if calls == number else function(*arguments, **named)

    return counted


def die_at(app: Flask, step: str) -> None:
    """Be killed there."""
    documents.Document.render = short
    open_data.FILES = shorten()
    if step == "in the middle of a document":
        Path.replace = nth(7, Path.replace)  # The file is written beside its place, and takes it as the last step.
    elif step == "after the hundredth document":
        documents.Document.render = nth(101, short)
    elif step == "in the middle of the open data":
        open_data.FILES["daten.xlsx"] = die
    else:
        stop_the_transaction(app, step)


def stop_the_transaction(app: Flask, step: str) -> None:
    """Before or after the commit that shows the release."""
    with app.app_context():
        engine = db.engine
    shown = False

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal shown
        if step.startswith("after") and shown:
            die()
        shown = shown or statement.startswith("UPDATE release SET")

    sa.event.listen(engine, "before_cursor_execute", note)
    if step.startswith("before"):
        sa.event.listen(engine, "commit", lambda _connection: die() if shown else None)


def publish(settings: Settings, step: str, sha256: str) -> None:
    """Begin to publish a release, and be killed at that step."""
    application = create_app(settings)
    die_at(application, step)
    with application.app_context():
        work.start_publication(db.session.get_one(ReleaseRecord, sha256))

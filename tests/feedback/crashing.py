"""A server that is killed at one step of taking a form: ``python -m tests.feedback.crashing STEP PORT``."""

from __future__ import annotations

import os
import signal
import sys

import sqlalchemy as sa
from flask import Flask, has_request_context, request
from werkzeug.serving import make_server

from app import create_app
from app.database import db

STEPS = (
    "before BEGIN IMMEDIATE",
    "before INSERT INTO response",
    "after INSERT INTO response",
    "before INSERT INTO comment",
    "after INSERT INTO comment",
    "before COMMIT",
    "after COMMIT",
)
"""Every step of the transaction, and the moment between it and the answer."""


def die_at(app: Flask, step: str) -> None:
    """Be killed there, as soon as a form comes in."""
    when, _space, what = step.partition(" ")

    def die() -> None:
        if has_request_context() and request.method == "POST":
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        engine = db.engine
    if what != "COMMIT":
        note = lambda _c, _cursor, statement, *_rest: die() if statement.startswith(what) else None  # noqa: E731
        sa.event.listen(engine, f"{when}_cursor_execute", note)
    elif when == "before":
        sa.event.listen(engine, "commit", lambda _connection: die())
    else:
        app.after_request(lambda response: die() or response)


if __name__ == "__main__":
    application = create_app()
    die_at(application, sys.argv[1])
    make_server("127.0.0.1", int(sys.argv[2]), application, threaded=True).serve_forever()

"""A server that is killed at one step of taking a form: ``python -m tests.feedback.crashing STEP PORT``."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from flask import Flask, has_request_context, request
from werkzeug.serving import make_server

from app import create_app, writer
from app.feedback.driver import Compiled

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

    if what == "BEGIN IMMEDIATE":
        writer.begin = lambda _driver: die()
    elif what != "COMMIT":
        run = Compiled.run

        def watched(statement: Compiled, *values: Any) -> int:
            here = statement.sql.startswith(what)
            if here and when == "before":
                die()
            found = run(statement, *values)
            if here and when == "after":
                die()
            return found

        Compiled.run = watched  # type: ignore[method-assign]
    elif when == "before":
        writer.commit = lambda _driver: die()
    else:
        app.after_request(lambda response: die() or response)


if __name__ == "__main__":
    application = create_app()
    die_at(application, sys.argv[1])
    make_server("127.0.0.1", int(sys.argv[2]), application, threaded=True).serve_forever()

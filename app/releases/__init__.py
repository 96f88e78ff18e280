"""Loading a round, scoring it, freezing and publishing the result."""

from __future__ import annotations

from flask import Flask

from app.releases import cli, queue


def init_app(app: Flask) -> None:
    """Give the application its queue and the commands of this slice; it has no pages of its own."""
    queue.init_app(app)
    app.cli.add_command(cli.group)
    app.cli.add_command(cli.worker)

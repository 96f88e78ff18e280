"""Survey rounds: frozen catalogue, window, participation."""

from __future__ import annotations

from flask import Flask

from app.rounds import cli


def init_app(app: Flask) -> None:
    """Register the commands of this slice; its pages are the agency's."""
    app.cli.add_command(cli.group)

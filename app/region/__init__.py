"""Districts, municipalities and peer groups."""

from __future__ import annotations

from flask import Flask

from app.region import cli


def init_app(app: Flask) -> None:
    """Register the commands of this slice; it has no pages of its own."""
    app.cli.add_command(cli.group)

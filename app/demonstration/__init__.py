"""Demonstration data: an installation that shows everything, and says on every page that it is invented."""

from __future__ import annotations

from flask import Flask

from app.demonstration import cli


def init_app(app: Flask) -> None:
    """Register ``flask demo``."""
    app.cli.add_command(cli.demo)

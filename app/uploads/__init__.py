"""Files that people hand us: told by their content, made harmless or refused, kept under their SHA-256."""

from __future__ import annotations

from flask import Flask

from app.uploads import cli


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(cli.group)

"""Data protection: what goes when, what is stored about one account, erasing one, and the records of processing."""

from __future__ import annotations

from flask import Flask

from app.privacy import cli, retention
from app.privacy.routes import blueprint
from app.releases.queue import DAILY
from app.uploads.sweeping import sweep


def init_app(app: Flask) -> None:
    """Register pages and commands, and let the worker purge and sweep once a day."""
    app.register_blueprint(blueprint)
    app.cli.add_command(cli.group)
    app.extensions.setdefault(DAILY, []).extend((retention.purge, sweep))

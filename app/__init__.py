"""The service as people meet it: Flask, one slice per subject."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select
from werkzeug.middleware.proxy_fix import ProxyFix

from app import database, health, migrations, serving
from app.rounds.models import Round
from config import Settings

SLICES = (
    "web",
    "region",
    "outbox",
    "audit",
    "uploads",
    "accounts",
    "sign_on",
    "logbook",
    "rounds",
    "feedback",
    "outreach",
    "assessment",
    "releases",
    "exports",
    "goals",
    "results",
    "commitment",
    "practices",
    "round_tables",
    "projects",
    "joining",
    "agency",
    "privacy",
    "demonstration",
)


class Service(Flask):
    """Flask without asynchronous views: nobody needs to ask at every step of every request whether one is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; settings come from the environment unless they are given."""
    app = Service(__name__, static_folder=None)
    settings = settings or Settings.from_environment()
    _configure(app, settings)
    database.init_app(app)
    for name in SLICES:
        import_module(f"app.{name}").init_app(app)
    health.init_app(app)
    app.cli.add_command(migrations.group)
    app.cli.add_command(serving.serve)
    app.config["DEMO"] = app.config["DEMO"] or holds_demonstration(app)
    if hops := settings.trusted_proxies:
        # Before everything else: what stands before the application counts readers too.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def holds_demonstration(app: Flask) -> bool:
    """Whether the database has invented data in it; once it has, every page says so."""
    with app.app_context():
        if not inspect(database.db.engine).has_table(Round.__tablename__):
            return False
        found = database.db.session.scalar(select(Round.id).where(Round.demonstration).limit(1))
        database.db.session.rollback()
        return found is not None


def _configure(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(settings.flask())
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.json.sort_keys = True  # type: ignore[attr-defined]

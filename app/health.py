"""``/healthz``: whether the service can do its work, for whoever watches over it."""

from __future__ import annotations

from functools import cache

from alembic.script import ScriptDirectory
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import db
from app.migrations import alembic_config
from app.web.permission import requires

SCHEMA_IN_DATABASE = text("SELECT version_num FROM alembic_version")


@requires("public")
def health() -> ResponseReturnValue:
    """200 if the database answers and has the tables this program needs, 503 with the reason if not."""
    problem = _problem()
    return (jsonify(status="ok"), 200) if problem is None else (jsonify(status="failing", reason=problem), 503)


def _problem() -> str | None:
    """One word for what is wrong; never the text of an error, which could name hosts and users."""
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError:
        return "database"
    try:
        with db.engine.connect() as connection:
            version = connection.scalar(SCHEMA_IN_DATABASE)
    except DBAPIError:
        return "schema"
    return None if version == _schema_of_program() else "schema"


@cache
def _schema_of_program() -> str | None:
    return ScriptDirectory.from_config(alembic_config("")).get_current_head()


def init_app(app: Flask) -> None:
    """Add the address."""
    app.add_url_rule("/healthz", "health", health)

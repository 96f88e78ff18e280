"""The closed round that the filled database holds, and its release."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from app.database import db
from app.releases.models import ReleaseRecord
from app.rounds.lifecycle import round_by_key
from app.rounds.models import Round
from tests.releases.databases import database_url, filled_postgresql, filled_sqlite

__all__ = ["database_url", "filled_postgresql", "filled_sqlite"]


@pytest.fixture
def round_(context: None) -> Round:
    """A closed round in which some municipalities have too few answers to show."""
    found = round_by_key("2026")
    assert found is not None
    return found


@pytest.fixture
def record(context: None) -> ReleaseRecord:
    """Its release, not yet published."""
    return db.session.scalars(sa.select(ReleaseRecord)).one()


@pytest.fixture
def runner(app: Flask, context: None) -> FlaskCliRunner:
    """Commands as typed at a terminal."""
    return app.test_cli_runner()

"""A closed round with responses, and somebody of the agency."""

from __future__ import annotations

import pytest
from flask import Flask

from app.exports import writing
from app.rounds.lifecycle import round_by_key
from tests.accounts.login import agency, coordinator
from tests.agency.conftest import desk
from tests.releases.databases import database_url, filled_postgresql, filled_sqlite

__all__ = ["agency", "coordinator", "database_url", "desk", "filled_postgresql", "filled_sqlite"]


@pytest.fixture
def written(app: Flask) -> writing.Manifest:
    """The manifest of the round's microdata, just written."""
    with app.app_context():
        round_ = round_by_key("2026")
        assert round_ is not None
        return writing.write(round_, lambda _done, _total: None)

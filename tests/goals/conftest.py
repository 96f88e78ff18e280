"""People of Meschede, and a published round behind them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.releases import building, publishing
from tests.accounts.login import MESCHEDE, Account, coordinator, log_in, neighbour
from tests.releases.filling import closed_round

__all__ = ["coordinator", "neighbour"]


@pytest.fixture
def released(app: Flask) -> None:
    """A published round in which everybody handed in and every level counts as it was stated."""
    with app.app_context():
        round_ = closed_round([30] * 3)
        round_.evidence_rule = False
        record = building.build(round_)
        publishing.publish(record)
        db.session.commit()


@pytest.fixture
def working(client: FlaskClient, released: None, coordinator: Account) -> FlaskClient:
    """The coordinator of Meschede, logged in."""
    assert coordinator.municipality == MESCHEDE
    log_in(client, coordinator.email)
    return client

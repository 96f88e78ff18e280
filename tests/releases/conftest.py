"""A closed round and its release, filled once for each engine and test that asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.releases import building
from app.releases.models import ReleaseRecord
from app.rounds.models import Round
from tests.releases.filling import closed_round


@pytest.fixture
def round_(context: None) -> Round:
    """A closed round in which some municipalities have too few answers to show."""
    return closed_round([3, 7, 12, 0, 40], handed_in=40)


@pytest.fixture
def record(round_: Round) -> ReleaseRecord:
    """Its release, not yet published."""
    return building.build(round_)


@pytest.fixture
def runner(app: Flask, context: None) -> Iterator[object]:
    """Commands as typed at a terminal."""
    return app.test_cli_runner()

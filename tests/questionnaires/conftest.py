"""A small catalogue to break, and the one that comes with the service."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin, load

SMALL = Path(__file__).parent / "small" / "2026"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the small catalogue's files, free to be spoilt."""
    return Path(shutil.copytree(SMALL, tmp_path / "small" / "2026"))


@pytest.fixture(scope="session")
def small() -> Catalogue:
    return load(SMALL)


@pytest.fixture(scope="session")
def welcome() -> Catalogue:
    return builtin()

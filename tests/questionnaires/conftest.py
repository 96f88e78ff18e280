"""A small catalogue to break, and the one that comes with the service."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin, load

SMALL = Path(__file__).parent / "small" / "2026"
POLISH = """\
language: pl
name: Polski
direction: ltr
covers: newcomers
checked_by_native_speaker: true
checked_by: Lektorat
checked_on: 2026-11-01
introduction: Dzień dobry.
rating_labels: [wcale nie, raczej nie, po części, raczej tak, w pełni tak]
opt_out: nie dotyczy mnie
items:
  N01: Powitano mnie.
  N03: Zostaję.
open_questions:
  O1:
    text: Czego brakuje?
profile_questions:
  D1:
    text: Skąd?
    options:
      near: z bliska
      far: z daleka
  D2:
    text: Co się zgadza?
    options:
      job: praca
      child: dziecko
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the small catalogue's files, free to be spoilt."""
    return Path(shutil.copytree(SMALL, tmp_path / "small" / "2026"))


@pytest.fixture
def translated(copied: Path) -> Path:
    """The same with a third language that covers what newcomers read, and not all of that."""
    catalogue = copied / "catalogue.yaml"
    catalogue.write_text(catalogue.read_text("utf-8").replace("[de, en]", "[de, en, pl]"), "utf-8")
    (copied / "pl.yaml").write_text(POLISH, "utf-8")
    return copied


@pytest.fixture(scope="session")
def small() -> Catalogue:
    return load(SMALL)


@pytest.fixture(scope="session")
def welcome() -> Catalogue:
    return builtin()

"""``flask questionnaire check``: what a catalogue holds, or every mistake in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from app.rounds.cli import group

SHIPPED = Path(__file__).parents[2] / "questionnaires" / "welcome" / "2026"


@pytest.fixture
def check():
    """Runs the command; it needs no database."""
    return lambda *arguments: Flask("check").test_cli_runner().invoke(group, ["check", *map(str, arguments)])


def test_the_shipped_catalogue_is_sound_and_called_a_draft(check):
    result = check(SHIPPED)
    assert result.exit_code == 0
    assert "Entwurf" in result.output
    assert "43 Kriterien" in result.output


def test_a_mistake_is_named_with_its_file_and_the_command_fails(check, tmp_path):
    folder = tmp_path / "catalogue"
    shutil.copytree(SHIPPED, folder)
    path = folder / "catalogue.yaml"
    path.write_text(path.read_text("utf-8").replace("criterion: B2.1\n", "criterion: B9.9\n", 1), "utf-8")
    result = check(folder)
    assert result.exit_code == 1
    assert "catalogue.yaml" in result.output


def test_a_folder_that_is_not_there_is_named(check):
    result = check("gibt-es-nicht")
    assert result.exit_code == 2
    assert "gibt-es-nicht" in result.output

"""The themes by which free texts are coded: data, in the order in which they are offered."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def themes() -> dict[str, dict[str, str]]:
    """Code of each theme -> its name by language."""
    return tomllib.loads((Path(__file__).parent / "themes.toml").read_text("utf-8"))

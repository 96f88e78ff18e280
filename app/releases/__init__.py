"""Loading a round, scoring it, freezing and publishing the result."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this slice."""

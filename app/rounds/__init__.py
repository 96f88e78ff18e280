"""Survey rounds: frozen catalogue, window, participation."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this slice."""

"""The municipality's workspace: its self-assessment."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this slice."""

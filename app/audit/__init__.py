"""The audit log: who did what and when, before and after; append-only, and every entry vouches for the one before it.

Other slices need three names: ``record`` for what happened, ``Subject`` for what it happened to, ``describe`` for the
words in which people read it.
"""

from __future__ import annotations

from flask import Flask

from app.audit import cli
from app.audit.recording import Subject, record
from app.audit.vocabulary import describe

__all__ = ["Subject", "describe", "init_app", "record"]


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(cli.group)

"""The demonstration, filled once and copied for each test."""

from tests.demonstration.conftest import database_url, demo_postgresql, demo_sqlite

__all__ = ["database_url", "demo_postgresql", "demo_sqlite"]

"""Projects before this service, as published."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlalchemy import select

from app.database import db
from app.projects.models import Project

DOCUMENTED = Path(__file__).with_name("documented.toml")


def load() -> int:
    """Add every documented project that is not there yet; how many. Does not commit."""
    entries = tomllib.loads(DOCUMENTED.read_text("utf-8"))["project"]
    there = set(db.session.scalars(select(Project.source_key)))
    new = [entry for entry in entries if entry["key"] not in there]
    db.session.add_all(Project(source_key=entry.pop("key"), **entry) for entry in new)
    db.session.flush()
    return len(new)

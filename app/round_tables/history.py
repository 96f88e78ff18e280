"""The round tables before this service, as published; each with its source."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.database import db
from app.region.models import Municipality
from app.round_tables.models import RoundTable

HISTORY = Path(__file__).with_name("history.toml")


def load() -> int:
    """Add every documented round table that is not there yet; how many. Does not commit."""
    entries = tomllib.loads(HISTORY.read_text("utf-8"))["table"]
    there = set(db.session.scalars(select(RoundTable.source_key)))
    places = {place.name: place.ags for place in db.session.scalars(select(Municipality))}
    new = [_table(entry, places) for entry in entries if entry["key"] not in there]
    db.session.add_all(new)
    db.session.flush()
    return len(new)


def _table(entry: dict[str, Any], places: dict[str, str]) -> RoundTable:
    return RoundTable(
        source_key=entry["key"],
        number=entry.get("number"),
        held_on=entry.get("day"),
        shown=entry.get("shown", ""),
        place=entry.get("place", ""),
        host_ags=places.get(entry.get("host", "")),
        about=entry.get("about", ""),
        people=entry.get("people"),
        places=entry.get("places"),
        counted=entry.get("counted", ""),
        source=entry["source"],
    )

"""The round tables before this service, as published; each with its source."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.database import db
from app.region.models import Municipality
from app.round_tables.models import RoundTable
from app.web.language import ENGLISH, current_language

HISTORY = Path(__file__).with_name("history.toml")


def said(table: RoundTable, what: str) -> str:
    """What is ``shown`` of the day or how guests were ``counted``; of a documented one in the reader's language."""
    text: str = getattr(table, what)
    entry = _documented().get(table.source_key or "", {})
    in_english = current_language() == ENGLISH and entry.get(what) == text
    return entry[f"{what}_en"] if text and in_english else text


@cache
def _documented() -> dict[str, dict[str, Any]]:
    return {entry["key"]: entry for entry in tomllib.loads(HISTORY.read_text("utf-8"))["table"]}


def load() -> int:
    """Add every documented round table that is not there yet; how many. Does not commit."""
    there = set(db.session.scalars(select(RoundTable.source_key)))
    places = {place.name: place.ags for place in db.session.scalars(select(Municipality))}
    new = [_table(entry, places) for key, entry in _documented().items() if key not in there]
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

"""Practices that are documented publicly, in our own words with their sources: the first entries of the exchange."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.database import db, now
from app.practices.models import ALL, PUBLISHED, Link, Practice, Touched, Version
from app.practices.writing import keep_findable
from app.region.models import Municipality

COLLECTED = Path(__file__).with_name("collected.toml")
TEXTS = ("title", "done", "effect", "measured", "why")


class PlaceUnknown(ValueError):
    """A municipality named in the collection is not in this region."""


def load(path: Path = COLLECTED) -> int:
    """Add every practice that is not there yet, shown to all; how many. Does not commit."""
    entries = tomllib.loads(path.read_text("utf-8"))["practice"]
    there = set(db.session.scalars(select(Practice.source_key).where(Practice.source_key.is_not(None))))
    places = {place.name: place for place in db.session.scalars(select(Municipality))}
    new = [_practice(entry, places) for entry in entries if entry["key"] not in there]
    db.session.add_all(new)
    db.session.flush()
    for practice in new:
        keep_findable(practice)
    return len(new)


def _practice(entry: dict[str, Any], places: dict[str, Municipality]) -> Practice:
    name = entry.get("municipality")
    if name and name not in places:
        raise PlaceUnknown(f"»{name}« (bei »{entry['key']}«) ist keine Kommune dieser Region.")
    practice = Practice(
        source_key=entry["key"],
        municipality=places[name] if name else None,
        place=entry.get("place", ""),
        visibility=ALL,
    )
    version = Version(number=1, state=PUBLISHED, published_at=now(), outcome=entry["outcome"])
    for text in TEXTS:
        setattr(version, text, entry.get(text, "").strip())
    version.target_groups = " ".join(entry["groups"])
    version.criteria = [Touched(criterion=key) for key in entry["criteria"]]
    version.links = [
        Link(position=position, title=title, address=address)
        for position, (title, address) in enumerate(entry["sources"])
    ]
    practice.versions = [version]
    return practice

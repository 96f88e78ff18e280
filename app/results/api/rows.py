"""The rows of a release as the API gives them: ready lines of JSON, made with the publication and only picked here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.releases import wanted
from app.releases.models import ReleaseRecord
from app.releases.open_data import MUNICIPALITY_LINES, REGION_LINES
from reports.tables.json_lines import FILTERS
from scoring.release import Municipality, Release


@dataclass(frozen=True)
class Lines:
    """Rows as JSON; beside each what it can be asked for by."""

    keys: tuple[tuple[str | None, ...], ...]
    rows: tuple[bytes, ...]

    def found(self, filters: Mapping[str, str]) -> tuple[bytes, ...]:
        """The rows that have the value of every filter."""
        asked = [(FILTERS.index(name), value) for name, value in filters.items()]
        if not asked:
            return self.rows
        return tuple(
            row for key, row in zip(self.keys, self.rows, strict=True) if all(key[n] == value for n, value in asked)
        )


def rows_of_region(record: ReleaseRecord, filters: Mapping[str, str]) -> tuple[bytes, ...]:
    """The region's rows that have those values; ``BeingPrepared`` if the worker has to make them first."""
    return _read(_Source(record, REGION_LINES)).found(filters)


def rows_of_municipalities(record: ReleaseRecord, filters: Mapping[str, str]) -> tuple[bytes, ...]:
    """The same of all municipalities that are shown by name."""
    return _read(_Source(record, MUNICIPALITY_LINES)).found(filters)


def municipality(release: Release, place: Municipality) -> dict[str, Any]:
    """What is publicly known of a municipality; ``published`` says whether its results are shown by name."""
    return {
        "ags": place.ags,
        "name": place.name,
        "kind": place.kind,
        "legal_status": place.legal_status,
        "district": place.district,
        "population": place.population,
        "peer_group": place.peer_group,
        "participates": place.participates,
        "published": place.ags in release.public,
    }


class _Source:
    """A file of a release as a cache sees it: the same if both have the same name."""

    def __init__(self, record: ReleaseRecord, name: str) -> None:
        self.record, self.name = record, (record.sha256, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=8)
def _read(source: _Source) -> Lines:
    lines = [line.split(b"\t", 1) for line in wanted.data(source.record, source.name[1]).splitlines()]
    return Lines(tuple(tuple(json.loads(key)) for key, _row in lines), tuple(row for _key, row in lines))

"""The rows of a release as the API gives them: every column of the codebook, in its own type, empty as null."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from reports.tables.codebook import Table, columns
from reports.tables.rows import Row, all_rows, region_rows
from scoring.release import Municipality, Release

JsonRow = dict[str, Any]


def rows_of_region(record: ReleaseRecord) -> tuple[JsonRow, ...]:
    """The region's rows."""
    return _region(_Named(record.sha256, release_of(record)))


def rows_of_municipalities(record: ReleaseRecord) -> tuple[JsonRow, ...]:
    """The rows of all municipalities that are shown by name."""
    return _municipalities(_Named(record.sha256, release_of(record)))


def municipality(release: Release, place: Municipality) -> JsonRow:
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


class _Named:
    """A release as a cache sees it: the same if it has the same name."""

    def __init__(self, sha256: str, release: Release) -> None:
        self.sha256, self.release = sha256, release

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


@lru_cache(maxsize=4)
def _region(named: _Named) -> tuple[JsonRow, ...]:
    return _complete("region", region_rows(named.release))


@lru_cache(maxsize=4)
def _municipalities(named: _Named) -> tuple[JsonRow, ...]:
    return _complete("municipality", all_rows(named.release))


def _complete(table: Table, rows: Iterable[Row]) -> tuple[JsonRow, ...]:
    names = columns(table)
    return tuple({name: _rounded(row.get(name)) for name in names} for row in rows)


def _rounded(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value

"""Loading a region from a CSV file: everything is checked first, and one mistake loads nothing.

Loading the same file again changes nothing; a changed file updates what it names and removes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.region.addresses import addresses, slug
from app.region.grouping import peer_groups
from app.region.models import District, Municipality, PeerGroup
from app.region.reading import Complaint, RegionNotValid, Row, read

BUILTIN = Path(__file__).parent / "suedwestfalen.csv"


@dataclass(frozen=True)
class Loaded:
    """What loading did, in numbers."""

    districts: int
    municipalities: int
    added: int
    changed: int


def load(session: Session, path: Path = BUILTIN) -> Loaded:
    """Read the file, check it, and add or update districts, peer groups and municipalities in the session.

    ``RegionNotValid`` lists every mistake, ``OSError`` if the file cannot be read; the session is untouched then.
    """
    rows = read(path)
    _check_district_names(session, path, rows)
    for ags, name in {row.district_ags: row.district for row in rows}.items():
        session.merge(District(ags=ags, name=name))
    groups = peer_groups((row.peer_group, row.population) for row in rows)
    for group in groups.values():
        session.merge(PeerGroup(id=group.id, name=group.name, note=group.note))
    session.flush()
    present = {municipality.ags: municipality for municipality in session.scalars(select(Municipality))}
    before = {ags: _state(municipality) for ags, municipality in present.items()}
    slugs = addresses({row.ags: row.name for row in rows}, {ags: found.slug for ags, found in present.items()})
    merged = [session.merge(_municipality(row, slugs[row.ags], groups[row.peer_group].id)) for row in rows]
    session.flush()
    changed = sum(m.ags in before and before[m.ags] != _state(m) for m in merged)
    return Loaded(
        len({row.district_ags for row in rows}), len(rows), len({m.ags for m in merged} - set(before)), changed
    )


def _check_district_names(session: Session, path: Path, rows: list[Row]) -> None:
    """A district of an earlier file may already have a name that this file gives to another."""
    named = {row.district_ags for row in rows}
    others = {
        district.name: district.ags for district in session.scalars(select(District)) if district.ags not in named
    }
    complaints = [
        Complaint(row.line, f"»{row.district}« heißt schon der geladene Kreis »{others[row.district]}«.")
        for row in rows
        if row.district in others
    ]
    if complaints:
        raise RegionNotValid(path, complaints)


def _municipality(row: Row, slug: str, peer_group: str) -> Municipality:
    return Municipality(
        ags=row.ags,
        slug=slug,
        name=row.name,
        kind=row.kind,
        legal_status=row.legal_status,
        district_ags=row.district_ags,
        population=row.population,
        area_km2=row.area_km2,
        latitude=row.latitude,
        longitude=row.longitude,
        peer_group_id=peer_group,
    )


def _state(municipality: Municipality) -> tuple[object, ...]:
    return tuple(getattr(municipality, column.key) for column in Municipality.__table__.columns)


__all__ = ["BUILTIN", "Loaded", "RegionNotValid", "load", "read", "slug"]

"""Loading a region from a CSV file: everything is checked first, and one mistake loads nothing.

Columns are ``COLUMNS``; the header row is required, the order of columns is free. Loading the same file again changes
nothing; a changed file updates what it names and removes nothing.
"""

from __future__ import annotations

import csv
import re
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.region.models import District, Municipality, PeerGroup

COLUMNS = (
    "ags",
    "name",
    "kind",
    "legal_status",
    "district_ags",
    "district",
    "population",
    "area_km2",
    "latitude",
    "longitude",
    "peer_group",
)
BUILTIN = Path(__file__).parent / "suedwestfalen.csv"
SMALLEST_PEER_GROUP = 8
"""Smaller groups are merged with their neighbour by population (docs/method.md, Vergleichsgruppen)."""


Record = dict[str | None, str | None]
"""A line of the file as the csv module reads it; ``None`` as key or value marks too many or too few fields."""


@dataclass(frozen=True)
class Complaint:
    """One mistake in the file: where it is and how to mend it."""

    line: int
    message: str


class RegionNotValid(ValueError):
    """The file cannot be loaded; ``complaints`` lists every mistake with its line."""

    def __init__(self, path: Path, complaints: list[Complaint]) -> None:
        self.complaints = complaints
        lines = [f"{path.name}, Zeile {c.line}: {c.message}" for c in complaints]
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Row:
    """One municipality as the file has it, checked."""

    ags: str
    name: str
    kind: str
    legal_status: str
    district_ags: str
    district: str
    population: int
    area_km2: float
    latitude: float
    longitude: float
    peer_group: str


@dataclass(frozen=True)
class Loaded:
    """What loading did, in numbers."""

    districts: int
    municipalities: int
    added: int
    changed: int


def read(path: Path) -> list[Row]:
    """The rows of a region file; ``RegionNotValid`` with all mistakes if there is any, ``OSError`` if unreadable."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RegionNotValid(path, [Complaint(line, "Die Datei ist nicht in UTF-8. Speichern Sie sie so.")]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise RegionNotValid(path, [Complaint(line, "Hier steht ein NUL-Zeichen. Löschen Sie es.")])
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise RegionNotValid(path, [Complaint(1, f"Es fehlen die Spalten: {', '.join(missing)}.")])
    complaints: list[Complaint] = []
    numbered = [(reader.line_num, record) for record in reader]
    rows = [row for line, record in numbered if (row := _parse(record, line, complaints))]
    complaints.extend(_contradictions(numbered))
    if not rows and not complaints:
        complaints.append(Complaint(2, "Die Datei hat keine Zeilen mit Kommunen."))
    if complaints:
        raise RegionNotValid(path, sorted(complaints, key=lambda c: c.line))
    return rows


def load(session: Session, path: Path = BUILTIN) -> Loaded:
    """Read the file, check it, and add or update districts, peer groups and municipalities in the session."""
    rows = read(path)
    for ags, name in {row.district_ags: row.district for row in rows}.items():
        session.merge(District(ags=ags, name=name))
    groups = _peer_groups(rows)
    for group in groups.values():
        session.merge(PeerGroup(id=group.id, name=group.name, note=group.note))
    session.flush()
    added = changed = 0
    slugs = _slugs(rows)
    for row in rows:
        found = session.get(Municipality, row.ags)
        before = found and _state(found)
        merged = session.merge(_municipality(row, slugs[row.ags], groups[row.peer_group].id))
        added += found is None
        changed += found is not None and before != _state(merged)
    session.flush()
    return Loaded(len({row.district_ags for row in rows}), len(rows), added, changed)


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


def _parse(record: Record, line: int, complaints: list[Complaint]) -> Row | None:
    values = {column: (record.get(column) or "").strip() for column in COLUMNS}
    found = [Complaint(line, message) for message in _mistakes(record, values)]
    complaints.extend(found)
    if found:
        return None
    return Row(
        **{c: values[c] for c in ("ags", "name", "kind", "legal_status", "district_ags", "district", "peer_group")},
        population=int(values["population"]),
        **{c: float(values[c]) for c in ("area_km2", "latitude", "longitude")},
    )


def _mistakes(record: Record, values: dict[str, str]) -> Iterator[str]:
    if None in record or None in record.values():
        yield "Die Zeile hat mehr oder weniger Felder als die Kopfzeile. Texte mit Komma brauchen Anführungszeichen."
    for column in ("name", "legal_status", "district", "peer_group"):
        if not values[column]:
            yield f"{column} ist leer. Tragen Sie einen Text ein."
    yield from _key_mistakes(values)
    if values["kind"] not in ("Stadt", "Gemeinde"):
        yield f"kind ist »{values['kind']}«. Erlaubt sind Stadt und Gemeinde."
    if not re.fullmatch(r"[1-9][0-9]{0,8}", values["population"], re.ASCII):
        yield f"population ist »{values['population']}«, keine ganze Zahl über 0. Schreiben Sie sie ohne Punkte."
    for column, low, high in (("area_km2", 0.01, 1e6), ("latitude", -90.0, 90.0), ("longitude", -180.0, 180.0)):
        if not _number_between(values[column], low, high):
            yield f"{column} ist »{values[column]}«, keine Zahl von {low:g} bis {high:g} mit Punkt als Dezimalzeichen."


def _key_mistakes(values: dict[str, str]) -> Iterator[str]:
    ags, district = values["ags"], values["district_ags"]
    if not re.fullmatch(r"[0-9]{8}", ags, re.ASCII):
        yield f"ags ist »{ags}«. Der Gemeindeschlüssel hat acht Ziffern, mit führender Null."
    if not re.fullmatch(r"[0-9]{5}", district, re.ASCII):
        yield f"district_ags ist »{district}«. Der Kreisschlüssel hat fünf Ziffern, mit führender Null."
    elif not ags.startswith(district):
        yield f"ags »{ags}« beginnt nicht mit dem Kreisschlüssel »{district}«. Einer der beiden ist falsch."


def _number_between(text: str, low: float, high: float) -> bool:
    try:
        return low <= float(text) <= high
    except ValueError:
        return False


def _contradictions(numbered: list[tuple[int, Record]]) -> Iterator[Complaint]:
    """Keys that occur twice, and districts that have two names."""
    first_line: dict[str, int] = {}
    district_name: dict[str, str] = {}
    for line, record in numbered:
        ags, district, name = (record.get(c) or "" for c in ("ags", "district_ags", "district"))
        if first_line.setdefault(ags, line) != line:
            yield Complaint(line, f"ags »{ags}« steht schon in Zeile {first_line[ags]}. Löschen Sie eine der beiden.")
        if district_name.setdefault(district, name) != name:
            yield Complaint(line, f"Kreis »{district}« heißt hier »{name}«, vorher »{district_name[district]}«.")


@dataclass(frozen=True)
class _Group:
    id: str
    name: str
    note: str | None


def _peer_groups(rows: list[Row]) -> dict[str, _Group]:
    """Every group name in the file with the group it becomes: small ones merge with their neighbour by population."""
    members: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        members[row.peer_group].append(row.population)
    classes = [[name] for name in sorted(members, key=lambda name: statistics.median(members[name]))]
    size = {name: len(populations) for name, populations in members.items()}
    while len(classes) > 1:
        sizes = [sum(size[name] for name in group) for group in classes]
        smallest = min(range(len(classes)), key=lambda i: sizes[i])
        if sizes[smallest] >= SMALLEST_PEER_GROUP:
            break
        neighbour = smallest - 1 if smallest else 1
        low, high = sorted((smallest, neighbour))
        classes[low : high + 1] = [classes[low] + classes[high]]
    return {name: _group(names) for names in classes for name in names}


def _group(names: list[str]) -> _Group:
    if len(names) == 1:
        return _Group(slug(names[0])[:40], names[0], None)
    joined = " und ".join(names)
    note = f"Zusammengelegt, weil eine Gruppe weniger als {SMALLEST_PEER_GROUP} Kommunen hatte: {joined}."
    return _Group(slug(joined)[:40], joined[:120], note[:400])


def _slugs(rows: list[Row]) -> dict[str, str]:
    """A readable address part for each key; where two names give the same, the key is added."""
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        names[slug(row.name)].append(row.ags)
    return {ags: name if len(keys) == 1 else f"{name}-{ags}" for name, keys in names.items() for ags in keys}


def slug(name: str) -> str:
    """A name as it stands in an address: ``Eslohe (Sauerland)`` becomes ``eslohe-sauerland``, ä becomes ae."""
    text = name.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(letter, letters)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-") or "ort"

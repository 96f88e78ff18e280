"""Reading a region from a CSV file: every mistake is listed with its line and how to mend it.

Columns are ``COLUMNS``; the header row is required, the order of columns is free, further columns are ignored.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
LONGEST = {"name": 120, "legal_status": 60, "district": 120, "peer_group": 120}
RANGES = {"area_km2": (0.01, 1e6), "latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0)}

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
        self.complaints = sorted(complaints, key=lambda complaint: complaint.line)
        super().__init__("\n".join(f"{path.name}, Zeile {c.line}: {c.message}" for c in self.complaints))


@dataclass(frozen=True)
class Row:
    """One municipality as the file has it, checked; ``line`` is where it stands."""

    line: int
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


def read(path: Path) -> list[Row]:
    """The rows of a region file; ``RegionNotValid`` with all mistakes if there is any, ``OSError`` if unreadable."""
    numbered = _records(path)
    complaints = [Complaint(line, message) for line, values in numbered for message in _mistakes(values)]
    complaints.extend(_contradictions([(line, values) for line, values in numbered if values]))
    if not numbered:
        complaints.append(Complaint(2, "Die Datei hat keine Zeilen mit Kommunen."))
    if complaints:
        raise RegionNotValid(path, complaints)
    return [_row(line, values) for line, values in numbered]


def _records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Line number and trimmed values of each record; an empty dictionary where the fields do not fit the header."""
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        complaints = list(_header_mistakes(reader.fieldnames or ()))
        records = [] if complaints else [(reader.line_num, _trimmed(record)) for record in reader]
    except csv.Error:
        complaints = [
            Complaint(max(reader.line_num, 1), "Ein Anführungszeichen wird nicht geschlossen. Prüfen Sie es.")
        ]
    if complaints:
        raise RegionNotValid(path, complaints)
    return records


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RegionNotValid(path, [Complaint(line, "Die Datei ist nicht in UTF-8. Speichern Sie sie so.")]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise RegionNotValid(path, [Complaint(line, "Hier steht ein NUL-Zeichen. Löschen Sie es.")])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _header_mistakes(names: Sequence[str]) -> Iterator[Complaint]:
    missing = [column for column in COLUMNS if column not in names]
    if len(names) == 1 and ";" in names[0]:
        yield Complaint(
            1, "Die Spalten sind mit Semikolon getrennt. Speichern Sie die Datei mit Komma als Trennzeichen."
        )
    elif missing:
        yield Complaint(1, f"Es fehlen die Spalten: {', '.join(missing)}.")
    for column in COLUMNS:
        if names.count(column) > 1:
            yield Complaint(1, f"Die Spalte {column} kommt mehrmals vor. Löschen Sie die überzähligen.")


def _trimmed(record: Record) -> dict[str, str]:
    if None in record or None in record.values():
        return {}
    return {column: (record[column] or "").strip() for column in COLUMNS}


def _row(line: int, values: dict[str, str]) -> Row:
    return Row(
        line=line,
        ags=values["ags"],
        name=values["name"],
        kind=values["kind"],
        legal_status=values["legal_status"],
        district_ags=values["district_ags"],
        district=values["district"],
        population=int(values["population"]),
        area_km2=float(values["area_km2"]),
        latitude=float(values["latitude"]),
        longitude=float(values["longitude"]),
        peer_group=values["peer_group"],
    )


def _mistakes(values: dict[str, str]) -> Iterator[str]:
    if not values:
        yield "Die Zeile hat mehr oder weniger Felder als die Kopfzeile. Texte mit Komma brauchen Anführungszeichen."
        return
    yield from _text_mistakes(values)
    yield from _key_mistakes(values)
    if values["kind"] not in ("Stadt", "Gemeinde"):
        yield f"kind ist »{values['kind']}«. Erlaubt sind Stadt und Gemeinde."
    if not re.fullmatch(r"[1-9][0-9]{0,8}", values["population"], re.ASCII):
        yield f"population ist »{values['population']}«, keine ganze Zahl über 0. Schreiben Sie sie ohne Punkte."
    for column, (low, high) in RANGES.items():
        if not _number_between(values[column], low, high):
            yield f"{column} ist »{values[column]}«, keine Zahl von {low:g} bis {high:g} mit Punkt als Dezimalzeichen."


def _text_mistakes(values: dict[str, str]) -> Iterator[str]:
    for column, longest in LONGEST.items():
        text = values[column]
        if not text:
            yield f"{column} ist leer. Tragen Sie einen Text ein."
        if len(text) > longest:
            yield f"{column} hat {len(text)} Zeichen. Kürzen Sie auf höchstens {longest}."
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
            yield f"{column} enthält einen Zeilenumbruch oder ein Steuerzeichen. Löschen Sie es."


def _key_mistakes(values: dict[str, str]) -> Iterator[str]:
    ags, district = values["ags"], values["district_ags"]
    if not re.fullmatch(r"[0-9]{8}", ags, re.ASCII):
        yield f"ags ist »{ags}«. Der Gemeindeschlüssel hat acht Ziffern, mit führender Null."
    if not re.fullmatch(r"[0-9]{5}", district, re.ASCII):
        yield f"district_ags ist »{district}«. Der Kreisschlüssel hat fünf Ziffern, mit führender Null."
    elif not ags.startswith(district):
        yield f"ags »{ags}« beginnt nicht mit dem Kreisschlüssel »{district}«. Einer der beiden ist falsch."


def _number_between(text: str, low: float, high: float) -> bool:
    return bool(re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", text, re.ASCII)) and low <= float(text) <= high


def _contradictions(numbered: list[tuple[int, dict[str, str]]]) -> Iterator[Complaint]:
    """Keys that occur twice, districts that have two names, names that stand for two districts."""
    first_line: dict[str, int] = {}
    name_of: dict[str, str] = {}
    key_of: dict[str, str] = {}
    for line, values in numbered:
        ags, district, name = values["ags"], values["district_ags"], values["district"]
        if ags and first_line.setdefault(ags, line) != line:
            yield Complaint(line, f"ags »{ags}« steht schon in Zeile {first_line[ags]}. Löschen Sie eine der beiden.")
        if name_of.setdefault(district, name) != name:
            yield Complaint(line, f"Kreis »{district}« heißt hier »{name}«, vorher »{name_of[district]}«.")
        elif key_of.setdefault(name, district) != district:
            yield Complaint(line, f"»{name}« heißt schon der Kreis »{key_of[name]}«. Namen von Kreisen sind eindeutig.")

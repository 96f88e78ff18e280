"""A region file is read completely or refused with every mistake, each with its line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from app.region.loading import BUILTIN
from app.region.reading import COLUMNS, RegionNotValid, read

GOOD = {
    "ags": "05958004",
    "name": "Arnsberg",
    "kind": "Stadt",
    "legal_status": "Große kreisangehörige Stadt",
    "district_ags": "05958",
    "district": "Hochsauerlandkreis",
    "population": "74861",
    "area_km2": "193.72",
    "latitude": "51.39",
    "longitude": "8.06",
    "peer_group": "Städte",
}
OTHER = {**GOOD, "ags": "05958008", "name": "Bestwig"}


@pytest.fixture
def file(tmp_path):
    """Writes rows (or bare bytes) to a file and gives its path."""

    def write(*rows: dict[str, str], content: bytes | None = None, columns: tuple[str, ...] = COLUMNS) -> Path:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / "region.csv"
        path.write_bytes(text.getvalue().encode() if content is None else content)
        return path

    return write


def complaints(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(RegionNotValid) as refusal:
        read(path)
    return [(complaint.line, complaint.message) for complaint in refusal.value.complaints]


def test_suedwestfalen_has_59_municipalities_in_5_districts_and_3_classes():
    rows = read(BUILTIN)
    assert len(rows) == 59
    assert Counter(row.district_ags for row in rows) == {"05958": 12, "05962": 15, "05966": 7, "05970": 11, "05974": 14}
    assert sorted(Counter(row.peer_group for row in rows).values()) == [18, 19, 22]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"ags": "5958004"}, "acht Ziffern"),
        ({"ags": "0595800a"}, "acht Ziffern"),
        ({"ags": "０５９５８００４"}, "acht Ziffern"),
        ({"district_ags": "5958"}, "fünf Ziffern"),
        ({"ags": "05962004"}, "beginnt nicht mit dem Kreisschlüssel"),
        ({"name": " "}, "name ist leer"),
        ({"name": "x" * 121}, "name hat 121 Zeichen"),
        ({"name": "Arns\nberg"}, "Zeilenumbruch"),
        ({"district": ""}, "district ist leer"),
        ({"peer_group": ""}, "peer_group ist leer"),
        ({"legal_status": "x" * 61}, "legal_status hat 61 Zeichen"),
        ({"kind": "Dorf"}, "Erlaubt sind Stadt und Gemeinde"),
        ({"population": "74.861"}, "population ist »74.861«"),
        ({"population": "viele"}, "population ist »viele«"),
        ({"population": "0"}, "population"),
        ({"population": "-5"}, "population"),
        ({"population": ""}, "population"),
        ({"population": "1" * 10}, "population"),
        ({"area_km2": "193,72"}, "Punkt als Dezimalzeichen"),
        ({"area_km2": "0"}, "area_km2"),
        ({"area_km2": "nan"}, "area_km2"),
        ({"latitude": "91"}, "latitude"),
        ({"longitude": "1_0"}, "longitude"),
    ],
)
def test_a_mistake_is_named_with_its_line(file, changes, part):
    found = complaints(file(OTHER, GOOD | changes))
    last = 4 if "\n" in changes.get("name", "") else 3
    assert any(line == last and part in message for line, message in found), found


def test_all_mistakes_are_listed_at_once_in_the_order_of_lines(file):
    found = complaints(file(GOOD | {"kind": "Dorf", "population": "x"}, OTHER, OTHER, GOOD | {"ags": "1"}))
    assert [line for line, _ in found] == [2, 2, 4, 5, 5]


def test_the_message_names_file_and_line(file):
    with pytest.raises(RegionNotValid, match=r"region\.csv, Zeile 2: kind"):
        read(file(GOOD | {"kind": "Dorf"}))


def test_missing_columns_are_listed(file):
    columns = tuple(c for c in COLUMNS if c not in ("kind", "population"))
    assert complaints(file(GOOD, columns=columns)) == [(1, "Es fehlen die Spalten: kind, population.")]


def test_a_column_that_comes_twice_is_named(file):
    assert complaints(file(GOOD, columns=(*COLUMNS, "name"))) == [
        (1, "Die Spalte name kommt mehrmals vor. Löschen Sie die überzähligen.")
    ]


def test_columns_may_stand_in_any_order_and_beside_others(file):
    row = {**GOOD, "note": "egal"}
    assert read(file(row, columns=("note", *reversed(COLUMNS))))[0].name == "Arnsberg"


def test_a_key_that_comes_twice_is_named_with_its_first_line(file):
    found = complaints(file(GOOD, OTHER, GOOD | {"ags": " 05958004 "}))
    assert found == [(4, "ags »05958004« steht schon in Zeile 2. Löschen Sie eine der beiden.")]


def test_a_district_cannot_have_two_names(file):
    ((line, message),) = complaints(file(GOOD, OTHER | {"district": "Sauerland"}))
    assert line == 3
    assert "Hochsauerlandkreis" in message


def test_two_districts_cannot_have_one_name(file):
    ((line, message),) = complaints(file(GOOD, OTHER | {"ags": "05962008", "district_ags": "05962"}))
    assert line == 3
    assert "05958" in message


def test_a_byte_order_mark_does_not_hide_the_first_column(file):
    path = file(GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(path)[0].ags == "05958004"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_endings_of_all_systems_are_read(file, ending):
    path = file(GOOD, OTHER)
    path.write_bytes(path.read_bytes().replace(b"\r\n", ending))
    assert [row.line for row in read(path)] == [2, 3]


def test_commas_in_quotes_belong_to_the_text(file):
    assert read(file(GOOD | {"name": "Arnsberg, Westfalen"}))[0].name == "Arnsberg, Westfalen"


def test_a_comma_without_quotes_is_explained(file):
    path = file(GOOD)
    path.write_bytes(path.read_bytes().replace(b"Arnsberg", b"Arnsberg, Westfalen"))
    ((line, message),) = complaints(path)
    assert line == 2
    assert "Anführungszeichen" in message


def test_a_quote_that_is_never_closed_is_explained(file):
    path = file(GOOD)
    path.write_bytes(path.read_bytes().replace(b"Arnsberg", b'"Arnsberg'))
    assert "Anführungszeichen" in complaints(path)[0][1]


def test_semicolons_instead_of_commas_are_explained(file):
    path = file(GOOD)
    path.write_bytes(path.read_bytes().replace(b",", b";"))
    assert "Semikolon" in complaints(path)[0][1]


def test_a_file_that_is_not_utf8_is_refused_with_the_line(file):
    path = file(OTHER, GOOD | {"legal_status": "Große Stadt"})
    path.write_bytes(path.read_bytes().decode().encode("latin-1"))
    assert complaints(path) == [(2, "Die Datei ist nicht in UTF-8. Speichern Sie sie so.")]


def test_a_nul_character_is_refused_with_its_line(file):
    path = file(OTHER, GOOD)
    path.write_bytes(path.read_bytes().replace(b"Arnsberg", b"Arns\0berg"))
    assert complaints(path) == [(3, "Hier steht ein NUL-Zeichen. Löschen Sie es.")]


@pytest.mark.parametrize(("content", "part"), [(b"", "Es fehlen die Spalten"), (b"\n\n", "Es fehlen die Spalten")])
def test_an_empty_file_is_explained(file, content, part):
    assert part in complaints(file(content=content))[0][1]


def test_a_header_without_municipalities_is_explained(file):
    assert complaints(file()) == [(2, "Die Datei hat keine Zeilen mit Kommunen.")]


def test_a_field_of_megabytes_is_refused_without_a_crash(file):
    assert complaints(file(GOOD | {"name": "x" * 2_000_000}))

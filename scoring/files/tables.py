"""Reading small CSV files: UTF-8; comma, semicolon or tab; every row with its line.

Numbers have a decimal point or, where cells are not parted by commas, throughout a decimal comma. What could be read in
two ways is a mistake that is named, never a text or a number that looks right.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring.files.complaints import Complaints, quoted, suggestion

DELIMITERS = (",", ";", "\t")
LARGEST = 1e15
LARGEST_FILE = 2**28
"""Bytes of a table that is read as a whole; ratings are counted in pieces and may be of any size."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(\.\d{3})*,\d+([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([ \u00a0\u202f'’]\d{3})+([.,]\d+)?|[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?", re.ASCII)
_MINUS = "\u2212"


class NotANumber(ValueError):
    """A cell that should hold a number holds something else."""


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on, its cells by column, without blanks around them, and how numbers are written."""

    line: int
    cells: dict[str, str]
    decimal: str = "."

    def number(self, column: str) -> float:
        """The number in a cell; raises ``NotANumber``."""
        return number(self.cells[column], self.decimal)


@dataclass(frozen=True)
class Table:
    """A file's name, its columns, its rows, and the sign between whole and broken parts of its numbers."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    decimal: str = "."


def read(path: Path, complaints: Complaints) -> Table | None:
    """The table in ``path``; ``None`` if it cannot be read as one. Rows of the wrong width are noted and left out."""
    if not fits(path, complaints):
        return None
    text = decoded(path.read_bytes(), path.name, complaints)
    if text is None:
        return None
    delimiter = _delimiter(text)
    records = _without_empty_columns(split(text, delimiter, path.name, complaints, first_line=1))
    if not records:
        complaints.add(path.name, 0, "", "the file is empty; a first line with the names of the columns is expected.")
        return None
    line, names = records[0]
    columns = header(names, path.name, line, complaints)
    if columns is None:
        return None
    decimal = _decimal(records[1:], delimiter)
    return Table(path.name, columns, _rows(columns, records[1:], decimal, path.name, complaints), decimal)


def fits(path: Path, complaints: Complaints) -> bool:
    """Whether a file is small enough to be read as a whole; a complaint if it is not."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        complaints.add(
            path.name,
            0,
            "",
            f"the file is {size:,} bytes; up to {LARGEST_FILE:,} are read. Only ratings.csv may be larger.",
        )
    return size <= LARGEST_FILE


def decoded(data: bytes, file: str, complaints: Complaints, first_line: int = 1) -> str | None:
    """Text from UTF-8, with or without a byte order mark; ``None``, and a complaint, if it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        complaints.add(file, line, "", "no UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8).")
        return None
    if "\0" in text:
        line = first_line + text.count("\n", 0, text.index("\0"))
        complaints.add(file, line, "", "a zero byte, so no text; save the file as UTF-8 (in Excel: CSV UTF-8).")
        return None
    return text


def delimiter_of(first_line: str) -> str:
    """The delimiter of a file from its header: the one that occurs more often outside quotation marks.

    >>> delimiter_of("unit;a;b"), delimiter_of("unit"), delimiter_of("unit\\ta")
    (';', ',', '\\t')
    """
    bare = re.sub(r'"[^"]*"', "", first_line)
    return max(DELIMITERS, key=bare.count)


def _delimiter(text: str) -> str:
    """The delimiter of a text, from the first line that is not empty."""
    return delimiter_of(next((line for line in text.splitlines() if line.strip()), ""))


def _without_empty_columns(records: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Without columns at the end that have neither a name nor a value, as spreadsheets leave them."""
    width = max((place for place, name in enumerate(records[0][1], 1) if name), default=0) if records else 0
    if not width or any(any(cells[width:]) for _, cells in records):
        return records
    return [(line, cells[:width]) for line, cells in records]


def _decimal(records: Sequence[tuple[int, list[str]]], delimiter: str) -> str:
    """The decimal sign of a file: a comma where one occurs and does not part the cells."""
    found = delimiter != "," and any(_DECIMAL_COMMA.fullmatch(cell) for _, cells in records for cell in cells)
    return "," if found else "."


def split(text: str, delimiter: str, file: str, complaints: Complaints, first_line: int) -> list[tuple[int, list[str]]]:
    """The records of CSV text without the empty ones: (line each begins on, cells without blanks around them)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        line = first_line + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return records
        except csv.Error as error:
            complaints.add(file, line, "", f"quotation marks that do not match ({error}).")
            return records
        if any(cell.strip() for cell in cells):
            records.append((line, [cell.strip() for cell in cells]))


def header(names: Sequence[str], file: str, line: int, complaints: Complaints) -> tuple[str, ...] | None:
    """The names of the columns; ``None``, and a complaint, if one has no name or two have the same."""
    wrong = False
    for place, name in enumerate(names, start=1):
        if not name:
            complaints.add(file, line, str(place), "the column has no name; remove it or name it.")
            wrong = True
        elif name in names[: place - 1]:
            complaints.add(file, line, name, "the column occurs twice; each is expected once.")
            wrong = True
    return None if wrong else tuple(names)


def check_columns(
    file: str, columns: Sequence[str], required: Sequence[str], optional: Sequence[str], complaints: Complaints
) -> bool:
    """Whether all required columns are there, and no unknown ones; a complaint for each that is wrong."""
    known = (*required, *optional)
    missing = [name for name in required if name not in columns]
    unknown = [name for name in columns if name not in known]
    for name in missing:
        complaints.add(file, 1, name, f"the column is missing; expected are {', '.join(known)}.")
    for name in unknown:
        complaints.add(file, 1, name, f"an unknown column; expected are {', '.join(known)}.{suggestion(name, known)}")
    return not missing


def width_message(found: int, expected: int) -> str:
    """What to say of a row with too many or too few cells."""
    hint = (
        " A cell that holds the delimiter needs quotation marks, a number a decimal point." if found > expected else ""
    )
    return f"{found} cells; {expected} are expected, as in the first line.{hint}"


def _rows(
    columns: tuple[str, ...],
    records: Sequence[tuple[int, list[str]]],
    decimal: str,
    file: str,
    complaints: Complaints,
) -> tuple[Row, ...]:
    rows = []
    for line, cells in records:
        if len(cells) == len(columns):
            rows.append(Row(line, dict(zip(columns, cells, strict=True)), decimal))
        else:
            complaints.add(file, line, "", width_message(len(cells), len(columns)))
    return tuple(rows)


def number(text: str, decimal: str = ".") -> float:
    """A number with a decimal point, or with the ``decimal`` comma of its file; raises ``NotANumber`` with what to do.

    >>> number("-1.5e1"), number("1.234,5", decimal=",")
    (-15.0, 1234.5)
    """
    plain = text.replace(_MINUS, "-")
    if decimal == ",":
        if "." in plain and _NUMBER.fullmatch(plain):
            raise NotANumber(
                f"{quoted(text)} has a decimal point, other numbers of this file a comma; use one of them."
            )
        if _DECIMAL_COMMA.fullmatch(plain):
            plain = plain.replace(".", "").replace(",", ".")
    if _NUMBER.fullmatch(plain):
        value = float(plain)
        if math.isfinite(value) and abs(value) <= LARGEST:
            return value
        raise NotANumber(f"{quoted(text)} is too large; a number up to {LARGEST:g} is expected.")
    raise NotANumber(f"{quoted(text)} {_why_no_number(plain)}")


def _why_no_number(text: str) -> str:
    """What is wrong with a cell, and what to write instead."""
    if _DECIMAL_COMMA.fullmatch(text):
        return "has a decimal comma; a decimal point is expected, as in 3.5, or semicolons between the cells."
    if _THOUSANDS.fullmatch(text):
        return "has signs between its thousands; the digits alone are expected, as in 12345.6."
    if text.endswith("%"):
        return "has a percent sign; the number alone is expected, as in 12.5."
    if text.casefold() in ("nan", "null", "none"):
        return "is no number; a number is expected, or an empty cell where it is missing."
    if text in ("-", "–", "—"):
        return "may stand for nothing or for unknown; 0 is expected for the one, an empty cell for the other."
    if "inf" in text.casefold():
        return "is infinite; a finite number is expected."
    return "is no number; a number with a decimal point is expected, as in 3.5."

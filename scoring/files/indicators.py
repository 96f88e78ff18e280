"""The indicators of an input, ``values.csv``: one row per unit, one column per indicator."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoring.arrays import FloatArray
from scoring.files.complaints import Complaints, quoted, suggestion
from scoring.files.tables import NotANumber, Row, Table, read
from scoring.files.units import check_unit

FILE = "values.csv"
MISSING = frozenset({"na", "n/a", "#n/a", "#nv", "n.a.", "k.a.", "k. a.", ".", "..", "...", ":"})
"""What statistics programs and offices write where a number is missing. A dash is not among them: it may mean none."""


@dataclass(frozen=True, eq=False)
class Indicators:
    """Values (units, indicators), NaN where missing; ``names`` of the columns, ``lines`` of the rows by unit.

    ``notes`` say how cells were read that could have been meant otherwise.
    """

    names: tuple[str, ...]
    lines: dict[str, int]
    values: FloatArray
    notes: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The units, in the order of the file."""
        return tuple(self.lines)

    def arranged(self, units: Sequence[str], names: Sequence[str]) -> FloatArray:
        """Values (units, names) in another order; units without a row are missing."""
        row = {unit: position for position, unit in enumerate(self.lines)}
        rows = np.array([row.get(unit, -1) for unit in units], dtype=np.int64)
        padded = np.vstack([self.values, np.full((1, len(self.names)), np.nan)])
        return padded[rows][:, [self.names.index(name) for name in names]]


def read_indicators(folder: Path, units: Collection[str] | None, complaints: Complaints) -> Indicators | None:
    """The indicators of the folder; ``None`` where there is no such file or nothing of it can be read.

    ``units`` are those that may occur, ``None`` for any.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    table = read(path, complaints)
    if table is None:
        return None
    if "unit" not in table.columns:
        complaints.add(FILE, 1, "unit", "the column is missing; unit and one column per indicator are expected.")
        return None
    names = tuple(name for name in table.columns if name != "unit")
    if not table.rows:
        complaints.add(FILE, 0, "", "no rows; at least one unit is expected.")
    rows = _rows(table, units, complaints)
    values = [[_value(row, name, complaints) for name in names] for row in rows]
    lines = {row.cells["unit"]: row.line for row in rows}
    return Indicators(names, lines, np.array(values).reshape(-1, len(names)), tuple(_notes(table, rows, names)))


def _notes(table: Table, rows: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    if table.decimal == ",":
        yield f"{FILE}: numbers are read with a decimal comma."
    marked = [row.cells[name] for row in rows for name in names if row.cells[name].casefold() in MISSING]
    if marked:
        cells = f"{len(marked)} cells with {quoted(marked[0])} or the like are" if len(marked) > 1 else "1 cell is"
        yield f"{FILE}: {cells} taken as missing."


def _rows(table: Table, units: Collection[str] | None, complaints: Complaints) -> list[Row]:
    rows, lines = [], dict[str, int]()
    for row in table.rows:
        unit = row.cells["unit"]
        if not check_unit(FILE, unit, row.line, lines, complaints):
            continue
        if units is not None and unit not in units:
            complaints.add(FILE, row.line, "unit", f"{quoted(unit)} is not in units.csv.{suggestion(unit, units)}")
        lines[unit] = row.line
        rows.append(row)
    return rows


def _value(row: Row, name: str, complaints: Complaints) -> float:
    text = row.cells[name]
    try:
        return row.number(name) if text and text.casefold() not in MISSING else np.nan
    except NotANumber as error:
        complaints.add(FILE, row.line, name, str(error))
        return np.nan

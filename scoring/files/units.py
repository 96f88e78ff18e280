"""The units of an input, ``units.csv``: who is compared, in which order, and how many people each has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoring.files.complaints import Complaints, quoted
from scoring.files.tables import NotANumber, Row, check_columns, read

FILE = "units.csv"
REQUIRED = ("unit",)
OPTIONAL = ("name", "group", "population")


@dataclass(frozen=True)
class Unit:
    """A row of the file; ``population`` is NaN where it is not known."""

    line: int
    id: str
    population: float


def read_units(folder: Path, complaints: Complaints) -> tuple[Unit, ...] | None:
    """The units of the folder; ``None`` where there is no such file or nothing of it can be read."""
    path = folder / FILE
    if not path.is_file():
        return None
    table = read(path, complaints)
    if table is None or not check_columns(FILE, table.columns, REQUIRED, OPTIONAL, complaints):
        return None
    if not table.rows:
        complaints.add(FILE, 0, "", "no rows; at least one unit is expected.")
        return None
    units, lines = [], dict[str, int]()
    for row in table.rows:
        unit = Unit(row.line, row.cells["unit"], _population(row, complaints))
        if check_unit(FILE, unit.id, unit.line, lines, complaints):
            units.append(unit)
            lines[unit.id] = unit.line
    return tuple(units)


def check_unit(file: str, id: str, line: int, earlier: dict[str, int], complaints: Complaints) -> bool:
    """Whether a row names a unit that no earlier row has; ``earlier`` holds their lines."""
    if not id:
        complaints.add(file, line, "unit", "empty; the id of a unit is expected.")
    elif id in earlier:
        complaints.add(file, line, "unit", f"{quoted(id)} stands in line {earlier[id]} too; once is expected.")
    return bool(id) and id not in earlier


def _population(row: Row, complaints: Complaints) -> float:
    text = row.cells.get("population", "")
    if not text:
        return np.nan
    try:
        population = row.number("population")
    except NotANumber as error:
        complaints.add(FILE, row.line, "population", str(error))
        return np.nan
    if population < 0 or population != int(population):
        complaints.add(FILE, row.line, "population", f"{quoted(text)}; a whole number of 0 or more is expected.")
        return np.nan
    return population

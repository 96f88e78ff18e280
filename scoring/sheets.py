"""From arrays to the records of a release: plain values, and the spread over municipalities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring import disclosure
from scoring.arrays import BoolArray, FloatArray
from scoring.disclosure import Spread
from scoring.method import Method
from scoring.release import Quartiles
from scoring.round_data import RoundData

_DECIMALS = 6


def plain(values: NDArray[Any]) -> list[Any]:
    """Nested lists for the document: floats to six decimals, NaN and -1 as ``None``."""
    if values.dtype.kind == "U":
        return list(values.tolist())
    if values.dtype.kind == "f":
        values = np.round(values, _DECIMALS) + 0.0
    document = values.astype(object)
    document[np.isnan(values) if values.dtype.kind == "f" else values == -1] = None
    return list(document.tolist())


def spreads(values: FloatArray, visible: BoolArray, data: RoundData, method: Method) -> dict[str, list[Any]]:
    """Quartiles per column, for the region (key "") and every peer group, as sheets."""
    groups = np.array(data.groups, dtype=str)
    members = {"": np.ones(len(groups), dtype=bool)} | {str(g): groups == g for g in np.unique(groups)}
    return {name: spread(values, visible, member, method) for name, member in members.items()}


def spread(values: FloatArray, visible: BoolArray, member: BoolArray, method: Method) -> list[Any]:
    """Quartiles per column over the ``member`` units that may enter a regional figure, as sheets."""
    available = ~np.isnan(values) & member[:, None]
    allowed = disclosure.contributors(available, visible, method.minimum_hidden)
    return quartile_sheets(disclosure.quartiles(values, allowed, method.minimum_quartiles))


def quartile_sheets(spread: Spread) -> list[Any]:
    """One sheet per column, ``None`` where there are too few to say."""
    rows = zip(spread.n.tolist(), *(plain(v) for v in (spread.q1, spread.median, spread.q3)), strict=True)
    return [None if q1 is None else Quartiles(n=n, q1=q1, median=median, q3=q3) for n, q1, median, q3 in rows]


def records(fixed: dict[str, tuple[str, ...]], columns: dict[str, NDArray[Any]]) -> list[list[dict[str, Any]]]:
    """Per row and column of the arrays a record of field names and plain values."""
    values = [plain(column) for column in columns.values()]
    names = (*fixed, *columns)
    return [
        [dict(zip(names, cell, strict=True)) for cell in zip(*fixed.values(), *row, strict=True)]
        for row in zip(*values, strict=True)
    ]


def distributions(shares: FloatArray) -> list[list[tuple[float, ...] | None]]:
    """Shares (rows, columns, answers) as tuples, ``None`` where withheld."""
    return [[None if cell[0] is None else tuple(cell) for cell in row] for row in plain(shares)]

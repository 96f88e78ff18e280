"""Rows of a release as JSON, one line each, so that whoever answers programs only picks lines and joins them.

In front of each line stands, after a tab, what rows are asked for by: the values of ``FILTERS`` as a JSON list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from reports.tables.codebook import Table, columns
from reports.tables.rows import Cell, Row, all_rows, region_rows
from scoring.release import Release

FILTERS = ("ags", "view", "kind", "key")


def region_lines(release: Release) -> bytes:
    """The region's rows."""
    return _lines("region", region_rows(release))


def municipality_lines(release: Release) -> bytes:
    """The rows of all municipalities that are public, one below the other."""
    return _lines("municipality", all_rows(release))


def _lines(table: Table, rows: Iterable[Row]) -> bytes:
    names = columns(table)
    return b"".join(_line({name: _rounded(row.get(name)) for name in names}) for row in rows)


def _line(row: Row) -> bytes:
    return f"{written([row.get(name) for name in FILTERS])}\t{written(row)}\n".encode()


def written(content: object) -> str:
    """JSON as the service sends it: without spaces, letters as they are."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _rounded(value: Cell) -> Cell:
    return round(value, 6) if isinstance(value, float) else value

"""CSV files of a release: UTF-8, comma, RFC 4180, decimal point, one header row named by the codebook.

A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers never do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from reports.sheets import Audience
from reports.tables.codebook import Table, columns
from reports.tables.rows import CODEBOOK_COLUMNS, Cell, Row, all_rows, codebook_rows, municipality_rows, region_rows
from scoring.release import Release

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet would run."""


def region_csv(release: Release) -> bytes:
    """The region: one row per node, indicator, pair, group and change."""
    return _written("region", region_rows(release))


def municipality_csv(release: Release, ags: str, audience: Audience = "public") -> bytes:
    """One municipality as ``audience`` may see it; ``NotInRelease`` if there is no such sheet."""
    return _written("municipality", municipality_rows(release, ags, audience))


def all_csv(release: Release) -> bytes:
    """All municipalities that are public, one below the other."""
    return _written("municipality", all_rows(release))


def codebook_csv(release: Release) -> bytes:
    """The codebook of the files of this release."""
    return _delimited(CODEBOOK_COLUMNS, codebook_rows(release))


def _written(table: Table, rows: Iterable[Row]) -> bytes:
    return _delimited(columns(table), rows)


def _delimited(names: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue().encode()


def cell(value: Cell) -> str:
    """A value as it stands in the file; ``None`` is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(round(value, 6))
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text

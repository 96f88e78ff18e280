"""The factual report of a funded project as a workbook: texts are never formulas, numbers stay numbers."""

from __future__ import annotations

import io
from decimal import Decimal

import xlsxwriter

from reports.documents.project import Amount, Line, Report
from reports.tables.rows import Cell
from reports.tables.workbook import MOMENT, Formatted, Sheets

LABEL, NUMBER, SENTENCE = 36, 14, 60
"""Widths of the first column, of those of numbers, and of the last."""


def workbook(report: Report, first: str, second: str) -> bytes:
    """Three sheets: what the project is, its indicators, and the other figures; ``first`` and ``second`` name two."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.title, "author": report.author, "created": MOMENT})
    sheets = Sheets(book)
    notices = [("!", report.demonstration)] if report.demonstration else []
    sheets.readme(first, [(report.title, ""), *notices, *report.facts, ("", report.lead)])
    for name, header, rows in (
        (second, report.header, report.rows),
        (report.others_heading, report.others_header, report.others),
    ):
        widths = [LABEL, *[NUMBER] * (len(header) - 2), SENTENCE]
        sheets.page(name[:31], header, [_cells(row) for row in rows], widths)
    book.close()
    return buffer.getvalue()


def _cells(row: Line) -> list[Cell | Formatted]:
    return [cell if isinstance(cell, str) else number(cell) for cell in row]


def number(amount: Amount) -> Formatted | None:
    """An amount as a spreadsheet has it: a number whose format writes the unit; per cent are a share.

    >>> number(Amount(Decimal("1234.50"), "Std."))
    Formatted(value=1234.5, format='#,##0.0\\\\ \\\\S\\\\t\\\\d\\\\.')
    >>> number(Amount(Decimal("12.50"), "%"))
    Formatted(value=0.125, format='#,##0.0\\\\ %')
    """
    if amount.number is None:
        return None
    places = max(0, -int(Decimal(amount.number).normalize().as_tuple().exponent))
    digits = "#,##0" + ("." + "0" * places if places else "")
    if amount.unit == "%":
        return Formatted(float(Decimal(amount.number) / 100), f"{digits}\\ %")
    literal = "".join(f"\\{character}" for character in f" {amount.unit}") if amount.unit else ""
    return Formatted(float(amount.number), digits + literal)

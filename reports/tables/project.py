"""The factual report of a funded project as a workbook: texts are never formulas, numbers stay numbers."""

from __future__ import annotations

import io

import xlsxwriter

from reports.documents.project import Report
from reports.tables.workbook import MOMENT, Sheets


def workbook(report: Report, first: str, second: str) -> bytes:
    """Three sheets: what the project is, its indicators, and the other figures; ``first`` and ``second`` name two."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.title, "author": report.author, "created": MOMENT})
    sheets = Sheets(book)
    notices = [("!", report.demonstration)] if report.demonstration else []
    sheets.readme(first, [(report.title, ""), *notices, *report.facts, ("", report.lead)])
    header = [*report.header[:3], f"{report.header[3]} (%)", report.header[4]]
    for name, labels, rows in (
        (second, header, report.rows),
        (report.others_heading, report.others_header, report.others),
    ):
        sheets.table(
            name[:31], {label: label for label in labels}, [dict(zip(labels, row, strict=True)) for row in rows]
        )
    book.close()
    return buffer.getvalue()

"""The factual report of a funded project, as DOCX and as PDF; every word comes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from reports import fonts
from reports.documents import typesetting, word

TEMPLATE = Path(__file__).with_name("project.typ")
Number = Decimal | int | None
Written = Callable[[Number, str], str]
"""How a number and its unit are written in the report's language."""


@dataclass(frozen=True)
class Amount:
    """A number with its unit; without a number nothing is known."""

    number: Number
    unit: str = ""


Line = tuple[str | Amount, ...]


@dataclass(frozen=True)
class Report:
    """A project on a day. ``rows``: indicator, target, value, per cent, evidence; ``others``: name, value, note."""

    title: str
    language: str
    author: str
    day: date
    demonstration: str
    facts: Sequence[tuple[str, str]]
    lead: str
    caption: str
    header: Sequence[str]
    rows: Sequence[Line]
    others_heading: str
    others_header: Sequence[str]
    others: Sequence[Line]


def docx(report: Report, written: Written) -> bytes:
    """The report as DOCX; the same report gives the same bytes."""
    indicators, others = _lines(report, written)
    tables = [
        {"caption": report.caption, "header": list(report.header), "rows": indicators}
        | {"align": ["left", "right", "right", "right", "left"], "millimetres": [48, 22, 22, 18, 56]},
        {"caption": report.others_heading, "header": list(report.others_header), "rows": others}
        | {"align": ["left", "right", "left"], "millimetres": [68, 18, 80]},
    ]
    content = {
        "frame": {"language": report.language, "author": report.author},
        "kicker": report.author,
        "title": report.title,
        "notices": [report.demonstration] if report.demonstration else [],
        "facts": [],
        "lines": list(report.facts),
        "lead": report.lead,
        "tables": [table for table in tables if table["rows"]],
        "lists": [],
        "caution": "",
    }
    return word.document(content, _moment(report))


def pdf(report: Report, written: Written) -> bytes:
    """The report as PDF/UA-1."""
    indicators, others = _lines(report, written)
    content = {
        "title": report.title,
        "author": report.author,
        "language": report.language,
        "family": fonts.FAMILIES,
        "notice": report.demonstration,
        "facts": [list(fact) for fact in report.facts],
        "lead": report.lead,
        "caption": report.caption,
        "header": list(report.header),
        "rows": indicators,
        "heading": report.others_heading,
        "others_header": list(report.others_header),
        "others": others,
    }
    return typesetting.pdf(TEMPLATE, content, _moment(report))


def _lines(report: Report, written: Written) -> tuple[list[list[str]], list[list[str]]]:
    def text(cell: str | Amount) -> str:
        return cell if isinstance(cell, str) else written(cell.number, cell.unit)

    indicators, others = ([[text(cell) for cell in row] for row in rows] for rows in (report.rows, report.others))
    return indicators, others


def _moment(report: Report) -> datetime:
    return datetime.combine(report.day, time(), UTC)

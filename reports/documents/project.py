"""The factual report of a funded project, as DOCX and as PDF; every word comes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from reports import fonts
from reports.documents import typesetting, word

TEMPLATE = Path(__file__).with_name("project.typ")
Value = str | int | None
Number = Callable[[float | None], str]
NOTHING = "–"


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
    rows: Sequence[Sequence[Value]]
    others_heading: str
    others_header: Sequence[str]
    others: Sequence[Sequence[Value]]


def docx(report: Report, number: Number) -> bytes:
    """The report as DOCX; the same report gives the same bytes."""
    indicators, others = _lines(report, number)
    entries = [{"title": name, "text": " · ".join(filter(None, rest))} for name, *rest in others]
    sides = ["left", "right", "right", "right", "left"]
    table = {"caption": report.caption, "header": list(report.header), "align": sides, "rows": indicators}
    content = {
        "frame": {"language": report.language, "author": report.author},
        "kicker": report.author,
        "title": report.title,
        "notices": [report.demonstration] if report.demonstration else [],
        "facts": [],
        "lines": list(report.facts),
        "lead": report.lead,
        "table": table if indicators else None,
        "lists": [{"heading": report.others_heading, "entries": entries}] if entries else [],
        "caution": "",
    }
    return word.document(content, _moment(report))


def pdf(report: Report, number: Number) -> bytes:
    """The report as PDF/UA-1."""
    indicators, others = _lines(report, number)
    content = {
        "title": report.title,
        "author": report.author,
        "language": report.language,
        "family": [fonts.FAMILY, fonts.FALLBACK],
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


def _lines(report: Report, number: Number) -> tuple[list[list[str]], list[list[str]]]:
    def text(value: Value) -> str:
        return value if isinstance(value, str) else NOTHING if value is None else number(value)

    indicators = [[text(cell) for cell in row] for row in report.rows]
    for row in indicators:
        row[3] += " %" if row[3] != NOTHING else ""
    return indicators, [[text(cell) for cell in row] for row in report.others]


def _moment(report: Report) -> datetime:
    return datetime.combine(report.day, time(), UTC)

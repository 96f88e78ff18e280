"""A filled paper as PDF/UA-1: its headings, paragraphs, lists and tables, in the order in which they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from reports import fonts
from reports.documents import typesetting

TEMPLATE = Path(__file__).with_name("draft_paper.typ")
DEEPEST = 3


def pdf(paper: bytes, title: str, author: str, made: datetime) -> bytes:
    """The PDF of a filled DOCX. Pictures, headers and footers of the template stay with the DOCX."""
    content = {
        "title": title,
        "author": author,
        "families": fonts.FAMILIES,
        "blocks": list(_in_order(_blocks(Document(io.BytesIO(paper))))),
    }
    return typesetting.pdf(TEMPLATE, content, made)


def _blocks(paper: Any) -> Iterator[dict[str, Any]]:
    for piece in paper.iter_inner_content():
        if isinstance(piece, Table):
            rows = [[_runs(cell.paragraphs) for cell in row.cells] for row in piece.rows]
            if rows and rows[0]:
                yield {"kind": "table", "columns": max(len(row) for row in rows), "rows": rows}
        elif piece.text.strip():
            yield {"kind": _kind(piece), "level": _level(piece), "runs": _runs([piece])}


def _in_order(blocks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Headings begin at the first level and leave out none, as readers by ear need it."""
    before = 0
    for block in blocks:
        if block["kind"] == "heading":
            before = block["level"] = min(block["level"], before + 1)
        yield block


def _style(paragraph: Paragraph) -> str:
    return (paragraph.style.name if paragraph.style is not None else "") or ""


def _kind(paragraph: Paragraph) -> str:
    style, settings = _style(paragraph), paragraph._p.pPr
    if style.startswith(("Heading", "Title")):
        return "heading"
    listed = style.startswith("List") or (settings is not None and settings.numPr is not None)
    return "item" if listed else "paragraph"


def _level(paragraph: Paragraph) -> int:
    last = _style(paragraph).rpartition(" ")[2]
    return min(int(last), DEEPEST) if last.isdecimal() else 1


def _runs(paragraphs: list[Paragraph]) -> list[dict[str, Any]]:
    """Pieces of text with what is bold in them; paragraphs of one cell become lines."""
    found: list[dict[str, Any]] = []
    for number, paragraph in enumerate(paragraphs):
        if number and found:
            found.append({"text": "\n", "bold": False})
        found += [{"text": run.text, "bold": bool(run.bold)} for run in paragraph.runs if run.text]
    return found

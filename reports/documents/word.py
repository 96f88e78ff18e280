"""The council's page as a DOCX: real headings, a real table, the language of its text, no picture.

It is made to be pasted into a council information system, so it uses the styles that every such system knows.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.documents.content import Content

LANGUAGES = {"de": "de-DE", "en": "en-GB"}
FONT = "Arial"
TEXT_WIDTH, NUMBERS = 166.0, 24.0
"""Millimetres between the margins, and those of a column of numbers."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def document(content: Content, made: datetime) -> bytes:
    """The page as DOCX bytes; the same content gives the same bytes."""
    paper = Document()
    _prepare(paper, content, made)
    paper.add_paragraph(content["kicker"])
    paper.add_heading(content["title"], level=1)
    for notice in content["notices"]:
        paper.add_paragraph().add_run(notice).italic = True
    if content["facts"]:
        paper.add_paragraph("  ·  ".join(f"{fact['value']} {fact['label']}" for fact in content["facts"]))
    for label, text in content["lines"]:
        paragraph = paper.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(text)
    paper.add_paragraph(content["lead"])
    for table in content["tables"]:
        _table(paper, table)
    for part in content["lists"]:
        paper.add_heading(part["heading"], level=2)
        for entry in part["entries"]:
            paragraph = paper.add_paragraph(style="List Bullet")
            paragraph.add_run(f"{entry['title']}: ").bold = True
            paragraph.add_run(entry["text"])
    if content["caution"]:
        paper.add_paragraph(content["caution"])
    return saved(paper)


def _prepare(paper: Any, content: Content, made: datetime) -> None:
    """Page, type, language and properties."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - TEXT_WIDTH) / 2)
    section.top_margin = section.bottom_margin = Mm(15)
    for name, size in (("Normal", 9), ("List Bullet", 9), ("Heading 1", 14), ("Heading 2", 11)):
        set_type(paper.styles[name], size, after=3)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGES[content["frame"]["language"]])
    paper.styles["Normal"].element.get_or_add_rPr().append(language)
    properties = paper.core_properties
    properties.title, properties.author = content["title"], content["frame"]["author"]
    properties.language = LANGUAGES[content["frame"]["language"]]
    properties.created = properties.modified = made.replace(tzinfo=None)
    properties.last_modified_by, properties.comments, properties.revision = "", "", 1


def _table(paper: Any, data: Content) -> None:
    """Caption and table; the first row repeats as header, as assistive technology needs it."""
    caption = paper.add_paragraph()
    caption.add_run(data["caption"]).bold = True
    caption.paragraph_format.space_before, caption.paragraph_format.keep_with_next = Pt(9), True
    table = paper.add_table(rows=0, cols=len(data["header"]), style="Light Grid Accent 1")
    _row(table, data["header"], data["align"])
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    for row in data["rows"]:
        _row(table, row, data["align"])
    numbers = [NUMBERS] * (len(data["header"]) - 1)
    set_widths(table, data.get("millimetres", [TEXT_WIDTH - sum(numbers), *numbers]))


def _row(table: Any, values: list[str], sides: list[str]) -> None:
    for cell, column, value, side in zip(table.add_row().cells, table.columns, values, sides, strict=True):
        cell.width = column.width
        paragraph = cell.paragraphs[0]
        paragraph.add_run(value).font.size = Pt(8.5)
        paragraph.paragraph_format.space_after = Pt(0)
        if side == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def set_type(style: Any, size: float, *, after: float) -> None:
    """Our typeface, also where the style takes one from its theme; ``size`` and the space ``after`` are in points."""
    style.font.name, style.font.size = FONT, Pt(size)
    style.paragraph_format.space_after = Pt(after)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    fonts.attrib.pop(qn("w:cstheme"), None)


def set_widths(table: Any, millimetres: Sequence[float]) -> None:
    """Columns of these widths, in cells and grid: office programs differ in which they read."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def saved(paper: Any) -> bytes:
    """The bytes of a document with one fixed time on all its parts, so that it is the same tomorrow."""
    first, second = io.BytesIO(), io.BytesIO()
    paper.save(first)
    with zipfile.ZipFile(first) as parts, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as written:
        for part in parts.infolist():
            written.writestr(zipfile.ZipInfo(part.filename, _EPOCH), parts.read(part.filename), zipfile.ZIP_DEFLATED)
    return second.getvalue()

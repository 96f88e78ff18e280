"""Our own template for draft council papers, written in code: real headings, lists, a table, and fields to fill."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.documents.word import LANGUAGES, saved, set_type, set_widths

SIZES = {"Normal": 10.5, "List Bullet": 10.5, "Title": 20, "Heading 1": 18, "Heading 2": 13}
HEAD = (
    ("Vorlage Nr.", ""),
    ("Beratung in", "Rat (oder zuständiger Ausschuss)"),
    ("Sitzung am", ""),
    ("Öffentlichkeit", "öffentlich"),
)
PARTS = (
    ("Beschlussvorschlag", "beschluss", "Normal"),
    ("Sachverhalt", "sachverhalt", "Normal"),
    ("Was die Teilnahme bedeutet", "teilnahme", "List Bullet"),
    ("Aufwand und Kosten", "kosten", "Normal"),
    ("Stand in der Region", "stand_region", "Normal"),
)
NOTE = "Entwurf: {{ agentur }}, {{ datum }}. Mehr zur Initiative: {{ dienst }}"


@cache
def ours() -> bytes:
    """The template as DOCX bytes; the same on every machine."""
    paper = Document()
    _prepare(paper)
    paper.add_paragraph("Entwurf einer Beschlussvorlage · {{ kommune_voll }} · {{ kreis }}")
    paper.add_heading("{{ betreff }}", level=1)
    _head(paper)
    for heading, field, style in PARTS:
        paper.add_heading(heading, level=2)
        paper.add_paragraph(f"{{{{ {field} }}}}", style=style)
    note = paper.add_paragraph(NOTE)
    note.paragraph_format.space_before = Pt(14)
    note.runs[0].font.size = Pt(9)
    return saved(paper)


def _prepare(paper: Any) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(20)
    for name, size in SIZES.items():
        set_type(paper.styles[name], size, after=5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGES["de"])
    paper.styles["Normal"].element.get_or_add_rPr().append(language)
    properties = paper.core_properties
    properties.title, properties.author, properties.language = "{{ betreff }}", "{{ agentur }}", LANGUAGES["de"]
    properties.last_modified_by, properties.comments, properties.revision = "", "", 1


def _head(paper: Any) -> None:
    """What the municipality fills in itself."""
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in HEAD:
        first, second = table.add_row().cells
        first.paragraphs[0].add_run(label).bold = True
        second.paragraphs[0].add_run(value)
    set_widths(table, (45, 115))


def read(template: bytes) -> Any:
    """A DOCX as python-docx knows it."""
    return Document(io.BytesIO(template))

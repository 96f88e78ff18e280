"""Filling a template that was checked: fields become text, and a text of several paragraphs becomes paragraphs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime

from docxtpl import DocxTemplate, Listing
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from reports.documents.draft_paper.fields import PARAGRAPH
from reports.documents.word import saved

NEW_PARAGRAPH = "\a"
"""What the template engine takes for the end of a paragraph."""


def filled(template: bytes, values: Mapping[str, str], made: datetime) -> bytes:
    """The paper as DOCX bytes; the same values give the same bytes."""
    paper = DocxTemplate(io.BytesIO(template))
    engine = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    paper.render({name: _as_paragraphs(text) for name, text in values.items()}, engine)
    properties = paper.docx.core_properties
    properties.created = properties.modified = made.replace(tzinfo=None)
    return saved(paper.docx)


def _as_paragraphs(text: str) -> Listing:
    seen = "".join(character for character in text if character.isprintable() or character == PARAGRAPH)
    return Listing(seen.replace(PARAGRAPH, NEW_PARAGRAPH))

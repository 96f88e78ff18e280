"""Whether a DOCX can be used as a template: plain fields that exist, and nothing that computes.

Looked at twice: in the text of each paragraph, for a sentence that people understand, and in what the template engine
would make of the file, so that nothing slips through between the two.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from reports.documents.draft_paper.fields import FIELDS

LONGEST_SHOWN = 60
_STATEMENT = re.compile(r"\{[%#].*?(?:[%#]\}|$)")
_FIELD = re.compile(r"\{\{(.*?)\}\}")
_FOOTNOTES = "footnotes+xml"


class TemplateRefused(ValueError):
    """A file cannot be used as a template; ``found`` is what stands in it."""

    def __init__(self, found: str = "") -> None:
        super().__init__(found)
        self.found = " ".join(found.split())[:LONGEST_SHOWN]


class NotATemplate(TemplateRefused):
    """The file is no Word document that can be read."""


class StatementFound(TemplateRefused):
    """A loop, a condition, a remark or a computation; only plain fields are filled."""


class TagBroken(TemplateRefused):
    """Braces that open no field, or that nothing closes."""


class FieldUnknown(TemplateRefused):
    """A field of a name that does not exist; ``nearest`` is the most similar one, empty if none is."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.nearest = next(iter(difflib.get_close_matches(found.lower(), FIELDS, n=1, cutoff=0.5)), "")


def check(template: bytes) -> tuple[str, ...]:
    """The fields that the template holds, in the order of ``FIELDS``; a ``TemplateRefused`` if it cannot be used."""
    try:
        paper = DocxTemplate(io.BytesIO(template))
        paper.init_docx()
        parts = list(_parts(paper))
    except Exception as error:  # zipfile, lxml and python-docx each have their own for a file that is none
        raise NotATemplate from error
    used: set[str] = set()
    for part in parts:
        for text in _paragraphs(part):
            used.update(_fields(text))
    for part in parts:
        used.update(_names(paper, part))
    return tuple(name for name in FIELDS if name in used)


def _parts(paper: Any) -> Iterator[Any]:
    """Body, headers, footers and footnotes as XML."""
    yield paper.docx.element.body
    for uri in (paper.HEADER_URI, paper.FOOTER_URI):
        for _key, part in paper.get_headers_footers(uri):
            yield parse_xml(part.blob)
    for part in paper.docx.part.package.parts:
        if part.content_type.endswith(_FOOTNOTES):
            yield parse_xml(part.blob)


def _paragraphs(part: Any) -> Iterator[str]:
    for paragraph in part.iter(qn("w:p")):
        yield "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


def _fields(text: str) -> Iterator[str]:
    """Names between double braces."""
    if statement := _STATEMENT.search(text):
        raise StatementFound(statement[0])
    for found in _FIELD.findall(text):
        name = found.strip()
        if not re.fullmatch(r"\w+", name):
            raise StatementFound(f"{{{{{found}}}}}") if name else TagBroken("{{}}")
        if name not in FIELDS:
            raise FieldUnknown(name)
        yield name
    rest = _FIELD.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise TagBroken(rest[max(rest.find("{{"), rest.find("}}"), 0) :])


def _names(paper: Any, part: Any) -> Iterator[str]:
    """The same as the engine reads it."""
    source = paper.patch_xml(paper.xml_to_string(part))
    try:
        tree = SandboxedEnvironment().parse(source)
    except TemplateError as error:
        raise TagBroken(str(error)) from error
    for node in tree.body:
        if not isinstance(node, nodes.Output):
            raise StatementFound(type(node).__name__.lower())
        for piece in node.nodes:
            if isinstance(piece, nodes.TemplateData):
                continue
            if not isinstance(piece, nodes.Name):
                raise StatementFound(type(piece).__name__.lower())
            if piece.name not in FIELDS:
                raise FieldUnknown(piece.name)
            yield piece.name

"""Draft council papers: the same fields filled into a DOCX template, ours or the agency's own, and set as PDF.

The PDF is set from the filled DOCX, so that both say the same whatever template was used.
"""

from __future__ import annotations

from reports.documents.draft_paper.checking import (
    FieldUnknown,
    NotATemplate,
    StatementFound,
    TagBroken,
    TemplateRefused,
    check,
)
from reports.documents.draft_paper.fields import FIELDS, Facts, values
from reports.documents.draft_paper.filling import filled
from reports.documents.draft_paper.template import ours
from reports.documents.draft_paper.typesetting import pdf

__all__ = [
    "FIELDS",
    "Facts",
    "FieldUnknown",
    "NotATemplate",
    "StatementFound",
    "TagBroken",
    "TemplateRefused",
    "check",
    "filled",
    "ours",
    "pdf",
    "values",
]

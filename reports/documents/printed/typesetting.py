"""What newcomers' material needs beside the documents' typesetting: QR codes, and the boxes that a print shop reads."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pikepdf
import segno

from reports.documents import typesetting

FOLDER = Path(__file__).parent
MARGIN_OF_PRESS = 10.0
"""Millimetres around the trimmed page: bleed and the room for crop marks."""
BLEED = 3.0
POINTS = 72 / 25.4
Template = Literal["material", "questionnaire", "invitation"]


def compiled(template: Template, content: dict[str, Any], day: datetime) -> bytes:
    """The document as PDF/UA-1; ``day`` is its date, so that the same request gives the same bytes."""
    return typesetting.pdf(FOLDER / f"{template}.typ", content, day.astimezone(UTC))


def with_boxes(pdf: bytes) -> bytes:
    """The same with trim box and bleed box on every page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            left, bottom, right, top = (float(value) for value in page.mediabox)
            for name, edge in (("/TrimBox", MARGIN_OF_PRESS), ("/BleedBox", MARGIN_OF_PRESS - BLEED)):
                inset = edge * POINTS
                page.obj[name] = pikepdf.Array([left + inset, bottom + inset, right - inset, top - inset])
        target = io.BytesIO()
        document.save(target, deterministic_id=True)
    return target.getvalue()


@cache
def qr_code(address: str) -> str:
    """The QR code of an address as SVG, with the quiet zone that readers need; a quarter may be dirty (level Q)."""
    target = io.BytesIO()
    segno.make(address, error="q", micro=False).save(target, kind="svg", xmldecl=False, border=2, dark="#1d2034")
    return target.getvalue().decode()

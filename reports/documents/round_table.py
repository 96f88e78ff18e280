"""Documents of a round table: the list of guests, and name badges with the QR code for the door."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import segno

from reports import fonts
from reports.documents import typesetting
from reports.wording import LOCALES, Wording

HERE = Path(__file__).parent
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
"""These documents hang on no moment; the same guests give the same bytes."""


def guest_list(heading: Sequence[str], guests: Sequence[Sequence[str]], note: str, language: str) -> bytes:
    """A table of name, function and municipality, as PDF/UA-1."""
    wording = Wording(language if language in LOCALES else "de")
    header = [wording(f"round_table.{part}") for part in ("name", "function", "municipality")]
    content = {**_frame(heading, wording), "header": header, "guests": [list(row) for row in guests], "note": note}
    return typesetting.pdf(HERE / "guest_list.typ", content, FIRST_DAY)


def badges(heading: Sequence[str], guests: Sequence[Sequence[str]], language: str) -> bytes:
    """Eight badges on a page, each with name, function, municipality and a QR code, as PDF/UA-1."""
    wording = Wording(language if language in LOCALES else "de")
    rows = [{"lines": list(row[:3]), "code": _code(row[3])} for row in guests]
    content = {**_frame(heading, wording), "guests": rows, "code": wording("round_table.code")}
    return typesetting.pdf(HERE / "badges.typ", content, FIRST_DAY)


def _code(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _frame(heading: Sequence[str], wording: Wording) -> dict[str, object]:
    return {
        "title": heading[0],
        "heading": list(heading),
        "language": wording.language,
        "family": fonts.FAMILIES,
    }

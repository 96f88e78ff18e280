"""The pieces a document is made of, as plain data that becomes JSON for the template; a template holds no text.

Everything here is text or numbers already written for the reader. Typst receives it as data and never as source, so
a name may hold any markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports import fonts
from reports.figures.drawing import Figure, Table
from reports.wording import Wording
from scoring.release import MethodInfo, Release

SHORT = 12
PARAMETERS = ("quadrant_self", "quadrant_outside", "minimum_public", "minimum_own")
METHOD_PATH = "/ergebnisse/methode"
Content = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """What is asked of a document: the release with its SHA-256, the language, and the address of the site if known."""

    release: Release
    sha: str
    wording: Wording
    site: str = ""


def section(
    heading: str,
    lead: Sequence[str] = (),
    *,
    figures: Sequence[Content] = (),
    tables: Sequence[Content] = (),
    notes: Sequence[str] = (),
    quotes: Sequence[str] = (),
) -> Content:
    """A chapter: sentences, figures, tables, sentences, and what people said in their own words."""
    return {
        "heading": heading,
        "lead": list(lead),
        "figures": list(figures),
        "tables": list(tables),
        "notes": list(notes),
        "quotes": list(quotes),
    }


def figure(drawing: Figure) -> Content:
    """A figure for the template: its SVG and its text alternative; the caption is its table's."""
    return {"svg": drawing.svg, "alt": drawing.alternative, "caption": drawing.table.caption}


def paper_figure(drawing: Figure) -> Content:
    """A figure for paper only; the screen has something better in its place."""
    return figure(drawing) | {"paper": True}


def table(data: Table, widths: Sequence[str], *, words: Sequence[int] = (0,)) -> Content:
    """A table for the template; ``words`` are the columns set left, all others are numbers set right."""
    alignment = ["left" if column in words else "right" for column in range(len(data.header))]
    return {
        "caption": data.caption,
        "header": list(data.header),
        "rows": [list(row) for row in data.rows],
        "widths": list(widths),
        "align": alignment,
    }


def screen_table(drawing: Figure, *, words: Sequence[int] = (0,)) -> Content:
    """The data of a figure for the screen; on paper the drawing has its numbers in it or its finding beside it."""
    return table(drawing.table, ["1fr"] * len(drawing.table.header), words=words) | {"screen": True}


def frame(order: Order, title: str, author: str) -> Content:
    """What stands on every page: document title, language, marks, footer."""
    wording, release = order.wording, order.release
    draft = release.catalogue.status == "draft"
    return {
        "title": title,
        "author": author,
        "language": wording.language,
        "service": wording("frame.service"),
        "round": release.round.title,
        "demo": wording("frame.demo") if release.demo else None,
        "draft": wording("frame.draft") if draft else None,
        "release": wording("frame.release", sha=order.sha[:SHORT]),
        "method": wording("frame.method", version=release.method.version),
        "page": wording("frame.page"),
        "of": wording("frame.of"),
        "family": fonts.FAMILIES,
    }


def notices(order: Order) -> list[str]:
    """What a reader must know before anything else: invented data, draft catalogue."""
    wording, catalogue = order.wording, order.release.catalogue
    found = [wording("frame.demo_note")] if order.release.demo else []
    if catalogue.status == "draft":
        found.append(wording("frame.draft_note", version=catalogue.version))
    return found


def asked(order: Order, key: str, **names: str) -> str:
    """What was asked, in one paragraph."""
    catalogue, wording = order.release.catalogue, order.wording
    return wording(
        key,
        criteria=len(catalogue.criteria),
        items=len(catalogue.items),
        lowest=catalogue.levels[0].name[wording.language],
        highest=catalogue.levels[-1].name[wording.language],
        **names,
    )


def kicker(order: Order) -> str:
    """Round and its window."""
    info, wording = order.release.round, order.wording
    return wording(
        "municipal.kicker", round=info.title, opens=wording.date(info.opens), closes=wording.date(info.closes)
    )


def method(order: Order) -> Content:
    """The method on one page, with the address of the long text."""
    wording = order.wording
    names = ("scores", "intervals", "comparison", "pairs", "privacy", "rounding", "proof")
    catalogue = order.release.catalogue
    values = {"sha": order.sha, "version": order.release.method.version, "catalogue": catalogue.version}
    values |= {name: parameter(order.release.method, wording, name) for name in PARAMETERS}
    address = f"{order.site.rstrip('/')}{METHOD_PATH}" if order.site else wording("method.page", path=METHOD_PATH)
    return {
        "heading": wording("method.heading"),
        "parts": [
            {"heading": wording(f"method.{name}_heading"), "text": wording(f"method.{name}", **values)}
            for name in names
        ],
        "address": wording("method.address", address=address),
    }


def parameter(method: MethodInfo, wording: Wording, name: str) -> str:
    """A parameter of the method as the reader's number; ``KeyError`` if the release was made without it."""
    return wording.number(float(method.parameters[name]))

"""What a results page says: the contents of the printed report, so that screen and paper never differ.

They are made in the background, before or right after a release is published.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.releases import wanted
from app.releases.documents import Document
from app.releases.models import ReleaseRecord

REGION = "region"


@dataclass(frozen=True)
class Picture:
    """One figure: the drawing as SVG that can stand in a page, its text alternative, its caption."""

    svg: str
    alternative: str
    caption: str


@dataclass(frozen=True)
class Table:
    """One table: caption, and per column its header and whether it holds words or numbers."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter: sentences, figures, tables, sentences, and what people said in their own words."""

    heading: str
    lead: tuple[str, ...]
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A whole report. ``cover``, ``criteria`` and ``limits`` are as reports/documents makes them."""

    cover: dict[str, Any]
    chapters: tuple[Chapter, ...]
    criteria: dict[str, Any] | None
    limits: dict[str, Any] | None


def regional(record: ReleaseRecord, language: str) -> Report:
    """The report of the region."""
    return _written(_Source(record), Document(language, kind="region-page"))


def of_municipality(record: ReleaseRecord, ags: str, language: str, *, own: bool) -> Report:
    """The report of one municipality; ``NotInRelease`` if that audience may see nothing of it."""
    return _written(_Source(record), Document(language, ags, "own" if own else "public", "municipality-page"))


class _Source:
    """A release as a cache sees it: the same if it has the same name."""

    def __init__(self, record: ReleaseRecord) -> None:
        self.sha256, self.record = record.sha256, record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


@lru_cache(maxsize=32)
def _written(source: _Source, document: Document) -> Report:
    return _arranged(json.loads(wanted.document(source.record, document)))


def _arranged(content: dict[str, Any]) -> Report:
    chapters = tuple(_chapter(section) for section in content["sections"])
    return Report(content["cover"], chapters, content["criteria"], content["limits"])


def _chapter(section: dict[str, Any]) -> Chapter:
    return Chapter(
        section["heading"],
        tuple(section["lead"]),
        tuple(_picture(figure) for figure in section["figures"] if not figure.get("paper")),
        tuple(_table(table) for table in section["tables"]),
        tuple(section["notes"]),
        tuple(section["quotes"]),
    )


def _picture(figure: dict[str, Any]) -> Picture:
    return Picture(figure["svg"], figure["alt"], figure["caption"])


def _table(table: dict[str, Any]) -> Table:
    columns = tuple((name, side == "left") for name, side in zip(table["header"], table["align"], strict=True))
    return Table(table["caption"], columns, tuple(tuple(row) for row in table["rows"]))

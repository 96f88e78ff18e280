"""What a results page says: the contents of the printed report, so that screen and paper never differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from reports.documents import municipal, region
from reports.documents.content import Order
from reports.sheets import NotInRelease
from reports.wording import Wording
from scoring.release import Release

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
    return _report(record.sha256, language, release_of(record), None, False)


def of_municipality(record: ReleaseRecord, ags: str, language: str, *, own: bool) -> Report:
    """The report of one municipality; ``NotInRelease`` if that audience may see nothing of it."""
    return _report(record.sha256, language, release_of(record), ags, own)


class _Source:
    """A release as a cache sees it: the same if it has the same name."""

    def __init__(self, sha256: str, release: Release) -> None:
        self.sha256, self.release = sha256, release

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


def _report(sha256: str, language: str, release: Release, ags: str | None, own: bool) -> Report:
    return _written(_Source(sha256, release), language, ags, own)


@lru_cache(maxsize=96)
def _written(source: _Source, language: str, ags: str | None, own: bool) -> Report:
    order = Order(source.release, source.sha256, Wording(language))
    if ags is None:
        return _arranged(region.content(order))
    sheets = source.release.own if own else source.release.public
    if ags not in sheets:
        raise NotInRelease(ags, "own" if own else "public")
    return _arranged(municipal.content(order, sheets[ags], own=own))


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

"""PDF documents: a Typst template each, and the one function that renders them.

Every document is a tagged PDF/UA-1 made from a release only; the same release gives the same bytes.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from questionnaires.catalogue import Catalogue
from questionnaires.handed_in import HandedIn
from reports.documents import council, district, handed_in, municipal, region, typesetting, word
from reports.documents.content import Content, Order
from reports.documents.district import DistrictNotInRelease
from reports.sheets import Audience, NotInRelease, sha256_of, sheet_of
from reports.wording import Wording
from scoring.release import Release

__all__ = [
    "Audience",
    "DistrictNotInRelease",
    "NotInRelease",
    "council_docx",
    "council_paper",
    "district_report",
    "hand_in_record",
    "municipal_report",
    "on_screen",
    "regional_report",
    "render",
]

FOLDER = Path(__file__).parent
Name = Literal["municipal", "region", "district", "council", "handed_in"]


def municipal_report(
    release: Release, ags: str, language: str = "de", audience: Audience = "own", *, site: str = ""
) -> bytes:
    """The report of one municipality as PDF; ``NotInRelease`` if that audience has no sheet of it."""
    return render("municipal", release, language=language, ags=ags, audience=audience, site=site)


def regional_report(release: Release, language: str = "de", *, site: str = "") -> bytes:
    """The public report of the region as PDF."""
    return render("region", release, language=language, site=site)


def district_report(release: Release, ags: str, language: str = "de", *, site: str = "") -> bytes:
    """The public report of a district as PDF; ``DistrictNotInRelease`` for a key that is no district's."""
    return render("district", release, language=language, ags=ags, site=site)


def council_paper(release: Release, ags: str, language: str = "de", audience: Audience = "own") -> bytes:
    """The page for the council of a municipality as PDF; ``NotInRelease`` if that audience has no sheet of it."""
    return render("council", release, language=language, ags=ags, audience=audience)


def council_docx(release: Release, ags: str, language: str = "de", audience: Audience = "own") -> bytes:
    """The same page as DOCX, to paste into the council's information system."""
    content = _content("council", _Named(release), language, ags, audience, "")
    return word.document(typesetting.printable(content), _timestamp(release.round.closes))


def render(
    name: Name,
    release: Release,
    *,
    language: str = "de",
    ags: str | None = None,
    audience: Audience = "public",
    site: str = "",
) -> bytes:
    """The document ``name`` as PDF/UA-1 bytes; ``ags`` is the key of a municipality or, for a district, of that.

    ``audience`` chooses the sheets of a municipal report: what is public, or the municipality's own view. ``site`` is
    the address of the service, for the reference to the method page.
    """
    content = _content(name, _Named(release), language, ags, audience, site)
    return _compiled(name, content, _timestamp(release.round.closes))


def on_screen(
    name: Name,
    release: Release,
    *,
    language: str = "de",
    ags: str | None = None,
    audience: Audience = "public",
    site: str = "",
) -> bytes:
    """What the document says, its figures included, as JSON for a page; arguments as for ``render``."""
    return json.dumps(_content(name, _Named(release), language, ags, audience, site), ensure_ascii=False).encode()


class _Named:
    """A release as a cache sees it: the same if it has the same name."""

    def __init__(self, release: Release) -> None:
        self.sha256, self.release = sha256_of(release), release

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


# Paper and screen say the same, and the page for the council comes in two formats: drawn once for both.
@lru_cache(maxsize=2)
def _content(name: Name, named: _Named, language: str, ags: str | None, audience: Audience, site: str) -> Content:
    order = Order(named.release, named.sha256, Wording(language), site)
    if name == "region":
        return region.content(order)
    if name == "district":
        return district.content(order, ags)
    sheet = sheet_of(order.release, ags, audience)
    if name == "council":
        return council.content(order, sheet)
    return municipal.content(order, sheet, own=audience == "own")


def hand_in_record(signed: HandedIn, catalogue: Catalogue, language: str = "de") -> bytes:
    """What was handed in, exactly, as PDF/UA-1 bytes; made from the signed record and its catalogue only."""
    content = handed_in.content(signed, catalogue, Wording(language))
    return _compiled("handed_in", content, _timestamp(signed.handed_in_at))


def _compiled(name: Name, content: Content, timestamp: datetime) -> bytes:
    return typesetting.pdf(FOLDER / f"{name}.typ", content, timestamp)


def _timestamp(moment: str) -> datetime:
    """The day the round closed, or of the signature: a document made again tomorrow is the same document."""
    day = date.fromisoformat(moment[:10])
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

"""Letter, card, poster and flyer with the QR code of one distribution channel, and letters with one code each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reports import fonts
from reports.documents.printed.typesetting import BLEED, MARGIN_OF_PRESS, compiled, qr_code, with_boxes
from reports.documents.printed.wording import LANGUAGES, filled, page_settings, written_day


@dataclass(frozen=True)
class Format:
    """A printed format: its trimmed size in millimetres, and how big type (points), margin and QR code (mm) are."""

    width: float
    height: float
    margin: float
    size: float
    title: float
    band: float
    qr: float


FORMATS: dict[str, Format] = {
    "letter": Format(210, 297, 24, 12.5, 32, 70, 46),
    "card": Format(105, 148, 8, 7.6, 18, 42, 28),
    "poster": Format(297, 420, 24, 21.5, 60, 138, 96),
    "flyer": Format(99, 210, 9, 9.3, 21, 56, 40),
}


@dataclass(frozen=True)
class Place:
    """The municipality as it stands on paper. ``address`` is the full address of its page, without channel."""

    name: str
    region: str
    address: str
    until: dt.date
    demo: bool = False
    draft: bool = False

    @property
    def short_address(self) -> str:
        """What people type: the address without scheme."""
        return self.address.partition("://")[2]


def material(place: Place, name: str, language: str, channel: str = "", press: bool = False) -> bytes:
    """One format in one language as PDF; ``channel`` is the word that the QR code carries.

    ``KeyError`` for a format or language that is not printed.
    """
    pages = [_page(place.address, place.short_address, language, channel)]
    return _rendered(place, FORMATS[name], name, language, press, pages)


def code_letters(place: Place, entry: str, codes: Iterable[str], language: str) -> bytes:
    """A letter for each code (as it is written, in groups); ``entry`` is the full address at which codes are typed."""
    short = entry.partition("://")[2].rstrip("/")
    pages = [{**_page(f"{entry.rstrip('/')}/{code.replace('-', '')}", short, language), "code": code} for code in codes]
    return _rendered(place, FORMATS["letter"], "letter", language, False, pages)


def _page(address: str, short: str, language: str, channel: str = "") -> dict[str, Any]:
    arguments = [*([f"von={channel}"] if channel else []), f"lang={language}"]
    full = f"{address}?{'&'.join(arguments)}"
    return {"qr": qr_code(full), "target": full, "address": short, "code": None}


def _rendered(place: Place, form: Format, name: str, language: str, press: bool, pages: list[dict[str, Any]]) -> bytes:
    names = {"place": place.name, "region": place.region, "day": written_day(place.until, language)}
    texts = filled(language, names)
    content = {
        **page_settings(language),
        "families": fonts.FAMILIES,
        "format": {**vars(form), "name": name},
        "edge": MARGIN_OF_PRESS if press else 0.0,
        "bleed": BLEED if press else 0.0,
        "texts": texts,
        "place": place.name,
        "demo": texts["demo"] if place.demo else None,
        "names": list(LANGUAGES.values()),
        "pages": pages,
    }
    day = dt.datetime.combine(place.until, dt.time(), dt.UTC)
    pdf = compiled("material", content, day)
    return with_boxes(pdf) if press else pdf

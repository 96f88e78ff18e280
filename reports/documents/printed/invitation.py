"""The invitation to municipalities: a flyer of six panels (DIN lang, letter fold), and the same content for a page."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from reports import fonts
from reports.documents.draft_paper.fields import MINUTES, Facts
from reports.documents.printed.typesetting import BLEED, MARGIN_OF_PRESS, compiled, qr_code, with_boxes
from reports.figures import joined
from reports.figures.joined import Count

LOCALES = {"de": "de_DE", "en": "en_GB"}
WIDTH, HEIGHT = 297.0, 210.0
"""Millimetres of the open sheet."""
FOLDED_IN = 97.0
"""Millimetres of the panel that is folded inside; a little less, so that the sheet closes flat."""
Content = dict[str, Any]


def content(
    facts: Facts, address: str, counts: Sequence[Count], language: str = "de", *, neutral: bool = False
) -> Content:
    """What flyer and page say; ``address`` is that of the page, ``neutral`` names no municipality.

    ``counts`` are how many municipalities took part over the years.
    """
    drawn = joined.draw(tuple(counts), facts.municipalities, language)
    texts, words = _texts()[language], _words(facts, language, neutral=neutral)
    return {
        "lang": language,
        "title": texts["title"],
        "region": texts["region"].format_map(words),
        "to": texts["neutral" if neutral else "named"].format_map(words),
        "panels": [_panel(panel, words) for panel in texts["panel"]],
        "figure": {
            "svg": drawn.svg,
            "alt": drawn.alternative,
            "caption": texts["years"],
            "sources": [f"{count.shown}: {count.municipalities} ({count.source})" for count in counts],
        },
        "scan": texts["scan"],
        "address": address,
        "short": address.partition("://")[2],
        "alt": texts["alt"].format(address=address),
        "sender": texts["sender"].format_map(words),
        "stand": texts["stand"].format_map(words),
        "demo": texts["demo"] if facts.demo else None,
    }


def flyer(told: Content, day: dt.date, *, press: bool = False) -> bytes:
    """The flyer as PDF/UA-1, outer side first; ``press`` adds bleed, crop marks, fold marks and boxes."""
    pdf = compiled(
        "invitation",
        {
            **told,
            "families": fonts.FAMILIES,
            "sheet": {"width": WIDTH, "height": HEIGHT, "folded_in": FOLDED_IN},
            "edge": MARGIN_OF_PRESS if press else 0.0,
            "bleed": BLEED if press else 0.0,
            "qr": qr_code(told["address"]),
        },
        dt.datetime.combine(day, dt.time(), dt.UTC),
    )
    return with_boxes(pdf) if press else pdf


def _panel(panel: Mapping[str, Any], words: Mapping[str, str]) -> Content:
    filled = {key: [line.format_map(words) for line in panel.get(key, [])] for key in ("text", "items")}
    return {"heading": panel["heading"], **filled}


def _words(facts: Facts, language: str, *, neutral: bool) -> dict[str, str]:
    locale = LOCALES[language]
    return {
        "region": facts.region,
        "kommune": facts.name,
        "kommune_voll": f"{facts.kind} {facts.name}",
        "agentur": facts.agency,
        "datum": format_date(facts.day, "long", locale=locale),
        "criteria": str(facts.criteria),
        "core": str(facts.core),
        "core_hours": _hours(facts.core, language),
        "hours": _hours(facts.criteria, language),
        "stand_region": _region(facts, language, neutral=neutral),
    }


def _hours(criteria: int, language: str) -> str:
    """Half hours, at least one.

    >>> _hours(20, "de"), _hours(43, "de"), _hours(30, "en")
    ('eine Stunde', '2 Stunden', '1.5 hours')
    """
    halves = max(1, round(criteria * MINUTES / 30))
    number = format_decimal(halves / 2, locale=LOCALES[language])
    if halves == 2:
        return {"de": "eine Stunde", "en": "one hour"}[language]
    return f"{number} {({'de': 'Stunden', 'en': 'hours'})[language]}"


def _region(facts: Facts, language: str, *, neutral: bool) -> str:
    """How many take part, and in the municipality's own district; what was published before, while none has decided."""
    numbers = {"n": facts.decided or facts.reported, "of": facts.municipalities, "near": facts.near,
               "decided_near": facts.decided_near, "day": facts.reported_in, "district": facts.district}  # fmt: skip
    if not facts.decided:
        return {
            "de": "{n} von {of} Kommunen waren zuletzt dabei ({day}).",
            "en": "{n} of {of} municipalities took part when last counted ({day}).",
        }[language].format(**numbers)
    everybody = {
        "de": "{n} von {of} Kommunen haben die Teilnahme beschlossen."
        if facts.decided > 1
        else "Eine von {of} Kommunen hat die Teilnahme beschlossen.",
        "en": "{n} of {of} municipalities have decided to take part."
        if facts.decided > 1
        else "One of {of} municipalities has decided to take part.",
    }[language].format(**numbers)
    nearby = {
        "de": " In Ihrem Kreis ({district}): {decided_near} von {near}.",
        "en": " In your district ({district}): {decided_near} of {near}.",
    }[language].format(**numbers)
    return everybody + ("" if neutral or not facts.decided_near else nearby)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "invitation.toml").read_text("utf-8"))

"""The sentences on printed material, by language, with the day as that language writes it."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date

LANGUAGES: dict[str, str] = {
    "de": "Deutsch",
    "de-simple": "Leichte Sprache",
    "en": "English",
    "uk": "Українська",
    "ru": "Русский",
    "pl": "Polski",
    "ro": "Română",
    "tr": "Türkçe",
    "ar": "العربية",
    "fa": "فارسی / دری",
    "fr": "Français",
    "es": "Español",
}
"""Tag and own name of every language that can be printed."""
RIGHT_TO_LEFT = frozenset(("ar", "fa"))


@cache
def sentences(language: str) -> dict[str, str]:
    """Every sentence of a language by its key; ``KeyError`` for a language that is not printed."""
    found: dict[str, str] = _all()[language]
    return found


@cache
def _all() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))


def filled(language: str, names: Mapping[str, str]) -> dict[str, str]:
    """Every sentence with its names put in; a date that ends with a dot ends the sentence too."""
    texts = {key: text.format_map({"options": "", **names}) for key, text in sentences(language).items()}
    return {key: text.replace("..", ".") for key, text in texts.items()}


def base_of(language: str) -> str:
    """The language whose rules hold for hyphens and dates: easy German is German."""
    return language.partition("-")[0]


def written_day(day: dt.date, language: str) -> str:
    """The day in full, such as 31. Dezember 2026."""
    return format_date(day, "long", locale=base_of(language))


def page_settings(language: str) -> dict[str, Any]:
    """What the template needs to set text in a language."""
    return {"lang": base_of(language), "rtl": language in RIGHT_TO_LEFT, "hyphenate": language != "de-simple"}

"""Sentences and numbers as a reader of one language writes them; the texts stand in ``texts/<language>.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

LOCALES = {"de": "de_DE", "en": "en_GB"}
SHORT_DAYS = {"de": "d.M.", "en": "d MMM"}
NOTHING = "–"
_FOLDER = Path(__file__).parent / "texts"


class LanguageNotOffered(ValueError):
    """Reports do not exist in that language."""

    def __init__(self, language: str) -> None:
        super().__init__(f"Berichte gibt es in {', '.join(LOCALES)}, nicht in „{language}“.")


class Wording:
    """The texts and the number formats of one language; ``LanguageNotOffered`` for one that has none.

    A value of ``None`` reads as a dash everywhere: suppressed and empty look the same.
    """

    def __init__(self, language: str = "de") -> None:
        if language not in LOCALES:
            raise LanguageNotOffered(language)
        self.language = language
        self.locale = LOCALES[language]
        self._texts = texts_of(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key such as ``bands.better`` with its values filled in; ``KeyError`` if there is none."""
        return self._texts[key].format(**values)

    def section(self, name: str) -> dict[str, str]:
        """All texts below ``name`` that need no value, by the last part of their key."""
        prefix = name + "."
        return {key.removeprefix(prefix): text for key, text in self._texts.items() if key.startswith(prefix)}

    def counted(self, key: str, count: int, **values: object) -> str:
        """The text ``key.one`` or ``key.other`` with the number ``n`` filled in; ``key.none`` for 0 if it exists."""
        form = "one" if count == 1 else "none" if count == 0 and f"{key}.none" in self._texts else "other"
        return self(f"{key}.{form}", n=self.number(count), **values)

    def number(self, value: float | None, digits: int = 0) -> str:
        """``value`` with ``digits`` decimals and a real minus sign."""
        if value is None:
            return NOTHING
        return _decimal(round(value, digits) + 0.0, digits, self.locale)  # adding zero turns −0 into 0

    def signed(self, value: float | None) -> str:
        """``value`` as whole number with its sign."""
        text = self.number(value)
        return f"+{text}" if value is not None and round(value) > 0 else text

    def percent(self, share: float | None) -> str:
        """A share of 0 to 1 as whole per cent."""
        if share is None:
            return NOTHING
        return f"{self.number(share * 100)}{self('numbers.percent')}"

    def interval(self, low: float | None, high: float | None) -> str:
        """Both ends of an interval of scores."""
        if low is None or high is None:
            return NOTHING
        return self("numbers.interval", low=self.number(low), high=self.number(high))

    def signed_interval(self, low: float | None, high: float | None) -> str:
        """Both ends of an interval of differences, each with its sign."""
        if low is None or high is None:
            return NOTHING
        return self("numbers.interval", low=self.signed(low), high=self.signed(high))

    def date(self, iso: str) -> str:
        """A day given as ISO text, written out; the text itself if it is no date."""
        try:
            return str(format_date(dt.date.fromisoformat(iso[:10]), "long", locale=self.locale))
        except ValueError:
            return iso

    def short_day(self, day: dt.date) -> str:
        """A day as short as a narrow column needs it, without its year."""
        return str(format_date(day, SHORT_DAYS[self.language], locale=self.locale))

    def language_name(self, tag: str, own: Mapping[str, str]) -> str:
        """A language as the reader calls it; one that has no name there goes by its ``own`` from its file."""
        return Locale.parse(self.locale).languages.get(tag) or own.get(tag, tag)

    def listing(self, parts: Sequence[str]) -> str:
        """The parts as a sentence lists them: a, b und c."""
        return str(format_list(parts, locale=self.locale))


@lru_cache(maxsize=4096)
def _decimal(value: float, digits: int, locale: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, pattern, locale=locale)).replace("-", "\N{MINUS SIGN}")


@cache
def texts_of(language: str) -> dict[str, str]:
    """All texts of a language by dotted key."""
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file)))


def _flat(tree: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return pairs

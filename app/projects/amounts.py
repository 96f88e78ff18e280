"""Amounts with decimals and a unit: stored exactly, read as people write them, written in the reader's language."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import format_decimal
from sqlalchemy import BigInteger
from sqlalchemy.types import TypeDecorator

from app.web.formats import MISSING, percent
from app.web.language import current_language

MOST = 1_000_000_000
PER_CENT = "%"
WRITTEN = {"de": (r"\.", ","), "en": (",", r"\.")}
"""What stands between thousands and before decimals."""


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places, as the whole number of its hundredths: exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        """As stored."""
        return None if value is None else int(Decimal(value).scaleb(2))

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        """As computed with."""
        return None if value is None else Decimal(value).scaleb(-2)


class Typed(NamedTuple):
    """What somebody wrote: a number, and a unit behind it if there was one."""

    number: Decimal
    unit: str


def read(text: str, language: str) -> Typed | None:
    """An amount in the reader's language, or in the other one where it can mean nothing else; ``None`` if it is none.

    >>> [str(read(text, "de").number) for text in ("1.234,5 Std.", "59", "12,5 %", "12.5", "1.000")]
    ['1234.5', '59', '12.5', '12.5', '1000']
    >>> [str(read(text, "en").number) for text in ("1,234.5", "12,5", "1,000")]
    ['1234.5', '12.5', '1000']
    >>> read("12,5 %", "de").unit
    '%'
    >>> [read(text, "de") for text in ("1,000", "-3", "viele", "12,345", "99.999.999.999")]
    [None, None, None, None, None]
    """
    other = next(tag for tag in WRITTEN if tag != language)
    found = _pattern(language, "?").fullmatch(text.strip()) or _pattern(other, "").fullmatch(text.strip())
    if found is None:
        return None
    number = Decimal(f"{re.sub(r'[.,]', '', found[1])}.{found[2] or ''}")
    return Typed(number, found[3]) if number <= MOST else None


def _pattern(language: str, how_many: str) -> re.Pattern[str]:
    thousands, decimals = WRITTEN[language]
    whole = rf"(\d{{1,3}}(?:{thousands}\d{{3}})+|\d{{1,10}})"
    return re.compile(rf"{whole}(?:{decimals}(\d{{1,2}})){how_many}\s*((?:[^\d\s.,+-].*)?)", re.ASCII)


def plain(number: Decimal | int) -> str:
    """A number for a form, without marks between thousands."""
    return str(format_decimal(number, format="0.##"))


def written(number: Decimal | int | None, unit: str = "") -> str:
    """An amount with its unit and as many decimals as it has; a dash where there is none."""
    if number is None:
        return MISSING
    if unit == PER_CENT:
        return percent(Decimal(number) / 100, decimals_of(number))
    shown = str(format_decimal(number, format="#,##0.##"))
    return f"{shown}\N{NO-BREAK SPACE}{unit}" if unit else shown


def decimals_of(number: Decimal | int) -> int:
    """How many decimals a number has, without zeros at its end.

    >>> [decimals_of(Decimal(text)) for text in ("12.50", "20.00", "0.25", "100")]
    [1, 0, 2, 0]
    """
    exponent = Decimal(number).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def read_here(text: str) -> Typed | None:
    """An amount in the language of the page."""
    return read(text, current_language().tag)

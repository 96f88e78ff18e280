"""Numbers and dates as the reader's language writes them. Rounding happens here and nowhere before."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, format_percent, get_locale

MISSING = "–"
LONG_DATES = {"en": "d MMMM y", "ru": "d MMMM y", "uk": "d MMMM y"}
"""Russian and Ukrainian without the abbreviated word for year, whose full stop would stand before that of the sentence;
English as in Europe, like its spelling here."""
SHORT_DATES = {"en": "d MMM y"}


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def number(value: float | None, digits: int = 0) -> str:
    """``value`` with thousands separators and ``digits`` decimals; a dash where there is none."""
    return MISSING if value is None else str(format_decimal(value, format=_pattern(digits)))


def percent(share: float | Decimal | None, digits: int = 0) -> str:
    """A share from 0 to 1 as a percentage; a dash where there is none."""
    if share is None:
        return MISSING
    whole = (get_locale() or Locale("de")).percent_formats[None].pattern
    return str(format_percent(share, format=whole.replace("#,##0", _pattern(digits))))


def score(value: float | None) -> str:
    """A score from 0 to 100 with one decimal; a dash where there is none."""
    return number(value, digits=1)


def _language() -> str:
    return (get_locale() or Locale("de")).language


def long_date(day: date | None) -> str:
    """A day written out, as in "22. November 2026"; a dash where there is none."""
    return MISSING if day is None else format_date(day, LONG_DATES.get(_language(), "long"))


def short_date(day: date | None) -> str:
    """A day in figures for narrow columns, as in "22.11.2026"; a dash where there is none."""
    return MISSING if day is None else format_date(day, SHORT_DATES.get(_language(), "medium"))


def date_time(moment: datetime | None) -> str:
    """A moment to the minute in the region's time zone; a dash where there is none."""
    if moment is None:
        return MISSING
    day = SHORT_DATES.get(_language())
    return format_datetime(moment, f"{day}, HH:mm" if day else "medium")


def register(app: Flask) -> None:
    """Offer the formats to templates as filters."""
    app.jinja_env.filters.update(
        number=number, percent=percent, score=score, date=long_date, short_date=short_date, date_time=date_time
    )

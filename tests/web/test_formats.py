"""Numbers and dates read as the reader's language writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from app.web import formats, language

ASCII_GERMAN = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})


@pytest.fixture(scope="module")
def reader() -> Iterator[Flask]:
    app = Flask("formats", static_folder=None)
    language.register(app)
    with app.app_context():
        yield app


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("de", ("1.234", "62,4", "73 %", "22. November 2026")),
        ("en", ("1,234", "62.4", "73%", "22 November 2026")),
    ],
)
def test_numbers_and_dates_follow_the_language(tag: str, written: tuple[str, ...]) -> None:
    with force_locale(tag):
        found = (
            formats.number(1234),
            formats.score(62.44),
            formats.percent(0.734),
            formats.long_date(dt.date(2026, 11, 22)),
        )
    assert tuple(text.translate(ASCII_GERMAN) for text in found) == written


@pytest.mark.usefixtures("reader")
def test_a_moment_is_told_in_the_regions_time() -> None:
    with force_locale("de"):
        assert "13:30" in formats.date_time(dt.datetime(2026, 11, 22, 12, 30, tzinfo=dt.UTC))


def test_what_is_missing_is_a_dash() -> None:
    assert {f(None) for f in (formats.number, formats.percent, formats.score, formats.long_date)} == {"–"}


@pytest.mark.usefixtures("reader")
@given(st.floats(min_value=0, max_value=100))
def test_a_score_keeps_its_value_to_one_decimal(value: float) -> None:
    with force_locale("de"):
        assert abs(float(formats.score(value).replace(",", ".")) - value) <= 0.05 + 1e-9

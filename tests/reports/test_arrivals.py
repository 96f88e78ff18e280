"""Answers week by week: no text on another, and the sentence says how many there are and how many are wanted."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.figures import arrivals, drawing
from tests.reports.test_figures import check_texts, check_words

START = dt.date(2026, 9, 6)


def weeks(*numbers: int) -> tuple[tuple[dt.date, int], ...]:
    return tuple((START + dt.timedelta(weeks=week), number) for week, number in enumerate(numbers))


CASES = {
    "none": ((), 30),
    "none wanted": ((), None),
    "one": (weeks(7), 30),
    "nobody": (weeks(0, 0, 0), 30),
    "all equal": (weeks(*[12] * 9), 12),
    "a year": (weeks(*range(0, 530, 10)), 45),
    "a whole country": (weeks(100, 1_000_000, 9_999_999), 30),
    "far from it": (weeks(1, 2), 9_000),
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("case", CASES)
def test_no_text_stands_on_another_or_outside(case: str, language: str, monkeypatch: pytest.MonkeyPatch):
    drawn: list[drawing.Canvas] = []
    monkeypatch.setattr(drawing.Canvas, "svg", lambda canvas, _title: drawn.append(canvas) or "<svg/>")
    arrivals.draw.cache_clear()
    check_words(case, arrivals.draw(*CASES[case], language))
    arrivals.draw.cache_clear()
    check_texts(case, drawn[0])

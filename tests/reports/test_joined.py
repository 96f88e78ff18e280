"""The curve of those who take part: every count with its source, and no two texts on one another."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.figures.joined import Count, draw, plan
from reports.wording import Wording
from tests.reports.test_figures import check_texts

KNOWN = (
    Count(dt.date(2018, 3, 31), "Frühjahr 2018", 30, "eine Zeitung", "https://example.org"),
    Count(dt.date(2019, 11, 14), "14. November 2019", 38, "die Agentur"),
)
CASES = {
    "none": ([], 59),
    "one": (KNOWN[:1], 59),
    "two": (KNOWN, 59),
    "same day twice": ([KNOWN[0], KNOWN[0]], 59),
    "all equal": ([Count(dt.date(2000 + year, 1, 1), str(year), 5, "") for year in range(40)], 5),
    "a day apart": ([Count(dt.date(2020, 1, 1 + day), str(day), day, "") for day in range(28)], 59),
    "ten thousand": ([Count(dt.date(2020, 1, 1), "x", 9_000, ""), Count(dt.date(2024, 1, 1), "y", 10_000, "")], 10_000),
    "none take part": ([Count(dt.date(2020, 1, 1), "x", 0, "")], 0),
}


@pytest.mark.parametrize("case", CASES)
def test_no_text_stands_on_another_or_outside(case):
    check_texts(case, plan(*CASES[case], Wording("de")))


def test_the_finding_and_every_source_are_told_in_words():
    figure = draw(KNOWN, 59)
    assert figure.alternative == (
        "Zahl der teilnehmenden Kommunen: 30 von 59 (Frühjahr 2018), zuletzt 38 von 59 (14. November 2019)."
    )
    assert figure.table.rows == (("Frühjahr 2018", "30", "eine Zeitung"), ("14. November 2019", "38", "die Agentur"))


def test_an_empty_curve_says_so():
    assert draw((), 59, "en").alternative == "How many municipalities take part is not known yet."


def test_the_same_counts_are_drawn_once():
    assert draw(KNOWN, 59) is draw(tuple(KNOWN), 59)
    assert draw(KNOWN, 59) is not draw(KNOWN, 59, "en")
    assert draw(KNOWN[:1], 59).table != draw(KNOWN, 59).table

"""Numbers and sentences in both languages."""

from __future__ import annotations

import string

import pytest

from reports.wording import LOCALES, LanguageNotOffered, Wording, texts_of


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_exists_in_every_language_with_the_same_values():
    german = texts_of("de")
    for language in LOCALES:
        texts = texts_of(language)
        assert texts.keys() == german.keys()
        assert {key for key in german if fields(german[key]) != fields(texts[key])} == set()


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", ("1.234,5", "12\u00a0%", "−3", "+3", "0")), ("en", ("1,234.5", "12%", "−3", "+3", "0"))],
)
def test_numbers_follow_the_locale(language, expected):
    wording = Wording(language)
    written = (
        wording.number(1234.5, 1),
        wording.percent(0.123),
        wording.signed(-2.6),
        wording.signed(2.6),
        wording.signed(-0.3),
    )
    assert written == expected


def test_nothing_is_a_dash_whatever_it_is_of():
    wording = Wording("de")
    empty = [wording.number(None), wording.percent(None), wording.signed(None), wording.interval(None, 3)]
    assert empty == ["–"] * 4


def test_counts_choose_the_right_form():
    wording = Wording("de")
    assert [wording.counted("municipalities", n) for n in (0, 1, 2)] == ["keine Kommune", "eine Kommune", "2 Kommunen"]


def test_dates_and_lists_are_written_out():
    assert Wording("de").date("2026-03-01") == "1. März 2026"
    assert Wording("en").date("2026-03-01") == "1 March 2026"
    assert Wording("de").date("demnächst") == "demnächst"
    assert Wording("de").listing(["a", "b", "c"]) == "a, b und c"


def test_values_with_braces_are_only_text():
    assert Wording("de")("municipal.title", name="{x}") == "Wie gut kommen Neue in {x} an?"


def test_a_language_without_texts_is_refused():
    with pytest.raises(LanguageNotOffered):
        Wording("fr")

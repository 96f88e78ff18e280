"""Every German text has its counterpart in each language that shows it, with the same places for numbers and names.

English has the whole interface; the other ten languages have what newcomers read (translations/newcomers.cfg).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from app.web.language import NEWCOMERS, TRANSLATIONS

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
LOCALES = [language.locale for tag, language in NEWCOMERS.items() if tag != "de"]


@cache
def used(locale: str) -> frozenset[str]:
    """Every German text that code and templates ask a translation into this language for."""
    mapping = TRANSLATIONS / ("babel.cfg" if locale == "en" else "newcomers.cfg")
    with mapping.open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT / "app", method_map=methods, options_map=options, keywords=KEYWORDS)
    return frozenset(single(texts) for _file, _line, texts, _comments, _context in found)


@cache
def written(locale: str) -> Catalog:
    with (TRANSLATIONS / locale / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def single(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def test_the_interface_has_texts_and_newcomers_read_a_part_of_them() -> None:
    assert len(used("en")) > 500
    assert 100 < len(used("uk")) < 250
    assert used("uk") <= used("en")


def test_every_language_that_newcomers_are_offered_has_a_file_and_no_other() -> None:
    assert sorted(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")) == sorted(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated(locale: str) -> None:
    translated = {single(message.id) for message in written(locale) if message.id and single(message.string)}
    assert sorted(used(locale) - translated) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_left_over(locale: str) -> None:
    assert sorted({single(message.id) for message in written(locale) if message.id} - used(locale)) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_keep_every_place_for_a_value(locale: str) -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)[sd]", text))

    wrong = [m.id for m in written(locale) if m.id and places(single(m.id)) != places(single(m.string))]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_compiled_is_what_is_written(locale: str) -> None:
    with (TRANSLATIONS / locale / "LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = read_mo(file)
    for message in written(locale):
        if message.id:
            assert single(compiled[single(message.id)].string) == single(message.string)

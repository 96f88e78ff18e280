"""Every German text of the interface has its English counterpart, with the same places for numbers and names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "app/web/translations/en/LC_MESSAGES/messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Every German text that code and templates ask a translation for."""
    found = extract_from_dir(ROOT / "app", method_map=METHODS, keywords=KEYWORDS)
    return {texts if isinstance(texts, str) else texts[0] for _file, _line, texts, _comments, _context in found}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def single(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def test_the_interface_has_texts(used: set[str]) -> None:
    assert len(used) > 100


def test_every_text_is_translated(used: set[str], english: Catalog) -> None:
    translated = {single(message.id) for message in english if message.id and single(message.string)}
    assert sorted(used - translated) == []


def test_no_translation_is_left_over(used: set[str], english: Catalog) -> None:
    assert sorted({single(message.id) for message in english if message.id} - used) == []


def test_translations_keep_every_place_for_a_value(english: Catalog) -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)[sd]", text))

    wrong = [m.id for m in english if m.id and places(single(m.id)) != places(single(m.string))]
    assert wrong == []


def test_what_is_compiled_is_what_is_written(english: Catalog) -> None:
    with ENGLISH.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    for message in english:
        if message.id:
            assert single(compiled[single(message.id)].string) == single(message.string)

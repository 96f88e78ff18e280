"""Paper sheets, typed by keyboard alone: few enough keys for a sheet in under forty seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from questionnaires.answers import decode_profile, decode_ratings, shown_items
from questionnaires.loading import builtin
from tests.accounts.login import PASSWORD, make_user
from tests.browser.conftest import patient_context, violations
from tests.browser.small import small_service
from tests.feedback.served import rows

OLPE = "05966024"
EMAIL = "eingabe@example.org"
SHEET = "/kommune/befragung/eingabe"
SECONDS, KEYS_A_SECOND = 40, 2
"""A slow hand: somebody who looks back and forth between sheet and screen hits two keys a second."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paper")


@pytest.fixture(scope="module")
def page(chromium: Browser, folder: Path) -> Iterator[Page]:
    """Somebody who types sheets in, logged in."""

    def prepare(app: Flask) -> None:
        make_user(app, "editor", municipality=OLPE, email=EMAIL)

    with small_service(folder, prepare) as address:
        context = patient_context(chromium, base_url=address, locale="de-DE")
        page = context.new_page()
        page.goto("/konto/anmelden")
        page.locator("input[name=email]").fill(EMAIL)
        page.locator("input[name=password]").fill(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        yield page
        context.close()


class Keyboard:
    """Hits keys and counts them; there is no mouse."""

    def __init__(self, page: Page) -> None:
        self._page, self.keys = page, 0

    def hit(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
        self.keys += len(keys)

    def save(self) -> None:
        """The last Enter, which leads to the next empty sheet."""
        with self._page.expect_navigation():
            self.hit("Enter")


def stored(folder: Path) -> list[tuple]:
    query = "SELECT ratings, profile, channel, language FROM response"
    return rows(folder / "willkommenskompass.sqlite3", query)


RATINGS = "543215432154321540"
"""The eighteen digits of a sheet; 0 stands for "betrifft mich nicht"."""


def test_a_whole_sheet_takes_few_enough_keys_and_is_stored_as_typed(page: Page, folder: Path):
    page.goto(SHEET)
    before = len(stored(folder))
    keyboard = Keyboard(page)
    keyboard.hit("3", "2", "1", "3", "Enter", "2", *RATINGS)
    keyboard.hit(*"Nachbarn", "Enter", *"Kitaplatz", "Enter")
    keyboard.save()
    assert keyboard.keys <= SECONDS * KEYS_A_SECOND
    assert len(stored(folder)) == before + 1
    [(ratings, profile, channel, language)] = [row for row in stored(folder) if row[0].startswith("5432")]
    options = {question.id: [option.id for option in question.options] for question in builtin().profile_questions}
    chosen = {
        "D1": {options["D1"][2]},
        "D2": {options["D2"][1]},
        "D3": {options["D3"][0], options["D3"][2]},
        "D4": {options["D4"][1]},
    }
    assert decode_profile(builtin(), profile) == chosen
    shown = shown_items(builtin(), {question: frozenset(answers) for question, answers in chosen.items()})
    typed = zip(builtin().items, RATINGS.replace("0", "-"), strict=True)
    expected = [digit if item.id in shown else "." for item, digit in typed]
    assert list(decode_ratings(builtin(), ratings).values()) == expected
    assert (channel, language) == ("paper", "de")


def test_the_next_sheet_begins_at_once_in_the_same_language(page: Page, folder: Path):
    page.goto(SHEET)
    page.locator("#sprache").select_option("uk")
    page.locator("#D1").focus()
    keyboard = Keyboard(page)
    for digit in "45":
        keyboard.hit("1", "1", "Enter", "1", digit, *["Enter"] * 17, "Enter", "Enter")
        keyboard.save()
        assert page.evaluate("document.activeElement.id") == "D1"
        assert page.locator("#sprache").input_value() == "uk"
    assert [row[3] for row in stored(folder) if row[0][0] == "4"] == ["uk"]


def test_a_wrong_key_is_where_the_next_key_goes(page: Page, folder: Path):
    page.goto(SHEET)
    before = len(stored(folder))
    keyboard = Keyboard(page)
    keyboard.hit("1", "1", "Enter", "1", "9", *["Enter"] * 19)
    keyboard.save()
    assert page.evaluate("document.activeElement.id") == "N01"
    assert violations(page) == []
    keyboard.hit("2", *["Enter"] * 19)
    keyboard.save()
    assert len(stored(folder)) == before + 1


def test_the_last_sheet_is_taken_back_by_keyboard(page: Page, folder: Path):
    page.goto(SHEET)
    keyboard = Keyboard(page)
    keyboard.hit("1", "1", "Enter", "1", "3", *["Enter"] * 19)
    keyboard.save()
    before = len(stored(folder))
    button = page.get_by_role("button", name="Letzten Bogen zurücknehmen")
    for _step in range(40):
        if button.evaluate("button => button === document.activeElement"):
            break
        keyboard.hit("Shift+Tab")
    keyboard.save()
    assert len(stored(folder)) == before - 1


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_screen(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(SHEET)
    assert violations(page) == []

"""The newcomers' pages in a browser: every language and state under axe, by keyboard, as a screen reader hears them.

One small service of its own, one browser: many pages, few starts.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.database import db
from app.feedback.codes import digest
from app.feedback.models import AccessCode
from app.web.language import NEWCOMERS, Language
from questionnaires.answers import asked_profile, shown_items
from questionnaires.loading import builtin
from tests.browser.conftest import COLOURS, overflow, patient_context, violations
from tests.browser.small import small_service

NOT_INVITED, PLACE = "arnsberg", "olpe"
CODE, NO_CODE = "7K3M9QWX2AB6", "7K3M9QWX2AC8"
LANGUAGES = pytest.mark.parametrize("language", NEWCOMERS.values(), ids=NEWCOMERS)
NARROW = 320
"""Pixels: a small phone, and a desk's 1280 enlarged to 400 per cent."""
STATES = {
    "empty": f"/f/{PLACE}",
    "thanks": f"/f/{PLACE}/danke",
    "closed": f"/f/{NOT_INVITED}",
    "anonymity": "/f/anonym",
    "unknown": "/f/gibt-es-nicht",
    "choice": "/f/",
    "code": "/c/",
    "form by code": f"/c/{CODE}",
    "code that fits nowhere": f"/c/{NO_CODE}",
    "code mistyped": "/c/7K3M",
    "no such page": "/f/olpe/nichts/da",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with one open round, to which one municipality is not invited: its address."""
    with small_service(tmp_path_factory.mktemp("newcomers"), issue_code) as address:
        yield address


def issue_code(_app: Flask) -> None:
    """One access code of the municipality."""
    place = {"round_id": 1, "municipality_ags": "05966024"}
    db.session.add(AccessCode(**place, digest=digest(CODE)))
    db.session.commit()


@pytest.fixture(scope="module")
def tab(chromium: Browser, served: str) -> Iterator[Page]:
    """One page for all tests, at the width where most goes wrong."""
    context = patient_context(chromium, base_url=served, viewport={"width": NARROW, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab: Page) -> Page:
    """The page of a device that keeps nothing of an earlier visit."""
    tab.goto("/f/anonym")
    tab.evaluate("localStorage.clear()")
    return tab


def faults(page: Page, where: str) -> list[str]:
    """What axe finds in light, what it finds in the colours of the dark, and how far one would scroll sideways."""
    found = [f"{where}, light: {line}" for line in violations(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"{where}, dark: {line}" for line in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    if wider := overflow(page):
        found += [f"{where}: {wider} px too wide"] if wider > 0 else []
    return found


@LANGUAGES
def test_every_state_is_accessible_light_and_dark_on_a_phone_and_enlarged(page: Page, language: Language):
    found = []
    for state, path in STATES.items():
        page.goto(f"{path}?lang={language.tag}")
        found += faults(page, f"{language.tag} {state}")
    page.goto(f"/f/{PLACE}?lang={language.tag}")
    fill_in(page)
    found += faults(page, f"{language.tag} filled")
    break_something(page)
    found += faults(page, f"{language.tag} errors")
    assert found == []


def fill_in(page: Page) -> None:
    """Something in every kind of question."""
    page.locator("input[name=D1][value='1_to_2_years']").check()
    page.locator("input[name=D3][value=children]").check()
    page.locator("input[name=N10][value='4']").check()
    page.locator("textarea[name=O1]").fill("…")


def break_something(page: Page) -> None:
    """Send a rating that there is not, as only a program could."""
    page.locator("input[name=N01][value='5']").evaluate("box => { box.value = '7'; box.checked = true }")
    with page.expect_navigation():
        page.locator("button[type=submit]").click()


@LANGUAGES
def test_mistakes_are_linked_from_a_summary_that_has_the_focus_and_what_was_typed_stays(page: Page, language: Language):
    page.goto(f"/f/{PLACE}?lang={language.tag}")
    fill_in(page)
    break_something(page)
    assert page.evaluate("document.activeElement.id") == "fehler"
    page.locator("#fehler a").first.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash") in ("N01", "#N01")
    assert page.locator("input[name=D1][value='1_to_2_years']").is_checked()
    assert page.locator("textarea[name=O1]").input_value() == "…"


@pytest.mark.parametrize("tag", ["de", "de-simple", "uk", "ar"])
def test_the_whole_form_is_filled_in_and_sent_by_keyboard(page: Page, tag: str):
    """From the top of the page, by the link that skips what is above: the second answer to every question."""
    page.goto(f"/f/{PLACE}?lang={tag}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash") in ("inhalt", "#inhalt")
    with page.expect_request(lambda request: request.method == "POST") as sending:
        kinds = walk_by_keyboard(page)
    sent = parse_qs(sending.value.post_data or "")
    page.wait_for_url(f"**/danke?lang={tag}")
    singles = [question for question in builtin().profile_questions if question.kind == "single"]
    for question in singles:
        assert sent[question.id] == [question.options[1].id]
    rated = {item.id for item in builtin().items} & set(sent)
    assert len(rated) == kinds.count("radio") - len(singles) > 10
    assert {answer for item in rated for answer in sent[item]} == {"2"}
    assert sent["O1"] == [WORDS[tag]]


WORDS = {"de": "schön", "de-simple": "schön", "uk": "дякую", "ar": "شكرا"}


def walk_by_keyboard(page: Page) -> list[str]:
    """Tab from field to field and answer each, until the form is sent; the kinds of fields that came."""
    kinds: list[str] = []
    tag = page.evaluate("document.documentElement.lang")
    while len(kinds) < 80:
        page.keyboard.press("Tab")
        kinds.append(page.evaluate("document.activeElement.type || ''"))
        if kinds[-1] == "radio":
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        elif kinds[-1] == "textarea":
            page.keyboard.type(WORDS[tag])
        elif kinds[-1] == "submit":
            page.keyboard.press("Enter")
            return kinds
    raise AssertionError(f"the button was never reached: {kinds}")


@LANGUAGES
def test_a_screen_reader_hears_heading_language_questions_and_answers_in_order(page: Page, language: Language):
    """The accessibility tree: every group by its question, answers by their names, in the order of the page."""
    page.goto(f"/f/{PLACE}?lang={language.tag}")
    page.locator("input[name=D3][value=children]").check()
    tree = page.locator("form").aria_snapshot()
    catalogue = builtin()
    chosen = {"D3": frozenset({"children"})}
    shown = [item for item in catalogue.items if item.id in shown_items(catalogue, chosen)]
    items = sorted(shown, key=lambda item: item.about != "arrival")
    first = catalogue.profile_questions[0]
    heard = [
        *(question.text[language.tag] for question in catalogue.profile_questions),
        *(item.text[language.tag] for item in items),
        *(question.text[language.tag] for question in catalogue.open_questions),
    ]
    places = [tree.find(text.replace('"', '\\"')) for text in heard]
    assert -1 not in places, [text for text, place in zip(heard, places, strict=True) if place < 0]
    assert places == sorted(places)
    assert tree.count("- radio ") == 6 * len(items) + sum(
        len(q.options) + 1 for q in catalogue.profile_questions if q.kind == "single"
    )
    assert all(f'radio "{option.text[language.tag]}"' in tree for option in first.options)
    assert tree.count("- button ") == 1


def test_the_script_shows_what_the_rules_say_for_every_profile(page: Page):
    """The script and ``questionnaires.answers`` mean the same by a rule: all residences and origins, many targets."""
    catalogue, draw = builtin(), random.Random(5)
    questions = {question.id: [option.id for option in question.options] for question in catalogue.profile_questions}
    page.goto(f"/f/{PLACE}?lang=de")
    for residence, origin in itertools.product(["", *questions["D1"]], ["", *questions["D2"]]):
        targets = frozenset(option for option in questions["D3"] if draw.random() < 0.3)
        profile = {"D1": frozenset({residence} - {""}), "D2": frozenset({origin} - {""}), "D3": targets}
        visible = page.evaluate(CHOOSE, {"D1": [residence], "D2": [origin], "D3": sorted(targets)})
        expected = shown_items(catalogue, profile) | {
            question.id
            for question in catalogue.profile_questions
            if question.id != "D2" or "not_moved" not in profile["D1"]
        }
        assert set(visible) == expected, asked_profile(catalogue, profile)


CHOOSE = """profile => {
  for (const [name, values] of Object.entries(profile)) {
    for (const box of document.querySelectorAll(`[name="${name}"]`)) {
      box.checked = values.includes(box.value);
    }
  }
  document.querySelector("form").dispatchEvent(new Event("change", { bubbles: true }));
  return [...document.querySelectorAll("fieldset.fb-question")].filter((set) => set.checkVisibility())
    .map((set) => set.querySelector("input").name);
}"""


def test_without_script_everything_is_there_and_can_be_sent(chromium: Browser, served: str):
    context = patient_context(chromium, base_url=served, java_script_enabled=False)
    bare = context.new_page()
    bare.goto(f"/f/{PLACE}?lang=fa")
    assert bare.locator("fieldset.fb-question:visible").count() == 22
    bare.locator("input[name=N05][value='-']").check()
    bare.locator("button[type=submit]").click()
    assert bare.url.endswith(f"/f/{PLACE}/danke?lang=fa")
    context.close()


@pytest.mark.parametrize("tag", ["de", "ar"])
def test_the_form_is_complete_with_nothing_but_its_page(chromium: Browser, served: str, tag: str):
    context = patient_context(chromium, base_url=served)
    light = context.new_page()
    asked: list[str] = []

    def only_what_is_needed(route) -> None:
        asked.append(route.request.resource_type)
        return route.continue_() if route.request.resource_type == "document" else route.abort()

    light.route("**/*", only_what_is_needed)
    light.goto(f"/f/{PLACE}?lang={tag}", wait_until="domcontentloaded")
    light.locator("input[name=N01][value='5']").check()
    light.locator("button[type=submit]").click()
    light.wait_for_url(f"**/danke?lang={tag}")
    before_it_can_be_filled_in = asked[: asked.index("font")] if "font" in asked else asked[:3]
    assert before_it_can_be_filled_in[:1] == ["document"]
    assert len(before_it_can_be_filled_in) <= 3
    assert light.locator(".wk-skip").evaluate("link => getComputedStyle(link).position") == "absolute", "no style"
    context.close()


@pytest.mark.parametrize(
    ("tag", "family"), [("ar", "Vazirmatn"), ("fa", "Vazirmatn"), ("uk", "Fira Sans"), ("tr", "Fira Sans")]
)
def test_every_script_comes_with_its_letters(page: Page, tag: str, family: str):
    page.goto(f"/f/{PLACE}?lang={tag}")
    page.wait_for_function("document.fonts.status === 'loaded'")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))"
    )
    assert set(loaded) == {family}


def test_the_arabic_page_runs_from_right_to_left_with_its_names_whole(page: Page):
    page.goto(f"/f/{PLACE}?lang=ar")
    edge = page.evaluate("[document.querySelector('h1').getBoundingClientRect().right, innerWidth]")
    assert edge[1] - edge[0] < 40
    first, last = (page.locator(f"input[name=N01][value='{n}']").bounding_box() for n in (1, 5))
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"], "the scale begins at the right"

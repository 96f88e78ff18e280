"""With script: what is typed stays on the device until it is sent, and goes when the network is back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.feedback.served import GRANIAN, Served, rows, served, with_open_round

FORM = "/f/arnsberg?lang=de"
PATIENCE = 120_000
A_DAY = 24 * 60 * 60 * 1000


@pytest.fixture(scope="module")
def service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("keeping")
    with_open_round(sqlite_template, folder)
    with served(folder, GRANIAN) as running:
        yield running


@pytest.fixture
def phone(chromium: Browser, service: Served) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{service.port}", viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def fill(page: Page, text: str) -> None:
    """Rate the first question and write a text."""
    page.check('[name="N01"][value="4"]')
    page.fill("#O1", text)


def send(page: Page) -> None:
    page.click(".fb-send button")


def texts(service: Served) -> list[str]:
    return [text for (text,) in rows(service.database, "SELECT text FROM comment ORDER BY text")]


def kept(page: Page) -> str | None:
    return page.evaluate("localStorage.getItem('kompass:/f/arnsberg')")


def test_a_reloaded_form_still_has_what_was_typed_and_says_so(phone: BrowserContext):
    page = phone.new_page()
    page.goto(FORM)
    fill(page, "nach dem Neuladen")
    page.reload()
    assert page.is_checked('[name="N01"][value="4"]')
    assert page.input_value("#O1") == "nach dem Neuladen"
    assert "stehen wieder da" in page.inner_text("#bewahrt")
    page.click("#neu-beginnen")
    page.wait_for_function("document.getElementById('O1').value === ''")
    assert kept(page) is None


def test_while_it_is_typed_nothing_leaves_the_device(phone: BrowserContext, service: Served):
    page = phone.new_page()
    page.goto(FORM, wait_until="networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    fill(page, "noch nicht gesendet")
    page.locator("#O1").press_sequentially(", und weiter")
    page.wait_for_function("localStorage.getItem('kompass:/f/arnsberg').includes('und weiter')")
    assert [url for url in asked if not url.endswith(".woff2")] == []
    assert "noch nicht" not in " ".join(texts(service))


def test_once_sent_nothing_is_left_on_the_device(phone: BrowserContext, service: Served):
    page = phone.new_page()
    page.goto(FORM)
    fill(page, "einmal gesendet")
    send(page)
    page.wait_for_url("**/danke*")
    assert kept(page) is None
    assert texts(service).count("einmal gesendet") == 1
    page.goto(FORM)
    assert page.input_value("#O1") == ""


def test_sent_without_a_network_it_goes_when_the_network_is_back(phone: BrowserContext, service: Served):
    page = phone.new_page()
    page.goto(FORM)
    fill(page, "aus dem Funkloch")
    phone.set_offline(True)
    send(page)
    page.wait_for_selector("#bewahrt:not([hidden])")
    assert "sobald das Netz wieder da ist" in page.inner_text("#bewahrt")
    assert "aus dem Funkloch" not in texts(service)
    phone.set_offline(False)
    page.wait_for_url("**/danke*")
    assert texts(service).count("aus dem Funkloch") == 1


def test_two_tabs_of_one_form_are_one_response(phone: BrowserContext, service: Served):
    before = len(rows(service.database, "SELECT id FROM response"))
    first, second = phone.new_page(), phone.new_page()
    first.goto(FORM)
    fill(first, "zwei Reiter")
    second.goto(FORM)
    assert second.input_value("#O1") == "zwei Reiter"
    for page in (first, second):
        send(page)
        page.wait_for_url("**/danke*")
    assert len(rows(service.database, "SELECT id FROM response")) == before + 1


def test_after_a_day_it_is_forgotten(phone: BrowserContext):
    page = phone.new_page()
    page.goto(FORM)
    fill(page, "gestern")
    page.evaluate(
        "age => { const key = 'kompass:/f/arnsberg'; const draft = JSON.parse(localStorage.getItem(key)); "
        "draft.at -= age; localStorage.setItem(key, JSON.stringify(draft)); }",
        A_DAY,
    )
    page.reload()
    assert page.input_value("#O1") == ""
    assert kept(page) is None


def test_a_mistake_still_shows_the_page_that_names_it(phone: BrowserContext, service: Served):
    page = phone.new_page()
    page.goto(FORM)
    page.evaluate("document.getElementById('O1').removeAttribute('maxlength')")
    fill(page, "x" * 2001)
    send(page)
    page.wait_for_selector("#fehler")
    assert len(page.input_value("#O1")) == 2001
    assert not any(len(text) > 2000 for text in texts(service))

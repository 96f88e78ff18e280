"""On every page, in both languages: axe-core finds nothing, nobody scrolls sideways, words fit.

German pages are seen on a desk and on a phone. English ones differ in nothing but their words: whether these fit shows
on the phone, and axe-core has nothing to add. A new page joins by its address in the list of those who see it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.rounds.lifecycle import today
from tests.browser.conftest import DESKTOP, PHONE, Visit, overflow, spilling, violations

PUBLIC = (
    "/",
    "/methode",
    "/datenschutz",
    "/impressum",
    "/barrierefreiheit",
    "/diese-seite-gibt-es-nicht",
    "/konto/anmelden",
    "/konto/passwort-vergessen",
    "/konto/einladung/erfunden",
    "/konto/anmelden/passkey",
    "/f/",
    "/f/arnsberg",
    "/f/arnsberg/danke",
    "/f/anonym",
    "/ergebnisse",
    "/ergebnisse/arnsberg",
    "/ergebnisse/brilon",
    "/ergebnisse/vergleich",
    "/ergebnisse/vergleich?kommune=arnsberg&kommune=altena&kommune=halver",
    "/ergebnisse/vergleich?kommune=arnsberg&kommune=brilon",
    "/ergebnisse/kriterien",
    "/ergebnisse/kriterien/A1.1",
    "/ergebnisse/presse",
    "/ergebnisse/archiv",
    "/praxis/",
    "/praxis/1",
    "/runde-tische/",
    "/mitmachen/arnsberg",
)
PUBLISHED = f"demo-{today().year - 1}"
BY_ACCOUNT: dict[str, tuple[str, ...]] = {
    "agentur@demo.example": (
        "/konto/",
        "/konto/passwort",
        "/agentur/",
        "/agentur/runden",
        "/agentur/runden/neu",
        f"/agentur/runden/{PUBLISHED}",
        f"/agentur/runden/{PUBLISHED}/kommunen",
        f"/agentur/runden/{PUBLISHED}/zeitraum",
        "/agentur/kommunen/05958004",
        "/agentur/kommentare",
        "/agentur/konten",
        "/agentur/konten/neu",
        "/agentur/konten/2/aufgaben",
        "/agentur/konten/2/loeschen",
        "/agentur/post",
        "/agentur/protokoll",
        "/agentur/datenschutz",
        "/konto/zweiter-faktor",
        "/konto/zweiter-faktor/app",
        "/konto/zweiter-faktor/passkey",
        "/konto/zweiter-faktor/notfallcodes",
        "/konto/anmeldungen",
        "/agentur/erinnern",
        "/agentur/beschluesse",
        "/agentur/beschluesse/neu",
        "/agentur/konferenzen",
        "/agentur/konferenzen/neu",
        "/agentur/ratsvorlagen",
        "/agentur/projekte/",
        "/agentur/projekte/1",
        "/agentur/projekte/1/indikator",
        "/austausch/durchsicht",
        "/austausch/themen",
        "/austausch/runde-tische/neu",
    ),
    "koordination@demo.example": (
        "/konto/",
        "/konto/vertretung",
        "/kommune/protokoll",
        "/kommune/",
        "/kommune/kriterium/A1.1",
        "/kommune/kriterium/A1.1/nachweis",
        "/kommune/ziele/",
        "/kommune/befragung/",
        "/kommune/abgabe",
        "/kommune/befragung/kontakt",
        "/kommune/ergebnis",
        "/austausch/",
        "/austausch/1",
        "/austausch/neu",
        "/austausch/eigene",
        "/austausch/folgen",
        "/austausch/partner",
        "/austausch/runde-tische/",
        "/austausch/runde-tische/1",
    ),
}
WIDTHS = {"de": (DESKTOP, PHONE), "en": (PHONE,)}


def shortcomings(page: Page, address: str, language: str) -> list[str]:
    """Everything wrong with one page in its widths, each line with the address and the width."""
    page.goto(address)
    return [f"{address} {width} px: {line}" for width in WIDTHS[language] for line in _at(page, width, language)]


def _at(page: Page, width: int, language: str) -> list[str]:
    """The page narrowed to that width as it stands: what changes with the width follows from the style sheet alone."""
    page.set_viewport_size({"width": width, "height": 800})
    found = violations(page) if language == "de" else []
    if wider := overflow(page):
        found.append(f"scrolls sideways by {wider} px")
    found += [f"the words run over the edge of the button »{label}«" for label in spilling(page)]
    return found


@pytest.mark.parametrize("language", WIDTHS)
def test_public_pages_are_accessible(browser_page: Visit, language: str) -> None:
    page = browser_page(DESKTOP, language)
    assert not "\n".join(line for path in PUBLIC for line in shortcomings(page, path, language))


@pytest.mark.parametrize("language", WIDTHS)
@pytest.mark.parametrize("email", BY_ACCOUNT)
def test_workspace_pages_are_accessible(log_in: Callable[..., Page], email: str, language: str) -> None:
    page = log_in(email, DESKTOP, language)
    found = (line for path in BY_ACCOUNT[email] for line in shortcomings(page, f"{path}?lang={language}", language))
    assert not "\n".join(found)


def test_axe_finds_what_is_wrong(browser_page: Visit) -> None:
    page = browser_page(PHONE)
    page.goto("/impressum")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(line.startswith("image-alt:") for line in violations(page))


def test_the_language_follows_the_browser(browser_page: Visit) -> None:
    page = browser_page(language="en")
    page.goto("/impressum")
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(browser_page: Visit) -> None:
    page = browser_page(PHONE)
    page.goto("/impressum")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#inhalt"
    page.keyboard.press("Enter")
    assert page.url.endswith("#inhalt")
    assert page.locator(":focus").get_attribute("id") == "inhalt"


def test_public_pages_leave_no_cookie(browser_page: Visit) -> None:
    page = browser_page()
    for path in PUBLIC[:6]:
        page.goto(path)
    assert page.context.cookies() == []


def test_public_pages_need_no_script(browser_page: Visit) -> None:
    page = browser_page(script=False)
    page.goto("/impressum")
    assert page.locator("script").count() == 0
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"

"""The steps of the main job as people take them: mouse, keyboard, and what stands on the page."""

from __future__ import annotations

import email
import re
import time
from dataclasses import dataclass
from email import policy
from pathlib import Path

from playwright.sync_api import Page

from tests.accounts.authenticator import code

PASSWORD = "ein-langes-passwort-zum-pruefen"


@dataclass(frozen=True)
class Known:
    """What is publicly known of one criterion in a municipality (docs/sources.md, Erfahrungen vor Ort)."""

    criterion: str
    level: int
    reason: str


SIEGEN = (
    Known("A2.1", 3, "Fachkräfte Willkommen in Siegen seit 1. Januar 2017: Stadtrundgang, Fragen zu Schule und Ort."),
    Known("A2.2", 2, "Das Modellprojekt begleitet auch die Partnerin oder den Partner."),
    Known("A2.3", 2, "Kostenlose persönliche Begleitung, auch nach dem Umzug."),
    Known("A3.3", 3, "Vereinbarung von Stadt und Universität 2020, Bürgerbüro auf dem Campus."),
    Known("B1.1", 2, "Beschluss des Haupt- und Finanzausschusses."),
    Known("B2.2", 2, "Neubürgerbroschüre seit 2015."),
    Known("B2.4", 2, "Beispiel beim ersten digitalen Runden Tisch im Juni 2020."),
    Known("B2.5", 2, "Neubürgerfreitage, drei waren für 2018 geplant."),
    Known("B5.1", 2, "Neubürgerfreitage."),
    Known("B6.3", 3, "Gastgeberin des 2. Runden Tischs 2013, Modellprojekt vorgestellt."),
    Known("B6.4", 3, "Getragen mit Kreis, Kammer, Wirtschaftsjunioren und Agentur."),
)
WERDOHL = (
    Known("B1.1", 2, "Rat und Bürgermeister haben den Auftrag erteilt."),
    Known("B1.2", 1, "Zwei Beschäftigte sind beauftragt; Zeitanteil ist nicht bekannt."),
    Known("B2.1", 2, "Nach dem Check-up der Verwaltung: eigener Reiter für Neubürgerinnen und Neubürger."),
    Known("B2.2", 2, "Willkommenstasche, bezahlt von Stadt und Agentur."),
    Known("B2.5", 2, "Booklet »Entdecke Südwestfalen« mit dem Kletterfelsen."),
    Known("B6.3", 3, "Gastgeberin des 15. Runden Tischs 2021, Willkommenstasche vorgestellt."),
    Known("B6.4", 2, "Gemeinsame Finanzierung der Tasche."),
)
MESCHEDE = (
    Known("A3.3", 2, "Begrüßung der Erstsemester."),
    Known("B1.1", 2, "Einstimmiger Beschluss des Rats 2022, die Begrüßung fortzuführen."),
    Known("B3.5", 2, "Am Meldetisch wird um Einwilligung zur Weitergabe an die Ortsvorsteher gebeten."),
    Known("B5.1", 4, "2017: 600 eingeladen, 6 gekommen; 2018: 3. Danach Kontakt vor Ort, 2024 neues Treffen."),
    Known("B5.3", 2, "Kontakt über Dörfer und Ortsteile."),
)


PHONE: dict[str, str] = {}
"""The keys in everybody's authenticator app, by the address of the account."""
_USED: dict[str, str] = {}


def log_in(page: Page, address: str, password: str = PASSWORD) -> None:
    """Log in with the form and, where the task asks for it, with the code on the phone, set up at the first time."""
    page.goto("/konto/anmelden?lang=de")
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    if address in PHONE:
        page.locator("input[name=code]").fill(fresh_code(address))
        press(page, "Anmelden")
    elif "/konto/zweiter-faktor" in page.url:
        set_up_authenticator(page, address)
        page.goto("/konto/start")
    page.wait_for_url(re.compile("/(agentur|kommune)"))


def set_up_authenticator(page: Page, address: str) -> None:
    """Read the key from the page, as the phone reads the picture, and type the code that it shows then."""
    follow(page, "App einrichten")
    press(page, "Schlüssel anzeigen")
    PHONE[address] = page.locator("main code").first.inner_text()
    page.locator("input[name=code]").fill(fresh_code(address))
    press(page, "Bestätigen")
    assert "Eingerichtet." in page.locator("main").inner_text()


def fresh_code(address: str) -> str:
    """The code on the phone that was not used yet: each counts once."""
    while (shown := code(PHONE[address])) == _USED.get(address):
        time.sleep(1)
    _USED[address] = shown
    return shown


def log_out(page: Page) -> None:
    """Log out with the button in the head of the page."""
    with page.expect_navigation():
        page.get_by_role("button", name="Abmelden").first.click()


def press(page: Page, label: str) -> None:
    """Press the button of that name and wait for what comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def follow(page: Page, label: str | re.Pattern[str]) -> None:
    """Follow the link of that name and wait for what comes."""
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=label).first.click()


def invite(page: Page, address: str, place: str) -> None:
    """The agency makes an account that may hand in."""
    page.goto("/agentur/konten/neu")
    page.locator("[name=email]").fill(address)
    page.locator("[name=function]").fill("Freigabe")
    page.locator("[name=municipality]").select_option(label=place)
    page.locator("input[name=roles][value=approver]").check()
    press(page, "Anlegen und einladen")


def accept_invitation(page: Page, mails: Path, address: str) -> None:
    """Open the link in the invitation and choose a password."""
    page.goto(_link_in_mail(mails, address))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    press(page, "Passwort festlegen")


def _link_in_mail(mails: Path, address: str) -> str:
    for path in mails.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        if address in message["To"]:
            body = message.get_body(("plain",))
            assert body is not None
            found = re.search(r"https?://\S+/konto/einladung/\S+", body.get_content())
            assert found, body.get_content()
            return found.group(0)
    raise AssertionError(f"no invitation for {address}")


def assess(page: Page, known: tuple[Known, ...]) -> None:
    """Answer every criterion something is known of."""
    for fact in known:
        page.goto(f"/kommune/kriterium/{fact.criterion}")
        page.locator(f"input[name=level][value='{fact.level}']").check()
        page.locator("textarea[name=reason]").fill(fact.reason)
        press(page, "Speichern")


def hand_in(page: Page, consent: bool) -> None:
    """The approver's word, with what is still open."""
    page.goto("/kommune/abgabe")
    page.locator("input[name=incomplete]").check()
    page.locator("input[name=name]").fill("Leitung im Test")
    page.locator("input[name=function]").fill("Leitung")
    page.locator("input[name=confirmed]").check()
    if consent:
        page.locator("input[name=consented]").check()
    press(page, "Verbindlich abgeben")


def answer(page: Page, slug: str, language: str, ratings: str, words: str) -> None:
    """Answers of somebody from abroad with children: ``ratings`` has a symbol for each item, ``.`` leaves it out."""
    page.goto(f"/f/{slug}?lang={language}")
    page.locator("input[name=D1][value='1_to_2_years']").check()
    page.locator("input[name=D2][value=abroad]").check()
    for reason in ("job", "children"):
        page.locator(f"input[name=D3][value={reason}]").check()
    for number, symbol in enumerate(ratings, start=1):
        if symbol != ".":
            page.locator(f"input[name=N{number:02}][value='{symbol}']").check()
    page.locator("textarea[name=O1]").fill(words)
    page.locator("form#fragebogen button[type=submit]").click()
    page.wait_for_url(re.compile("/danke"))


def wait_for_job(page: Page, seconds: float = 1200.0) -> None:
    """Watch the progress page, which loads itself again, until it says that the work is done."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if page.get_by_text("Fertig", exact=True).count():
            return
        page.wait_for_timeout(1500)
    raise AssertionError(f"The work did not end: {page.locator('main').inner_text()}")

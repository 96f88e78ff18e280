"""Everything between an invitation and being logged in, each page in each state under axe, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.accounts import invitations
from app.accounts.models import APPROVER, User
from app.database import db
from config import Settings
from tests.accounts.authenticator import code
from tests.accounts.login import MESCHEDE, PASSWORD, Account, make_user
from tests.accounts.test_invitations import NEW, link_in_last_mail
from tests.browser.conftest import DESKTOP, PHONE, overflow, patient_context, violations
from tests.browser.local_service import listening

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WRONG = "000000"


class Walk:
    """A page, and what was wrong with all that it showed so far."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.found = page, address, list[str]()

    def look(self, where: str) -> None:
        """Judge what is on the page now."""
        self.found += [f"{where}: {line}" for line in violations(self.page)]
        if wider := overflow(self.page):
            self.found.append(f"{where}: {wider} px too wide")

    def open(self, path: str) -> None:
        """Go to a page of the service and judge it."""
        self.page.goto(f"{self.address}{path}")
        self.look(path)

    def send(self, where: str, **fields: str) -> None:
        """Fill in what the form asks for, send it, and judge what comes."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)
        self.press(where)

    def press(self, where: str, name: str = "") -> None:
        """Press the button of that name, or the only one, and judge what comes."""
        button = self.page.get_by_role("button", name=name) if name else self.page.locator("main button[type=submit]")
        with self.page.expect_navigation():
            button.first.click()
        self.look(where)


@pytest.fixture(params=[PHONE, DESKTOP])
def walk(app: Flask, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Walk]:
    with listening(app) as address:
        context = patient_context(chromium, viewport={"width": request.param, "height": 800}, locale="de-DE")
        yield Walk(context.new_page(), address)
        context.close()


@pytest.fixture
def account(app: Flask) -> Account:
    return make_user(app, APPROVER, municipality=MESCHEDE, email="freigabe@example.org", function="Büro der Leitung")


@pytest.fixture
def link(app: Flask, settings: Settings, account: Account) -> str:
    """The way in that was sent by mail."""
    with app.test_request_context():
        invitations.invite(db.session.get_one(User, account.id))
        db.session.commit()
    return link_in_last_mail(settings)


def test_an_invitation_and_a_forgotten_password(walk: Walk, link: str, account: Account, settings: Settings):
    walk.open(link)
    walk.send("invitation, too short", password="kurz", again="kurz")
    walk.send("invitation accepted", password=NEW, again=NEW)
    walk.open(link)
    walk.open("/konto/anmelden")
    walk.send("wrong password", email=account.email, password="falsch")
    walk.open("/konto/passwort-vergessen")
    walk.send("no address", email="niemand@nirgends")
    walk.send("a way back is sent", email=account.email)
    way_back = link_in_last_mail(settings)
    walk.open(way_back)
    walk.send("new password, too short", password="kurz", password_confirm="kurz")
    walk.open("/konto/passwort-vergessen/erfunden")
    assert walk.found == []


def test_a_second_factor_from_setting_it_up_to_the_last_recovery_code(walk: Walk, account: Account):
    walk.open("/konto/anmelden")
    walk.send("logged in", email=account.email, password=PASSWORD)
    key = set_up_app(walk)
    walk.open("/konto/zweiter-faktor/notfallcodes")
    walk.press("recovery codes", "Neue Codes erzeugen")
    recovery = walk.page.locator(".wk-codes code").first.inner_text()
    walk.open("/konto/zweiter-faktor")
    walk.open("/konto/anmeldungen")
    walk.press("logged out", "Abmelden")
    log_in_again(walk, account)
    walk.send("wrong code", code=WRONG)
    walk.send("right code", code=code(key, fast=30))
    walk.open("/konto/passwort")
    walk.send("password not changed", password="falsch", new_password="kurz", new_password_confirm="anders")
    walk.open("/konto/bestaetigen")
    walk.send("not confirmed", password="falsch")
    walk.press("logged out", "Abmelden")
    log_in_again(walk, account)
    walk.open("/konto/anmelden/notfallcode")
    walk.send("wrong recovery code", code=WRONG)
    walk.send("right recovery code", code=recovery)
    assert "/konto/anmelden" not in walk.page.url
    assert walk.found == []


def set_up_app(walk: Walk) -> str:
    """The authenticator app, after a wrong code; gives its key."""
    walk.open("/konto/zweiter-faktor/app")
    walk.press("the key", "Schlüssel anzeigen")
    key = walk.page.locator("main code").inner_text()
    walk.send("wrong first code", code=WRONG)
    walk.open("/konto/zweiter-faktor/app")
    walk.press("the key", "Schlüssel anzeigen")
    key = walk.page.locator("main code").inner_text()
    walk.send("set up", code=code(re.sub(r"\s", "", key)))
    return key


def log_in_again(walk: Walk, account: Account) -> None:
    """With the password; the code is asked for next."""
    walk.page.goto(f"{walk.address}/konto/anmelden")
    walk.send("asked for the code", email=account.email, password=PASSWORD)

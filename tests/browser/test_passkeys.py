"""Passkeys in a real Chromium with an authenticator of its own: set up, instead of the password, as second factor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect

from app.accounts.models import EDITOR
from tests.accounts.login import MESCHEDE, PASSWORD, Account, make_user
from tests.browser.conftest import patient_context, violations
from tests.browser.local_service import listening

INSIDE, KEY = "internal", "usb"
"""The device itself, and a security key beside it."""

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Device:
    """A page in a browser, and the authenticator that it asks."""

    page: Page
    authenticator: CDPSession
    number: str

    def refuse(self) -> None:
        """Its owner does not show that it is them."""
        asked = {"authenticatorId": self.number, "isUserVerified": False}
        self.authenticator.send("WebAuthn.setUserVerified", asked)

    @property
    def keys(self) -> list[dict[str, object]]:
        """What it holds."""
        return self.authenticator.send("WebAuthn.getCredentials", {"authenticatorId": self.number})["credentials"]


@pytest.fixture
def account(app: Flask) -> Account:
    return make_user(app, EDITOR, municipality=MESCHEDE)


@pytest.fixture
def device(app: Flask, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Device]:
    """A browser whose device keeps passkeys and gives them out by itself."""
    transport = getattr(request, "param", INSIDE)
    with listening(app) as address:
        context = patient_context(chromium, base_url=address, locale="de-DE")
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        number = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        yield Device(page, session, number)
        context.close()


def with_password(page: Page, account: Account) -> None:
    page.goto("/konto/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(account.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_load_state()


def set_up(page: Page, use: str) -> None:
    page.goto("/konto/zweiter-faktor/passkey")
    page.get_by_label("Name des Passkeys").fill("Diensthandy")
    page.get_by_label(use).check()
    page.get_by_role("button", name="Weiter").click()
    page.wait_for_url("**/konto/zweiter-faktor")
    expect(page.get_by_text("Der Passkey »Diensthandy« ist eingerichtet.")).to_be_visible()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/konto/abgemeldet")


@pytest.mark.parametrize("device", [INSIDE, KEY], indirect=True)
def test_a_passkey_stands_in_for_the_password_on_the_device_itself_and_on_a_security_key(
    device: Device, account: Account
) -> None:
    page = device.page
    with_password(page, account)
    set_up(page, "Statt des Passworts")
    assert [key["isResidentCredential"] for key in device.keys] == [True]
    log_out(page)
    page.goto("/konto/anmelden")
    page.get_by_role("link", name="Mit Passkey anmelden").click()
    page.get_by_role("button", name="Passkey benutzen").click()
    page.wait_for_url("**/kommune/")


def test_a_passkey_is_asked_for_after_the_password_where_it_is_the_second_factor(
    device: Device, account: Account
) -> None:
    page = device.page
    with_password(page, account)
    set_up(page, "Zusätzlich zum Passwort, als zweiter Faktor")
    log_out(page)
    with_password(page, account)
    expect(page.get_by_role("heading", level=1)).to_have_text("Passkey als zweiter Faktor")
    page.get_by_role("button", name="Passkey benutzen").click()
    page.wait_for_url("**/kommune/")


def test_the_password_alone_opens_nothing_where_a_passkey_is_the_second_factor(
    device: Device, account: Account
) -> None:
    page = device.page
    with_password(page, account)
    set_up(page, "Zusätzlich zum Passwort, als zweiter Faktor")
    log_out(page)
    with_password(page, account)
    page.goto("/kommune/")
    assert "/konto/anmelden" in page.url


def test_a_second_factor_does_not_stand_in_for_the_password(device: Device, account: Account) -> None:
    page = device.page
    with_password(page, account)
    set_up(page, "Zusätzlich zum Passwort, als zweiter Faktor")
    log_out(page)
    page.goto("/konto/anmelden/passkey")
    page.get_by_role("button", name="Passkey benutzen").click()
    expect(page.get_by_role("status").filter(has_text="Das hat nicht geklappt")).to_be_visible()
    page.goto("/kommune/")
    assert "/konto/anmelden" in page.url


def test_who_does_not_show_that_it_is_them_is_told_and_can_try_again(device: Device, account: Account) -> None:
    page = device.page
    with_password(page, account)
    set_up(page, "Statt des Passworts")
    log_out(page)
    device.refuse()
    page.goto("/konto/anmelden/passkey")
    page.get_by_role("button", name="Passkey benutzen").click()
    expect(page.get_by_role("status").filter(has_text="Das hat nicht geklappt")).to_be_visible()
    assert violations(page) == []
    again = page.get_by_role("button", name="Noch einmal versuchen")
    asked = {"authenticatorId": device.number, "isUserVerified": True}
    device.authenticator.send("WebAuthn.setUserVerified", asked)
    again.click()
    page.wait_for_url("**/kommune/")


def test_a_passkey_that_was_removed_opens_nothing(device: Device, account: Account) -> None:
    page = device.page
    with_password(page, account)
    set_up(page, "Statt des Passworts")
    page.get_by_role("button", name="Entfernen Diensthandy").click()
    page.wait_for_load_state()
    log_out(page)
    page.goto("/konto/anmelden/passkey")
    page.get_by_role("button", name="Passkey benutzen").click()
    expect(page.get_by_text("Dieser Passkey gehört zu keinem Konto.")).to_be_visible()

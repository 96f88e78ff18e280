"""Writing in the workspace with script: it saves itself, nobody overwrites anybody, and no network loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, select

from app.accounts.models import LogIn
from app.assessment.models import CriterionAnswer, Evidence
from app.assessment.workspace import Answer
from app.database import db
from tests.accounts.login import PASSWORD, Account, coordinator, editor
from tests.assessment.conftest import PAGE, answer, close, meschede, new_round, sign
from tests.browser.conftest import patient_context
from tests.browser.local_service import listening

__all__ = ["coordinator", "editor"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Desk = Callable[[Account], Page]
REASON, STATE, PRESENT = "#reason", "[data-saving]", "[data-present]"


@pytest.fixture
def desk(app: Flask, chromium: Browser) -> Iterator[Desk]:
    """``desk(account)``: the page of a criterion in a browser of its own, opened by somebody who logged in there."""
    with app.app_context():
        new_round("2026", dt.date(2026, 11, 1))
    contexts: list[BrowserContext] = []
    with listening(app) as address:

        def sit_down(account: Account) -> Page:
            context = patient_context(chromium, base_url=address, locale="de-DE")
            contexts.append(context)
            page = context.new_page()
            enter(page, account)
            page.goto(PAGE)
            return page

        yield sit_down
        for context in contexts:
            context.close()


def enter(page: Page, account: Account) -> None:
    page.goto("/konto/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(account.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/kommune/")


def write(page: Page, text: str) -> None:
    """As a person types: at the end of what stands there."""
    page.locator(REASON).press_sequentially(text)


def saved(page: Page) -> None:
    expect(page.locator(STATE)).to_contain_text("Gespeichert um", timeout=60_000)


def stored(app: Flask) -> CriterionAnswer | None:
    with app.app_context():
        return db.session.scalar(select(CriterionAnswer))


def test_what_somebody_types_saves_itself_and_the_page_says_so(app: Flask, desk: Desk, editor: Account) -> None:
    page = desk(editor)
    page.get_by_role("radio", name="2 –").check()
    write(page, "Ein Flyer liegt aus.")
    expect(page.locator(STATE)).to_have_text("Wird gleich gespeichert …")
    saved(page)
    row = stored(app)
    assert row is not None
    assert (row.level, row.reason) == (2, "Ein Flyer liegt aus.")


def test_two_people_on_one_criterion_see_each_other(desk: Desk, editor: Account, coordinator: Account) -> None:
    first, second = desk(editor), desk(coordinator)
    expect(second.locator(PRESENT)).to_contain_text("Stadtmarketing")
    first.reload()
    expect(first.locator(PRESENT)).to_contain_text("Auch gerade hier: Koordination")


def test_a_text_that_meets_anothers_is_put_beside_it_and_both_can_be_kept(
    app: Flask, desk: Desk, editor: Account, coordinator: Account
) -> None:
    first, second = desk(editor), desk(coordinator)
    write(first, "Seit Mai gibt es eine Ansprechperson.")
    saved(first)
    write(second, "Der Rat hat es beschlossen.")
    expect(second.locator(STATE)).to_contain_text("Jemand anderes hat inzwischen gespeichert")
    second.get_by_role("button", name="Speichern", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("Zwei Fassungen")
    both = second.locator("#reason").input_value()
    assert "Seit Mai gibt es eine Ansprechperson." in both
    assert "Der Rat hat es beschlossen." in both
    second.get_by_role("button", name="Zusammengeführte Fassung speichern").click()
    second.wait_for_url(f"**{PAGE}")
    row = stored(app)
    assert row is not None
    assert row.reason == both.strip()


def test_who_goes_on_writing_after_a_conflict_loses_nothing(
    app: Flask, desk: Desk, editor: Account, coordinator: Account
) -> None:
    first, second = desk(editor), desk(coordinator)
    write(first, "Eins.")
    saved(first)
    write(second, "Zwei.")
    expect(second.locator(STATE)).to_contain_text("Jemand anderes hat inzwischen gespeichert")
    write(second, " Und drei.")
    second.get_by_role("button", name="Speichern", exact=True).click()
    expect(second.get_by_label("Ihre Fassung")).to_contain_text("Zwei. Und drei.")
    row = stored(app)
    assert row is not None
    assert row.reason == "Eins."


def test_without_network_the_text_stays_and_is_saved_when_it_is_back(app: Flask, desk: Desk, editor: Account) -> None:
    page = desk(editor)
    page.context.set_offline(True)
    write(page, "Im Zug getippt.")
    expect(page.locator(STATE)).to_contain_text("Keine Verbindung")
    assert stored(app) is None
    write(page, " Und weiter.")
    page.context.set_offline(False)
    saved(page)
    row = stored(app)
    assert row is not None
    assert row.reason == "Im Zug getippt. Und weiter."


def test_a_page_closed_without_network_has_its_text_again_when_it_is_opened(
    app: Flask, desk: Desk, editor: Account
) -> None:
    page = desk(editor)
    page.context.set_offline(True)
    write(page, "Vor dem Zuklappen getippt.")
    expect(page.locator(STATE)).to_contain_text("Keine Verbindung")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(PAGE)
    assert again.locator(REASON).input_value() == "Vor dem Zuklappen getippt."
    saved(again)
    row = stored(app)
    assert row is not None
    assert row.reason == "Vor dem Zuklappen getippt."


def test_a_text_from_before_somebody_else_saved_comes_back_and_overwrites_nobody(
    app: Flask, desk: Desk, editor: Account, coordinator: Account
) -> None:
    page, other = desk(editor), desk(coordinator)
    page.context.set_offline(True)
    write(page, "Offline getippt.")
    expect(page.locator(STATE)).to_contain_text("Keine Verbindung")
    write(other, "Inzwischen gespeichert.")
    saved(other)
    page.context.set_offline(False)
    expect(page.locator(STATE)).to_contain_text("Jemand anderes hat inzwischen gespeichert")
    row = stored(app)
    assert row is not None
    assert row.reason == "Inzwischen gespeichert."


def test_whose_log_in_ended_is_told_and_finds_the_text_again(app: Flask, desk: Desk, editor: Account) -> None:
    page = desk(editor)
    with app.app_context():
        db.session.execute(delete(LogIn))
        db.session.commit()
    write(page, "Nach dem Feierabend.")
    expect(page.locator(STATE)).to_contain_text("Sie sind nicht mehr angemeldet")
    enter(page, editor)
    page.goto(PAGE)
    assert page.locator(REASON).input_value() == "Nach dem Feierabend."
    saved(page)


def test_the_keyboard_alone_answers_and_goes_on(app: Flask, desk: Desk, editor: Account) -> None:
    page = desk(editor)
    page.locator("input[name=level]:checked").focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    level = page.locator("input[name=level]:checked").get_attribute("value")
    page.locator(REASON).focus()
    page.keyboard.type("Nur mit der Tastatur.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/kommune/kriterium/A1.2")
    row = stored(app)
    assert row is not None
    assert (str(row.level), row.reason) == (level, "Nur mit der Tastatur.")
    assert level in "01234"


def test_last_rounds_answer_can_be_taken_over_after_what_one_just_typed(
    app: Flask, desk: Desk, editor: Account
) -> None:
    with app.app_context():
        answer("A1.1", Answer(3, False, "Seit 2023 im Gang"), editor.id)
        sign(editor.id)
        close(meschede().round.id)
        new_round("2027", dt.date(2027, 11, 1))
    page = desk(editor)
    write(page, "Doch lieber wie damals.")
    saved(page)
    page.get_by_role("button", name="Angabe übernehmen").click()
    expect(page.get_by_text("noch nicht bestätigt").first).to_be_visible()
    assert page.input_value(REASON) == "Seit 2023 im Gang"


EVIDENCE = f"{PAGE}/nachweis"
TITLE, BODY = "#title", "#body"


def test_a_piece_of_evidence_stays_on_the_device_until_it_is_saved(app: Flask, desk: Desk, editor: Account) -> None:
    page = desk(editor)
    page.goto(EVIDENCE)
    page.fill(TITLE, "Auswertung der Erstgespräche")
    page.fill(BODY, "Ratsinformation, Vorlage 12")
    page.get_by_label("Er zeigt, dass Nutzung").check()
    expect(page.locator(STATE)).to_contain_text("Bleibt auf diesem Gerät")
    page.goto(PAGE)
    page.goto(EVIDENCE)
    expect(page.locator(STATE)).to_contain_text("Ihr Entwurf von diesem Gerät ist wieder da")
    assert page.input_value(TITLE) == "Auswertung der Erstgespräche"
    assert page.input_value(BODY) == "Ratsinformation, Vorlage 12"
    assert page.get_by_label("Er zeigt, dass Nutzung").is_checked()
    page.get_by_role("button", name="Nachweis speichern").click()
    page.wait_for_url(f"**{PAGE}#nachweise")
    page.goto(EVIDENCE)
    assert page.input_value(TITLE) == ""
    with app.app_context():
        assert db.session.scalars(select(Evidence.title)).all() == ["Auswertung der Erstgespräche"]


def test_evidence_sent_without_network_is_there_again(desk: Desk, editor: Account) -> None:
    page = desk(editor)
    page.goto(EVIDENCE)
    page.fill(TITLE, "Beschluss")
    page.fill(BODY, "Fundstelle")
    page.context.set_offline(True)
    page.get_by_role("button", name="Nachweis speichern").click()
    page.context.set_offline(False)
    page.goto(EVIDENCE)
    assert page.input_value(BODY) == "Fundstelle"


def test_evidence_that_came_back_with_a_mistake_has_what_the_service_says(desk: Desk, editor: Account) -> None:
    page = desk(editor)
    page.goto(EVIDENCE)
    page.fill(BODY, "Ohne Bezeichnung")
    page.get_by_role("button", name="Nachweis speichern").click()
    expect(page.get_by_text("Sagen Sie in wenigen Worten").first).to_be_visible()
    assert page.input_value(BODY) == "Ohne Bezeichnung"

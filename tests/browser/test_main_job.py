"""The main job, by hand: a round from its planning to the report that the mayor reads. Nothing is imported.

Three real municipalities with what is publicly known of them; a dozen newcomers, German and English.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from app import create_app
from app.accounts.management import create_user
from app.database import db
from app.migrations import alembic_config
from app.region.loading import load
from config import Settings
from tests.browser import journey
from tests.browser.conftest import free_port, patient_context, stop, wait_until_it_answers

AGENCY = "agentur@region.example"
PLACES = {
    "Siegen": ("siegen", journey.SIEGEN, True),
    "Werdohl": ("werdohl", journey.WERDOHL, True),
    "Meschede": ("meschede", journey.MESCHEDE, False),
}
RATINGS = (
    "443-54523-4343.-.4",
    "544-44434-3444.-.5",
    "335.33342-3232.3.3",
    "454-54533-4353.-.4",
    "233-34423-3333.2.3",
    "444-45535-4444.4.5",
    "545-55444-4454.-.5",
    "322-43323-2243.3.2",
    "443-44433-3344.-.4",
    "534-54524-4433.-.4",
    "343-33334-3332.4.3",
    "455-45545-5454.5.5",
)
"""One symbol for each of the 18 items, typed in turn in German and in English."""


@dataclass(frozen=True)
class Service:
    """A service of its own, with nothing in it but the region."""

    address: str
    mails: Path


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder, port = tmp_path_factory.mktemp("main-job"), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOMPASS_")}
    environment |= {"KOMPASS_DATA_DIR": str(folder / "data"), "KOMPASS_PORT": str(port), "KOMPASS_WORKERS": "1"}
    environment["KOMPASS_FORM_MINIMUM_SECONDS"] = "0"  # A browser that is driven types faster than any person.
    with ThreadPoolExecutor(1) as other:  # Playwright has an event loop in this thread, which Flask does not bear.
        other.submit(prepare, Settings(data_dir=folder / "data")).result()
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve", "--no-demo"],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(process, port, log)
        yield Service(f"http://127.0.0.1:{port}", folder / "data" / "mail")
    finally:
        process.send_signal(signal.SIGINT)
        stop(process)


def prepare(settings: Settings) -> None:
    """What the README's commands do on a new machine: the tables, the region, the agency's first account."""
    app = create_app(settings)
    command.upgrade(alembic_config(settings.database), "head")
    with app.app_context():
        load(db.session)
        create_user(AGENCY, journey.PASSWORD, ["agency"])
        db.session.commit()
        db.session.close()
        db.engine.dispose()


@pytest.fixture
def page(chromium: Browser, service: Service) -> Iterator[Page]:
    context = patient_context(
        chromium,
        base_url=service.address,
        locale="de-DE",
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
    )
    yield context.new_page()
    context.close()


def test_a_round_from_its_planning_to_the_report_the_mayor_reads(page: Page, service: Service):
    open_a_round(page, service)
    assess_three_municipalities(page, service)
    a_dozen_newcomers_answer(page)
    close_score_and_publish(page)

    everybody_reads_the_result(page)
    journey.log_in(page, "siegen@region.example")
    own = " ".join(read(page, "/kommune/ergebnis/bericht.pdf").split())

    assert "Siegen" in own
    assert "Selbstauskunft (angegeben: Stufe 3)" in own, "a level without its evidence counts less, and says so"
    assert "12" in own
    assert "Demonstration" not in own, "these are no demonstration data"
    assert "Entwurf" in own, "the catalogue is a draft"


def open_a_round(page: Page, service: Service) -> None:
    journey.log_in(page, AGENCY)
    page.goto("/agentur/runden/neu")
    page.locator("[name=key]").fill("2026")
    page.locator("[name=title]").fill("Erhebung 2026")
    day = dt.date.today()
    page.locator("[name=opens]").fill((day - dt.timedelta(days=1)).isoformat())
    page.locator("[name=closes]").fill((day + dt.timedelta(days=30)).isoformat())
    journey.press(page, "Runde planen")
    page.goto("/agentur/runden/2026")
    journey.follow(page, re.compile("^Runde öffnen"))
    journey.press(page, "Runde öffnen")
    assert "Die Runde ist offen." in page.locator("body").inner_text()
    for place, (slug, _known, _consent) in PLACES.items():
        journey.invite(page, f"{slug}@region.example", place)
    journey.log_out(page)


def assess_three_municipalities(page: Page, service: Service) -> None:
    for slug, known, consent in PLACES.values():
        journey.accept_invitation(page, service.mails, f"{slug}@region.example")
        page.context.clear_cookies()
        journey.log_in(page, f"{slug}@region.example")
        journey.assess(page, known)
        journey.hand_in(page, consent)
        assert "Abgegeben am" in page.locator("main").inner_text()
        journey.log_out(page)


def a_dozen_newcomers_answer(page: Page) -> None:
    page.context.clear_cookies()
    for number, ratings in enumerate(RATINGS):
        language = ("de", "en")[number % 2]
        words = ("Die Nachbarschaft hat geholfen.", "The neighbours helped a lot.")[number % 2]
        journey.answer(page, "siegen", language, ratings, words)
    assert page.context.cookies() == [], "newcomers' pages leave no cookie"


def close_score_and_publish(page: Page) -> None:
    journey.log_in(page, AGENCY)
    page.goto("/agentur/runden/2026")
    journey.follow(page, re.compile("^Runde schließen"))
    journey.press(page, "Runde schließen")
    journey.press(page, "Runde auswerten")
    journey.wait_for_job(page)
    journey.follow(page, "Auswertungsstand ansehen")
    assert "Prüfen und veröffentlichen" in page.locator("main").inner_text()
    journey.follow(page, re.compile("^Veröffentlichen"))
    journey.press(page, "Veröffentlichen")
    journey.wait_for_job(page)
    journey.log_out(page)


def everybody_reads_the_result(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/ergebnisse")
    assert "Erhebung 2026" in page.locator("body").inner_text()
    page.goto("/ergebnisse/siegen")
    assert "Siegen" in page.locator("h1").inner_text()
    page.goto("/ergebnisse/meschede")
    assert "600 eingeladen" not in page.content(), "what a municipality wrote is not public"
    assert page.context.cookies() == []
    assert "Siegen" in read(page, "/ergebnisse/siegen/bericht.pdf")
    assert page.request.get("/ergebnisse/daten.csv").ok


def read(page: Page, address: str) -> str:
    """The text of a PDF; kept beside the test's other output if KOMPASS_KEEP names a folder."""
    response = page.request.get(address)
    assert response.ok, f"{address}: {response.status}"
    assert response.headers["content-type"] == "application/pdf"
    if folder := os.environ.get("KOMPASS_KEEP"):
        (Path(folder) / (address.strip("/").replace("/", "-"))).write_bytes(response.body())
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(response.body())).pages)

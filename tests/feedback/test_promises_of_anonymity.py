"""The page about anonymity shows every promise under its key, and no other; each is proven elsewhere."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.feedback.anonymity import CONSEQUENCES, NOT_STORED, STORED
from tests.feedback.conftest import PLACE, soup


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_promise_is_on_the_page_under_its_key_and_no_other(client: FlaskClient, language: str):
    page = soup(client.get(f"/f/anonym?lang={language}"))
    shown = {entry["id"]: entry.get_text() for entry in page.select("main li[id]")}
    with client.application.test_request_context(f"/?lang={language}"):
        promised = {key: str(sentence) for key, sentence in (STORED | NOT_STORED | CONSEQUENCES).items()}
    assert shown == promised
    assert len(promised) == len(STORED) + len(NOT_STORED) + len(CONSEQUENCES)


def test_the_form_leads_to_the_promises(client: FlaskClient, open_round: int):
    assert soup(client.get(f"/f/{PLACE}?lang=en")).select_one('.fb-promises a[href="/f/anonym?lang=en"]')

from __future__ import annotations

import dataclasses

from bs4 import BeautifulSoup
from flask import Flask

from app.web.legal import DETAILS
from tests.web.test_pages import COMPLETE


def warning(html: str) -> list[str]:
    """The variables, folded away until somebody wants to read them."""
    closed = "details.kern-alert--warning:not([open]) code"
    return [code.get_text() for code in BeautifulSoup(html, "html.parser").select(closed)]


def test_the_agency_reads_which_settings_the_legal_pages_lack(desk, make_round):
    everything = [detail.variable for detail in DETAILS]
    assert warning(desk.get("/agentur/").text) == everything
    make_round()
    assert warning(desk.get("/agentur/").text) == everything


def test_the_warning_goes_when_everything_is_set(desk, app: Flask):
    app.config["KOMPASS"] = dataclasses.replace(app.config["KOMPASS"], **COMPLETE)
    assert warning(desk.get("/agentur/").text) == []

"""What may come from a program is shown as such, counts once it is accepted, and no decision is final."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask

from app.database import db
from app.feedback.counting import responses_by_municipality
from app.feedback.models import Response
from app.rounds import lifecycle
from tests.accounts.login import MESCHEDE, OLPE

PAGE = "/agentur/runden/2026/eingang"


@pytest.fixture
def come_in(app: Flask, make_round: Callable) -> Callable[..., None]:
    """So many responses of a kind."""
    make_round()

    def put(number: int, ags: str = MESCHEDE, ratings: str = "5" * 18, **values: str) -> None:
        with app.app_context():
            round_ = lifecycle.round_by_key("2026")
            row = {"day": lifecycle.today(), "language": "de", "ratings": ratings, "profile": "." * 11, **values}
            db.session.add_all(
                Response(round_id=round_.id, municipality_ags=ags, id=str(uuid.uuid4()), **row) for _ in range(number)
            )
            db.session.commit()

    return put


def counted(app: Flask) -> int:
    with app.app_context():
        return responses_by_municipality(lifecycle.round_by_key("2026")).get(MESCHEDE, 0)


def decide(desk, decision: str, doubt: str = "fast"):
    return desk.post(f"{PAGE}/{MESCHEDE}/{doubt}", {"entscheidung": decision})


def test_held_responses_are_shown_by_place_and_reason_and_count_once_accepted(desk, app: Flask, come_in):
    come_in(3, state="held", doubt="fast")
    come_in(2, state="held", doubt="many")
    come_in(4)
    text = " ".join(desk.get(PAGE).text.split())
    assert "kam zu schnell zurück" in text
    assert "sehr viele aus einem Netz" in text
    assert counted(app) == 4
    assert decide(desk, "accepted").status_code == 302
    assert counted(app) == 7
    assert "Meschede, 3 Rückmeldungen. Sie zählen jetzt mit." in desk.get(PAGE).text


def test_every_decision_can_be_taken_back(desk, app: Flask, come_in):
    come_in(3, state="held", doubt="trap")
    numbers = []
    for decision in ("accepted", "refused", "accepted", "held"):
        decide(desk, decision, "trap")
        numbers.append(counted(app))
    assert numbers == [3, 0, 3, 0]


@pytest.mark.parametrize(("decision", "doubt"), [("counted", "fast"), ("", "fast"), ("accepted", "x")])
def test_there_is_no_other_decision(desk, app: Flask, come_in, decision: str, doubt: str):
    come_in(3, state="held", doubt="fast")
    assert decide(desk, decision, doubt).status_code == 400
    assert counted(app) == 0


def test_once_results_are_published_nothing_is_decided(desk, app: Flask, come_in):
    come_in(3, state="held", doubt="fast")
    with app.app_context():
        round_ = lifecycle.round_by_key("2026")
        lifecycle.close_round(round_)
        lifecycle.mark_released(round_)
        db.session.commit()
    assert decide(desk, "accepted").status_code == 409
    assert counted(app) == 0


def test_channels_are_compared_from_ten_responses_on(desk, come_in):
    come_in(10, ratings="5" * 9 + "4" * 9)
    come_in(9, channel="code", ratings="2" * 18)
    come_in(12, ags=OLPE, channel="school", ratings="." * 17 + "3")
    come_in(20, channel="code", state="held", doubt="fast")
    rows = [row.get_text(" ", strip=True) for row in table(desk.get(PAGE).text)]
    assert rows[0].startswith("Schule oder Hochschule 12 50,0")
    assert rows[1].startswith("offener Link ohne Ort 10 87,5")
    assert rows[2] == "Zugangscode 9 – zu wenige"


def table(page: str) -> list:
    from bs4 import BeautifulSoup

    return BeautifulSoup(page, "html.parser").select("section[aria-labelledby=wege] tbody tr")


def test_a_planned_round_has_no_arrivals(desk, make_round):
    make_round(state="draft")
    assert desk.get(PAGE).status_code == 404

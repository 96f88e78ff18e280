"""A round that ends while somebody is filling in: a day's grace, then a kind page."""

from __future__ import annotations

import datetime as dt
import time
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.feedback.tokens import FormToken, seal
from app.rounds import lifecycle
from app.rounds.models import Round
from tests.feedback.conftest import AGS, Newcomer, change_round, nothing_stored, stored

HOUR = 3600


def opened(app: Flask, open_round: int, hours_ago: float) -> str:
    """The token of a form opened so long ago."""
    with app.test_request_context():
        return seal(FormToken(str(uuid.uuid4()), AGS, open_round, int(time.time() - hours_ago * HOUR)))


def closed(hours_ago: float):
    def change(round_: Round) -> None:
        lifecycle.close_round(round_)
        round_.closed_at -= dt.timedelta(hours=hours_ago)

    return change


@pytest.mark.parametrize(
    ("open_for", "closed_for", "taken"), [(2, 1, True), (23, 22, True), (25, 1, False), (1, 2, False), (0, 0, False)]
)
def test_a_form_opened_before_the_closing_has_a_day(
    newcomer: Newcomer, app: Flask, open_round: int, open_for: float, closed_for: float, taken: bool
):
    token = opened(app, open_round, open_for)
    change_round(app, closed(closed_for))
    page = newcomer.send({"N01": "5"}, token=token)
    assert page.status_code == (303 if taken else 409)
    assert len(stored(app)[0]) == taken


def test_the_last_day_of_the_window_lasts_until_the_form_comes_back(newcomer: Newcomer, app: Flask, open_round: int):
    token = opened(app, open_round, 23)
    yesterday = FormToken("x", AGS, open_round, int(time.time() - 23 * HOUR)).issued_on
    change_round(app, lambda r: setattr(r, "closes", yesterday))
    change_round(app, lambda r: setattr(r, "opens", yesterday))
    assert newcomer.send({"N01": "5"}, token=token).status_code == 303
    assert len(stored(app)[0]) == 1


def test_a_mistake_in_a_late_form_can_still_be_mended(newcomer: Newcomer, app: Flask, open_round: int):
    from tests.feedback.conftest import token_in

    token = opened(app, open_round, 2)
    change_round(app, closed(1))
    page = newcomer.send({"N01": "9"}, token=token)
    assert page.status_code == 422
    assert newcomer.send({"N01": "5"}, token=token_in(page)).status_code == 303


def test_once_a_release_is_built_nothing_comes_in_any_more(newcomer: Newcomer, app: Flask, open_round: int):
    token = opened(app, open_round, 2)
    change_round(app, closed(1))
    change_round(app, lifecycle.end_late_answers)
    assert newcomer.send({"N01": "5"}, token=token).status_code == 409
    assert nothing_stored(app)


def test_a_late_form_of_a_place_that_was_never_invited_is_not_taken(newcomer: Newcomer, app: Flask, open_round: int):
    token = opened(app, open_round, 2)
    change_round(app, lambda r: lifecycle.close_round(r))
    newcomer.place = "olpe"
    assert newcomer.send({"N01": "5"}, token=token).status_code == 409


def test_only_a_closed_round_waits_for_late_answers(app: Flask, open_round: int):
    with app.app_context(), pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.text("UPDATE round SET late_answers = TRUE"))

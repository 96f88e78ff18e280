"""Programs: no captcha for people, nothing dropped in silence, nothing counted that nobody looked at."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from app.assessment.newcomers import STEP
from app.database import db
from app.feedback import crowding
from app.feedback.counting import responses_by_municipality, responses_in
from app.feedback.loading import load_answers
from app.feedback.models import Response
from app.feedback.tokens import FormToken, seal
from app.rounds import lifecycle
from app.rounds.models import Round
from tests.feedback.conftest import AGS, Newcomer, soup, stored

SOMEWHERE = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}


def configure(app: Flask, **changes: int) -> None:
    crowding.init_app(app)
    app.config["KOMPASS"] = replace(app.config["KOMPASS"], **changes)


def sealed(app: Flask, open_round: int, seconds_ago: int) -> str:
    with app.test_request_context():
        return seal(FormToken(str(uuid.uuid4()), AGS, open_round, int(time.time()) - seconds_ago))


def test_a_form_that_comes_back_too_fast_is_held(newcomer: Newcomer, app: Flask, open_round: int):
    configure(app, form_minimum_seconds=30)
    assert newcomer.send({"N01": "5"}).status_code == 303
    assert newcomer.send({"N01": "4"}, token=sealed(app, open_round, 31)).status_code == 303
    assert {(row.ratings[0], row.state, row.doubt) for row in stored(app)[0]} == {
        ("5", "held", "fast"),
        ("4", "counted", ""),
    }


def test_a_filled_trap_holds_the_form_and_its_text(newcomer: Newcomer, app: Flask):
    assert newcomer.send({"N01": "5", "O1": "Kauft hier", "homepage": "spam.example"}).status_code == 303
    [row], [comment] = stored(app)
    assert (row.state, row.doubt, comment.doubtful) == ("held", "trap", True)


def test_no_person_meets_the_trap(newcomer: Newcomer):
    trap = soup(newcomer.client.get(newcomer.address)).select_one("#homepage")
    assert (trap["tabindex"], trap["autocomplete"], trap.get("value")) == ("-1", "off", None)
    assert trap.parent["aria-hidden"] == "true"
    assert trap.parent.label.get_text(strip=True)


def test_many_forms_from_one_network_are_held_and_a_flood_has_to_wait(newcomer: Newcomer, app: Flask):
    configure(app, forms_per_hour=2)
    statuses = [newcomer.send({"N01": "5"}, **SOMEWHERE).status_code for _ in range(21)]
    assert statuses == [303] * 20 + [429]
    assert sorted(row.doubt for row in stored(app)[0]) == [""] * 2 + ["many"] * 18
    other = newcomer.send({"N01": "5"}, environ_base={"REMOTE_ADDR": "2001:db8::1"})
    assert other.status_code == 303
    assert sorted(row.doubt for row in stored(app)[0]).count("") == 3


def test_who_has_to_wait_keeps_what_was_typed(newcomer: Newcomer, app: Flask):
    configure(app, forms_per_hour=1)
    for _ in range(10):
        newcomer.send({"N01": "5"}, **SOMEWHERE)
    page = newcomer.send({"N01": "5", "O1": "Die Nachbarn"}, **SOMEWHERE)
    assert page.status_code == 429
    assert "Die Nachbarn" in page.text
    assert "warten Sie eine Stunde" in page.text


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("203.0.113.9", "203.0.113.200", True),
        ("203.0.113.9", "203.0.114.9", False),
        ("2001:db8:1:200::1", "2001:db8:1:2ff::9", True),
        ("2001:db8:1:200::1", "2001:db8:1:300::1", False),
        ("::ffff:203.0.113.9", "203.0.113.1", True),
    ],
)
def test_networks_are_counted_not_addresses(app: Flask, one: str, other: str, together: bool):
    crowding.init_app(app)
    for address in (one, other):
        with app.app_context():
            within = crowding.another("form", 1, address)
    assert within == (not together)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "unix", ""])
def test_the_machine_itself_is_no_network(app: Flask, address: str):
    crowding.init_app(app)
    with app.app_context():
        assert all(crowding.another("form", 1, address) for _ in range(3))


def test_a_network_has_another_name_tomorrow_and_none_that_tells_it(monkeypatch: pytest.MonkeyPatch):
    counters = crowding.Crowding()
    name = counters.name("203.0.113.0/24")
    assert counters.name("203.0.113.0/24") == name
    assert name != hashlib.blake2b(b"203.0.113.0/24", digest_size=16).hexdigest()
    assert crowding.Crowding().name("203.0.113.0/24") != name
    tomorrow = lifecycle.today() + dt.timedelta(days=1)
    monkeypatch.setattr(crowding, "today", lambda: tomorrow)
    assert counters.name("203.0.113.0/24") != name


def test_what_is_held_does_not_count_until_it_is_accepted(newcomer: Newcomer, app: Flask, open_round: int):
    for _ in range(STEP):
        newcomer.send({"N01": "5", "homepage": "x"})
    with app.app_context():
        round_ = db.session.get_one(Round, open_round)
        assert (responses_by_municipality(round_), responses_in(round_)) == ({}, STEP)
        assert list(load_answers(db.session, round_, 11, ["de"], ["open"])) == []
        db.session.execute(sa.update(Response).values(state="accepted"))
        assert responses_by_municipality(round_) == {AGS: STEP}
        assert [ags for ags, _ in load_answers(db.session, round_, 11, ["de"], ["open"])] == [AGS]


@pytest.mark.parametrize(
    "change", ["state = 'held'", "doubt = 'fast'", "state = 'lost', doubt = 'fast'", "doubt = 'x'"]
)
def test_the_database_holds_nothing_without_a_doubt(newcomer: Newcomer, app: Flask, change: str):
    newcomer.send({"N01": "5"})
    with app.app_context(), pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.text(f"UPDATE response SET {change}"))

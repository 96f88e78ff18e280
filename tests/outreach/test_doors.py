"""The municipality chooses its doors, one at least; who may not change them only looks."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.database import db
from app.feedback.places import doors_of
from app.rounds.models import Participation
from tests.accounts.login import MESCHEDE, Account, log_in
from tests.outreach.conftest import PAGE, Desk, soup


def doors(app: Flask, open_round: int, ags: str = MESCHEDE) -> tuple[str, ...]:
    with app.app_context():
        return doors_of(db.session.get_one(Participation, (open_round, ags)))


def test_at_first_the_open_link_is_the_only_door(desk: Desk, app: Flask, open_round: int):
    assert doors(app, open_round) == ("open_link",)
    assert [box["value"] for box in soup(desk.get()).select("[name=weg][checked]")] == ["open_link"]


def test_the_coordinator_chooses_doors_for_her_own_municipality_and_it_is_on_record(
    desk: Desk, app: Flask, open_round: int
):
    answer = desk.post(PAGE + "wege", weg=["codes", "paper"])
    assert answer.status_code == 302
    assert doors(app, open_round) == ("codes", "paper")
    assert doors(app, open_round, "05958004") == ("open_link",)
    with app.app_context():
        assert db.session.scalars(sa.select(AuditEntry.action)).all()[-1] == "doors.set"


def test_no_door_at_all_is_refused_in_words(desk: Desk, app: Flask, open_round: int):
    for wrong in ([], ["hintertür"]):
        page = desk.post(PAGE + "wege", weg=wrong)
        assert page.status_code == 422
        assert "mindestens einen Weg" in page.text
        assert soup(page).select_one("#fehler a")["href"] == "#weg"
    assert doors(app, open_round) == ("open_link",)


def test_an_editor_sees_the_doors_and_cannot_move_them(client: FlaskClient, editor: Account, open_round: int):
    log_in(client, editor.email)
    desk = Desk(client)
    assert all(box.has_attr("disabled") for box in soup(desk.get()).select("[name=weg]"))
    assert desk.post(PAGE + "wege", weg="paper").status_code == 403


def test_without_an_open_round_the_page_says_so(client: FlaskClient, coordinator: Account):
    log_in(client, coordinator.email)
    assert "Zurzeit ist keine Runde offen" in client.get(PAGE).text
    assert client.get(PAGE + "eingabe").status_code == 404

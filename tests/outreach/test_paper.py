"""Paper sheets: digits only, stored once, taken back if need be, every mistake named where it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from questionnaires.answers import decode_profile, decode_ratings
from questionnaires.loading import builtin
from tests.accounts.login import Account, log_in
from tests.outreach.conftest import PAGE, Desk, soup, stored

SHEET = PAGE + "eingabe"


@pytest.fixture
def at_the_sheet(desk: Desk, change: Callable) -> Desk:
    change(paper=True)
    return desk


def typed(desk: Desk) -> dict[str, str]:
    """The empty screen's token, and a few keys."""
    token = soup(desk.get(SHEET)).select_one("#bogen [name=token]")["value"]
    return {"token": token, "sprache": "de", "D1": "3", "D3": "13", "N01": "5", "N02": "0", "N03": "-", "O1": "Danke"}


def test_keys_become_the_same_answers_as_on_the_screen(at_the_sheet: Desk, app: Flask):
    answer = at_the_sheet.post(SHEET, **typed(at_the_sheet))
    assert answer.status_code == 303
    [row], [comment] = stored(app)
    ratings = {id: mark for id, mark in decode_ratings(builtin(), row.ratings).items() if mark != "."}
    assert ratings == {"N01": "5", "N02": "-", "N03": "-"}
    profile = decode_profile(builtin(), row.profile)
    questions = {question.id: question for question in builtin().profile_questions}
    assert profile["D1"] == {questions["D1"].options[2].id}
    assert profile["D3"] == {questions["D3"].options[0].id, questions["D3"].options[2].id}
    assert (row.channel, row.language, row.state, comment.text) == ("paper", "de", "counted", "Danke")


def test_saving_twice_stores_once(at_the_sheet: Desk, app: Flask):
    sheet = typed(at_the_sheet)
    assert [at_the_sheet.post(SHEET, **sheet).status_code for _ in range(2)] == [303, 303]
    assert [len(rows) for rows in stored(app)] == [1, 1]


def test_the_last_sheet_can_be_taken_back_with_its_text(at_the_sheet: Desk, app: Flask):
    at_the_sheet.post(SHEET, **typed(at_the_sheet))
    after = at_the_sheet.post(SHEET, **typed(at_the_sheet))
    undo = soup(at_the_sheet.get(after.location)).select_one("[name=bogen]")["value"]
    assert at_the_sheet.post(SHEET + "/zuruecknehmen", bogen=undo).status_code == 303
    assert [len(rows) for rows in stored(app)] == [1, 1]
    at_the_sheet.post(SHEET + "/zuruecknehmen", bogen=undo)
    assert [len(rows) for rows in stored(app)] == [1, 1]


def test_nothing_but_a_paper_sheet_can_be_taken_back(at_the_sheet: Desk, app: Flask):
    at_the_sheet.post(SHEET, **typed(at_the_sheet))
    for wrong in ("", "x.y.z", soup(at_the_sheet.get(SHEET)).select_one("#bogen [name=token]")["value"]):
        at_the_sheet.post(SHEET + "/zuruecknehmen", bogen=wrong)
        assert len(stored(app)[0]) == 1
    assert "lässt sich nicht mehr zurücknehmen" in at_the_sheet.get(SHEET).text


@pytest.mark.parametrize(
    ("field", "keys", "sentence"),
    [
        ("N01", "6", "Hier gelten nur"),
        ("N01", "55", "Hier gelten nur"),
        ("N01", "x", "Hier gelten nur"),
        ("D1", "9", "eine Ziffer von 1 bis 5"),
        ("D1", "12", "eine Ziffer von 1 bis 5"),
        ("D3", "19", "auch mehrere"),
        ("O1", "x" * 2001, "zu lang"),
        ("O2", "a\0b", "unsichtbare Zeichen"),
    ],
)
def test_a_wrong_key_is_named_where_it_is_and_nothing_is_lost(
    at_the_sheet: Desk, app: Flask, field: str, keys: str, sentence: str
):
    page = at_the_sheet.post(SHEET, **{**typed(at_the_sheet), field: keys})
    assert page.status_code == 422
    assert [link["href"] for link in soup(page).select("#fehler a")] == [f"#{field}"]
    assert sentence in page.text
    assert soup(page).select_one("#N02")["value"] == "0"
    assert stored(app) == ([], [])


def test_an_empty_sheet_is_not_stored(at_the_sheet: Desk, app: Flask):
    page = at_the_sheet.post(SHEET, token=typed(at_the_sheet)["token"])
    assert (page.status_code, "Der Bogen ist leer" in page.text) == (422, True)
    assert stored(app) == ([], [])


def test_a_sheet_without_its_key_is_shown_again_with_a_new_one(at_the_sheet: Desk, app: Flask):
    page = at_the_sheet.post(SHEET, **{**typed(at_the_sheet), "token": "x"})
    assert page.status_code == 422
    again = {**typed(at_the_sheet), "token": soup(page).select_one("#bogen [name=token]")["value"]}
    assert at_the_sheet.post(SHEET, **again).status_code == 303
    assert len(stored(app)[0]) == 1


def test_where_paper_is_no_door_nothing_can_be_typed_in(desk: Desk, app: Flask):
    page = desk.post(SHEET, **typed(desk))
    assert (page.status_code, "Schalten Sie zuerst" in page.text) == (422, True)
    assert stored(app) == ([], [])


def test_an_editor_may_type_in_sheets(client: FlaskClient, editor: Account, change: Callable, app: Flask):
    change(paper=True)
    log_in(client, editor.email)
    assert Desk(client).post(SHEET, **typed(Desk(client))).status_code == 303
    assert len(stored(app)[0]) == 1


def test_who_typed_a_sheet_is_written_nowhere(at_the_sheet: Desk, app: Flask):
    import sqlalchemy as sa

    from app.audit.models import AuditEntry
    from app.database import db

    at_the_sheet.post(SHEET, **typed(at_the_sheet))
    with app.app_context():
        assert db.session.scalars(sa.select(AuditEntry.action)).all() == []


def test_every_box_has_one_key_and_a_label(at_the_sheet: Desk):
    page = soup(at_the_sheet.get(SHEET))
    catalogue = builtin()
    assert all(page.select_one(f"#{item.id}")["data-keys"] == "1" for item in catalogue.items)
    assert page.select_one("#D3")["data-keys"] == str(len(catalogue.profile_questions[2].options))

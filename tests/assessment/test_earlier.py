"""Last time: what stood there, taking it over, and whether it compares at all."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assessment.earlier import comparable
from app.assessment.models import Evidence, Plausibility
from app.assessment.workspace import Answer
from app.database import db
from app.rounds.models import Round
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin
from tests.accounts.login import Account, token
from tests.assessment.conftest import PAGE, answer, close, meschede, new_round, send, sign
from tests.assessment.test_evidence import attach

TAKE = f"{PAGE}/uebernehmen"
BEFORE = Answer(3, False, "Seit 2023 im Gang", lived=True, responsible="Kulturamt", due=dt.date(2026, 1, 1))


@pytest.fixture
def last_time(app: Flask, working: FlaskClient, round_id: int, approver: Account) -> None:
    """A first round with one answer, its evidence and the agency's remark; a second one is open now."""
    with app.app_context():
        answer("A1.1", BEFORE, approver.id)
    attach(working)
    with app.app_context():
        sign(approver.id)
        db.session.add(
            Plausibility(assessment=meschede().assessment, criterion="A1.1", state="question", remark="Seit wann?")
        )
        db.session.commit()
        close(round_id)
        new_round("2027", dt.date(2027, 11, 1))


def take(client: FlaskClient, **fields: str) -> int:
    page = client.get(PAGE)
    form = {"csrf_token": token(page), "version": "0", "round_key": "2027", **fields}
    return client.post(TAKE, data=form).status_code


def test_last_time_stands_beside_the_form(working: FlaskClient, last_time: None) -> None:
    aside = working.get(PAGE).text.split("Hinweise zum Kriterium")[1]
    for words in ("Reifegrad 3", "Seit 2023 im Gang", "Kulturamt", "Auswertung 2026", "Seit wann?", "vergleichbar"):
        assert words in aside


def test_it_is_taken_over_with_one_button_and_marked_until_confirmed(
    app: Flask, working: FlaskClient, last_time: None
) -> None:
    assert take(working) == 302
    with app.app_context():
        assert meschede().answer("A1.1") == BEFORE
        assert [piece.title for piece in meschede().evidence["A1.1"]] == ["Auswertung 2026"]
    assert "noch nicht bestätigt" in working.get(PAGE).text
    assert "noch nicht bestätigt" in working.get("/kommune/abgabe").text
    send(working, level="3", reason="Seit 2023 im Gang", round_key="2027", lived="y", responsible="Kulturamt")
    assert "noch nicht bestätigt" not in working.get(PAGE).text


def test_saving_it_unchanged_confirms_it(app: Flask, working: FlaskClient, last_time: None) -> None:
    take(working)
    fields = {"level": "3", "reason": BEFORE.reason, "lived": "y", "responsible": "Kulturamt", "due": "2026-01-01"}
    send(working, round_key="2027", **fields)
    with app.app_context():
        assert not meschede().taken_over("A1.1")


def test_the_evidence_of_the_earlier_round_stays_where_it_was(
    app: Flask, working: FlaskClient, last_time: None
) -> None:
    take(working)
    with app.app_context():
        assert db.session.query(Evidence).count() == 2


def test_nothing_is_taken_over_another_persons_answer(
    app: Flask, working: FlaskClient, last_time: None, editor: Account
) -> None:
    with app.app_context():
        answer("A1.1", Answer(1), editor.id)
    assert take(working, version="0") == 409
    with app.app_context():
        assert meschede().answer("A1.1").level == 1


def test_without_an_earlier_answer_there_is_nothing_to_take_over(working: FlaskClient, round_id: int) -> None:
    assert "Angabe übernehmen" not in working.get(PAGE).text
    assert take(working, round_key="2026") == 409


def reworded(catalogue: Catalogue, key: str) -> Catalogue:
    raw = catalogue.model_dump(mode="json")
    for criterion in raw["criteria"]:
        if criterion["id"] == key:
            criterion["question"]["de"] += " Anders gefragt."
    return Catalogue.model_validate(raw)


def test_what_reads_differently_is_marked_and_not_taken_over(app: Flask, working: FlaskClient, last_time: None) -> None:
    other = reworded(builtin(), "A1.1")
    with app.app_context():
        before = db.session.query(Round).filter_by(key="2026").one()
        before.catalogue_json, before.catalogue_sha256 = other.to_json(), other.sha256
        db.session.commit()
    page = working.get(PAGE).text
    assert "Wortlaut geändert" in page
    assert "Angabe übernehmen" not in page
    assert take(working) == 409
    assert "Wortlaut geändert" in working.get("/kommune/abgabe").text


def test_the_mark_comes_from_both_catalogues() -> None:
    now = builtin()
    raw = now.model_dump(mode="json")
    raw["criteria"] = [c for c in raw["criteria"] if c["id"] != "A1.2"]
    raw["items"] = [i for i in raw["items"] if i["criterion"] != "A1.2" and "A1.2" not in i["related"]]
    without = Catalogue.model_validate(raw)
    assert comparable(now, now, "A1.1") == "same"
    assert comparable(now, reworded(now, "A1.1"), "A1.1") == "reworded"
    assert comparable(now, reworded(now, "A1.1"), "A1.2") == "same"
    assert comparable(now, without, "A1.2") == "new"

"""Everything that cannot be taken gets a page that says why and what to do, keeps what was typed, stores nothing."""

from __future__ import annotations

import datetime as dt
import io
import time
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.feedback import tokens
from app.feedback.tokens import FormToken, seal
from app.rounds import lifecycle
from app.rounds.models import Participation
from tests.feedback.conftest import (
    AGS,
    PLACE,
    Newcomer,
    change_round,
    checked,
    nothing_stored,
    soup,
    stored,
    summary_targets,
    token_in,
)

TYPED = {"D3": "children", "N04": "2", "O1": "Die Nachbarn\nhaben geholfen."}


def keeps_what_was_typed(page) -> bool:
    text = soup(page).select_one("#O1").get_text().strip()
    return {("D3", "children"), ("N04", "2")} <= checked(page) and text == "Die Nachbarn\nhaben geholfen."


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"N03": "7"}, "N03", "»7« ist keine der möglichen Antworten"),
        ({"N03": "<script>"}, "N03", "»<script>« ist keine der möglichen Antworten"),
        ({"N03": "5\0"}, "N03", "ist keine der möglichen Antworten"),
        ({"D1": "gestern"}, "D1", "»gestern« ist keine der möglichen Antworten"),
        ({"N03": ["4", "5"]}, "N03", "nur eine Antwort"),
        ({"D1": ["1_to_2_years", "2_to_5_years"]}, "D1", "nur eine Antwort"),
        ({"O2": "x" * 2001}, "O2", "2001 Zeichen lang"),
        ({"O2": "Kita\0platz"}, "O2", "unsichtbare Zeichen"),
        ({"O2": ["eins", "zwei"]}, "O2", "nur eine Antwort"),
        ({"N99": "5"}, "fragebogen", "»N99« gehört nicht zu diesem Fragebogen"),
    ],
)
def test_a_mistake_is_named_where_it_is_and_nothing_is_lost(newcomer: Newcomer, app: Flask, answers, field, sentence):
    page = newcomer.send({**TYPED, **answers})
    assert page.status_code == 422
    assert summary_targets(page) == [field]
    assert sentence in soup(page).select_one("#fehler").get_text()
    assert keeps_what_was_typed(page)
    assert nothing_stored(app)


def test_a_mistake_is_tied_to_its_question(newcomer: Newcomer):
    page = soup(newcomer.send({"N03": "7", "O1": "x" * 2001}))
    group = page.select_one("#N03").find_parent("fieldset")
    assert group["aria-describedby"] == "N03-error"
    assert page.select_one("#O1")["aria-describedby"] == "O1-hint O1-error"
    assert page.select_one("#O1")["aria-invalid"] == "true"


def test_mistakes_are_told_in_the_readers_language(newcomer: Newcomer):
    newcomer.language = "en"
    page = soup(newcomer.send({"O1": "x" * 2001}))
    assert page.html["lang"] == "en"
    assert "What made settling in easiest for you?" in page.select_one("#fehler").get_text()


def test_a_mended_form_is_stored_as_the_response_it_was(newcomer: Newcomer, app: Flask):
    page = newcomer.send({**TYPED, "O2": "Kita\0platz"})
    mended = {**TYPED, "O2": soup(page).select_one("#O2").get_text().strip()}
    assert mended["O2"] == "Kitaplatz"
    token = token_in(page)
    assert newcomer.send(mended, token=token).status_code == 303
    assert newcomer.send(mended, token=token).status_code == 303
    assert [len(rows) for rows in stored(app)] == [1, 2]


def test_an_empty_form_gets_a_friendly_word(newcomer: Newcomer, app: Flask):
    page = newcomer.send({"D1": "", "O1": "  \r\n"})
    assert page.status_code == 422
    assert "Sie haben noch nichts angegeben" in page.text
    assert nothing_stored(app)


@pytest.mark.parametrize("token", ["", "gefälscht", "a.b.c", "W10.aaaa.bbbb", "\0"])
def test_a_forged_token_costs_nothing_but_a_second_click(newcomer: Newcomer, app: Flask, token: str):
    page = newcomer.send(TYPED, token=token)
    assert page.status_code == 400
    assert "nicht vollständig" in page.text
    assert keeps_what_was_typed(page)
    assert nothing_stored(app)
    assert newcomer.send(TYPED, token=token_in(page)).status_code == 303


def test_a_form_without_any_token_is_refused(client: FlaskClient, app: Flask, open_round: int):
    assert client.post(f"/f/{PLACE}", data={"N01": "5"}).status_code == 400
    assert nothing_stored(app)


def test_a_form_open_for_more_than_a_day_can_be_sent_again_and_is_still_stored_once(
    newcomer: Newcomer, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    token = newcomer.token()
    newcomer.send(TYPED, token=token)
    a_day_later = time.time() + tokens.SECONDS_VALID + 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: a_day_later)
    page = newcomer.send(TYPED, token=token)
    assert page.status_code == 400
    assert "länger als einen Tag geöffnet" in page.text
    assert keeps_what_was_typed(page)
    assert newcomer.send(TYPED, token=token_in(page)).status_code == 303
    assert len(stored(app)[0]) == 1


@pytest.mark.parametrize("other", [{"municipality_ags": "05966024"}, {"round_id": 999}])
def test_a_form_of_another_town_or_round_is_not_counted_here(newcomer: Newcomer, app: Flask, open_round: int, other):
    fields = {"response_id": str(uuid.uuid4()), "municipality_ags": AGS, "round_id": open_round, **other}
    with app.app_context():
        token = seal(FormToken(**fields))
    page = newcomer.send(TYPED, token=token)
    assert page.status_code == 400
    assert "gehört zu einer anderen Befragung" in page.text
    assert keeps_what_was_typed(page)
    assert nothing_stored(app)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_comment_of_ten_megabytes_is_refused_unread_with_a_way_out(newcomer: Newcomer, app: Flask, language: str):
    newcomer.language = language
    page = newcomer.send({"O1": "x" * 10_000_000})
    assert page.status_code == 413
    assert soup(page).html["lang"] == language
    if language == "de":
        assert "Kürzen Sie den Text" in page.text
    assert nothing_stored(app)


def test_what_is_no_form_is_refused(newcomer: Newcomer, app: Flask):
    page = newcomer.client.post(newcomer.address, json={"N01": "5"})
    assert page.status_code == 415
    assert "Bitte senden Sie das Formular dieser Website ab" in page.text
    assert nothing_stored(app)


def test_an_unknown_municipality_is_404_with_a_way_out(client: FlaskClient, open_round: int):
    for response in (
        client.get("/f/atlantis?lang=de"),
        client.post("/f/atlantis?lang=de"),
        client.get("/f/atlantis/danke"),
    ):
        assert response.status_code == 404
        assert soup(response).select('a[href^="/f/"]')


CLOSED = {
    "closed": (lifecycle.close_round, "läuft zurzeit keine Befragung"),
    "early": (
        lambda r: lifecycle.change_window(
            r, "Runde", lifecycle.today() + dt.timedelta(1), lifecycle.today() + dt.timedelta(2)
        ),
        "hat noch nicht begonnen",
    ),
    "over": (
        lambda r: lifecycle.change_window(
            r, "Runde", lifecycle.today() - dt.timedelta(2), lifecycle.today() - dt.timedelta(1)
        ),
        "ist beendet",
    ),
    "uninvited": (
        lambda r: db.session.delete(db.session.get(Participation, (r.id, AGS))),
        "nimmt an dieser Befragung nicht teil",
    ),
}


def stale(app: Flask) -> str:
    """A token from three days ago, genuine, of the one round there is."""
    with app.test_request_context():
        return seal(FormToken(str(uuid.uuid4()), AGS, 1, int(time.time()) - 3 * 24 * 3600))


@pytest.mark.parametrize("case", CLOSED)
def test_where_nobody_can_answer_the_page_says_why(newcomer: Newcomer, app: Flask, case: str):
    change, sentence = CLOSED[case]
    token = stale(app) if case in ("closed", "over") else newcomer.token()
    change_round(app, change)
    page = newcomer.client.get(newcomer.address)
    assert (page.status_code, soup(page).form) == (200, None)
    assert sentence in page.text
    sent = newcomer.send(TYPED, token=token)
    assert sent.status_code == 409
    assert sentence in sent.text
    assert "Es wurde nichts gespeichert" in sent.text
    assert nothing_stored(app)


def test_a_round_closed_by_another_process_a_moment_ago_takes_nothing(newcomer: Newcomer, app: Flask, database_url):
    """The page may be seconds behind; the transaction that writes is not."""
    token = newcomer.token()
    newcomer.client.get(newcomer.address)
    close_elsewhere(database_url)
    page = newcomer.send(TYPED, token=token)
    assert page.status_code == 409
    assert nothing_stored(app)


def close_elsewhere(url: str) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE round SET state = 'closed', closed_at = CURRENT_TIMESTAMP")
    engine.dispose()


def test_without_any_round_the_page_says_so(client: FlaskClient):
    page = client.get(f"/f/{PLACE}?lang=de")
    assert (page.status_code, soup(page).form) == (200, None)
    assert "läuft zurzeit keine Befragung" in page.text


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_half_a_form_is_not_taken_for_a_whole_one(newcomer: Newcomer, app: Flask, kind: str):
    """A server may hand on what had arrived before the connection broke, and call it everything."""
    from werkzeug.test import EnvironBuilder, run_wsgi_app

    fields = {"token": newcomer.token(), "N01": "5", "O1": "Die Nachbarn"}
    whole = EnvironBuilder(newcomer.address, method="POST", data=fields, content_type=kind)
    environ = whole.get_environ()
    body = environ["wsgi.input"].read()
    environ |= {"wsgi.input": io.BytesIO(body[:-20]), "wsgi.input_terminated": True}
    _body, status, _headers = run_wsgi_app(app, environ)
    assert status.startswith("400")
    assert nothing_stored(app)

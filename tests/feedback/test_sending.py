"""What is stored, and how often."""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.feedback.storing import NoLongerCollecting, store
from app.feedback.tokens import FormToken
from app.rounds import lifecycle
from questionnaires.answers import RATING_CHARACTERS, Submission, decode_profile, decode_ratings
from questionnaires.comments import Comment
from questionnaires.loading import builtin
from tests.feedback.conftest import AGS, PLACE, Newcomer, change_round, nothing_stored, stored

ANSWERS = {"D1": "1_to_2_years", "D3": ["job", "children"], "N01": "5", "N02": "1", "N04": "-", "N10": "4", "N17": "3"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_response_is_one_row_with_exactly_what_was_answered(newcomer: Newcomer, app: Flask, open_round, language):
    newcomer.language = language
    response = newcomer.send({**ANSWERS, "O1": " Die Nachbarn \r\n", "O2": ""})
    assert (response.status_code, response.location) == (303, f"/f/{PLACE}/danke?lang={language}")
    [row], [comment] = stored(app)
    assert (row.round_id, row.municipality_ags, row.day) == (open_round, AGS, lifecycle.today())
    assert (row.language, row.channel) == (language, "open")
    ratings = decode_ratings(builtin(), row.ratings)
    # N17 is for those at school or university, and this newcomer says otherwise.
    assert {id: mark for id, mark in ratings.items() if mark != "."} == {"N01": "5", "N02": "1", "N04": "-", "N10": "4"}
    profile = decode_profile(builtin(), row.profile)
    assert profile == {"D1": {"1_to_2_years"}, "D2": set(), "D3": {"job", "children"}, "D4": set()}
    assert (comment.question, comment.text, comment.state) == ("O1", "Die Nachbarn", "unread")
    assert (comment.round_id, comment.municipality_ags) == (open_round, AGS)


def test_the_thank_you_page_names_the_town_and_knows_nothing_else(newcomer: Newcomer, client):
    response = newcomer.send({"N01": "5"})
    thanks = client.get(response.location)
    assert "Arnsberg" in thanks.text
    assert "Set-Cookie" not in thanks.headers
    assert "Set-Cookie" not in response.headers


def test_thanks_are_said_even_when_the_round_ends_meanwhile(newcomer: Newcomer, client, app: Flask):
    location = newcomer.send({"N01": "5"}).location
    change_round(app, lifecycle.close_round)
    assert "Danke!" in client.get(location).text


def test_one_text_alone_is_a_response(newcomer: Newcomer, app: Flask):
    assert newcomer.send({"O2": "Ein Kitaplatz"}).status_code == 303
    assert [len(rows) for rows in stored(app)] == [1, 1]


def test_sending_twice_stores_once_and_thanks_twice(newcomer: Newcomer, app: Flask):
    token = newcomer.token()
    first = newcomer.send({"N01": "5", "O1": "Danke"}, token=token)
    second = newcomer.send({"N01": "2", "O1": "Nochmal"}, token=token)
    assert (first.status_code, second.status_code) == (303, 303)
    [row], [comment] = stored(app)
    assert row.ratings.startswith("5")
    assert comment.text == "Danke"


def test_two_forms_are_two_responses(newcomer: Newcomer, app: Flask):
    newcomer.send({"N01": "5"})
    newcomer.send({"N01": "5"})
    assert len(stored(app)[0]) == 2


def test_a_form_in_parts_is_read_like_any_other(newcomer: Newcomer, app: Flask):
    newcomer.send({"N01": "5"}, content_type="multipart/form-data")
    assert len(stored(app)[0]) == 1


def test_a_closed_round_is_seen_in_the_transaction_that_writes(app: Flask, open_round: int):
    token = FormToken(str(uuid.uuid4()), AGS, open_round)
    change_round(app, lifecycle.close_round)
    with app.test_request_context(method="POST"), pytest.raises(NoLongerCollecting):
        store(token, submission("5" * 18), "de")
    assert nothing_stored(app)


def test_a_municipality_that_is_not_invited_gets_no_response(app: Flask, open_round: int):
    token = FormToken(str(uuid.uuid4()), "05999999", open_round)
    with app.test_request_context(method="POST"), pytest.raises(NoLongerCollecting):
        store(token, submission("5" * 18), "de")
    assert nothing_stored(app)


def submission(ratings: str, *texts: str) -> Submission:
    return Submission(ratings, "." * 11, tuple(Comment("O1", text) for text in texts))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_double_sends_interleave_each_form_is_stored_once(app: Flask, open_round: int, data: st.DataObject):
    """Some forms, each sent several times, in any order and at the same time."""
    forms = [str(uuid.uuid4()) for _ in range(data.draw(st.integers(1, 4), label="forms"))]
    sent = data.draw(st.permutations([id for id in forms for _ in range(3)]), label="order")
    before = Counter(row.id for row in stored(app)[0])
    texts_before = len(stored(app)[1])

    def send(id: str) -> bool:
        with app.test_request_context(method="POST"):
            return store(FormToken(id, AGS, open_round), submission("5" * 18, f"Text {id}"), "de")

    with ThreadPoolExecutor(max_workers=6) as threads:
        new = list(threads.map(send, sent))
    assert sum(new) == len(forms)
    rows, comments = stored(app)
    assert Counter(row.id for row in rows) - before == Counter(forms)
    assert len(comments) - texts_before == len(forms)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=st.lists(st.sampled_from(sorted(RATING_CHARACTERS)), min_size=18, max_size=18))
def test_whatever_is_answered_comes_back_from_the_database(app: Flask, open_round: int, marks: list[str]):
    id = str(uuid.uuid4())
    with app.test_request_context(method="POST"):
        store(FormToken(id, AGS, open_round), submission("".join(marks)), "de")
    assert next(row.ratings for row in stored(app)[0] if row.id == id) == "".join(marks)

"""Hundreds who open and send the form at once: each gets what the application would say, with a token of their own."""

from __future__ import annotations

import dataclasses
import gzip

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.database import db
from app.feedback import front
from app.feedback.places import collecting
from app.feedback.straight import straight
from app.feedback.tokens import unseal
from app.rounds import lifecycle
from config import Settings
from tests.conftest import disconnect, new_application
from tests.feedback.conftest import AGS, PLACE, Newcomer, change_round, stored, token_in

FORM, THANKS = f"/f/{PLACE}", f"/f/{PLACE}/danke"
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
def asked(app: Flask, open_round: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses for which the application itself was asked, while the clock stands still."""
    monkeypatch.setattr(front, "monotonic", lambda: 1000.0)
    asked: list[str] = []
    monkeypatch.setitem(app.before_request_funcs, None, [*app.before_request_funcs[None], lambda: _note(asked)])
    return asked


def _note(asked: list[str]) -> None:
    asked.append(request.full_path.rstrip("?"))


@pytest.mark.parametrize("address", [FORM, f"{FORM}?lang=ar", f"{FORM}?von=schule", THANKS])
def test_the_second_reader_gets_the_same_answer_without_asking_the_application(
    client: FlaskClient, asked: list[str], address: str
):
    first, second = client.get(address, headers=PLAIN), client.get(address, headers=PLAIN)
    assert asked == [address]
    assert (second.status, _apart_from_length(second)) == (first.status, _apart_from_length(first))
    assert second.text.replace(_token(second), "") == first.text.replace(_token(first), "")
    assert second.content_length == len(second.data)


def _apart_from_length(response) -> list[tuple[str, str]]:
    """The headers; a token may be a letter or two shorter than another."""
    return sorted((name, value) for name, value in response.headers if name != "Content-Length")


def _token(response) -> str:
    return token_in(response) if "token" in response.text else "-"


def test_every_reader_has_a_token_of_their_own(app: Flask, client: FlaskClient, asked: list[str]):
    tokens = [token_in(client.get(FORM)) for _ in range(20)]
    with app.app_context():
        assert len({unseal(token).response_id for token in tokens}) == 20
    assert len(asked) == 1


def test_what_can_make_a_difference_is_told_apart(client: FlaskClient, asked: list[str]):
    for address, header in (
        (FORM, {}),
        (FORM, {"Accept-Language": "tr"}),
        (FORM, {"Accept-Encoding": "gzip"}),
        (f"{FORM}?lang=uk", {}),
    ):
        client.get(address, headers=header)
    assert len(asked) == 4
    assert 'lang="tr"' in client.get(FORM, headers={"Accept-Language": "tr"}).text
    assert b"Arnsberg" in gzip.decompress(client.get(FORM, headers={"Accept-Encoding": "gzip"}).data)


def test_a_round_that_is_closed_takes_no_new_reader(app: Flask, client: FlaskClient, asked: list[str]):
    assert "fragebogen" in client.get(FORM).text
    change_round(app, lifecycle.close_round)
    assert "fragebogen" not in client.get(FORM).text


def test_after_two_seconds_the_application_is_asked_again(
    client: FlaskClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
):
    client.get(FORM)
    monkeypatch.setattr(front, "monotonic", lambda: 1000.1 + front.SECONDS_KEPT)
    client.get(FORM)
    assert len(asked) == 2


@pytest.mark.parametrize("address", ["/f/", "/f/anonym", "/f/nirgendwo", "/f/Arnsberg"])
def test_other_answers_are_never_given_again(client: FlaskClient, asked: list[str], address: str):
    client.get(address)
    client.get(address)
    assert len(asked) == 2


def test_it_keeps_no_more_than_so_many(client: FlaskClient, app: Flask, asked: list[str]):
    for number in range(front.MOST_KEPT + 10):
        client.get(FORM, headers={"Accept-Language": f"de;q=0.{number:03}1"})
    assert len(app.extensions[front.EXTENSION]._answered) <= front.MOST_KEPT


def test_the_second_form_is_stored_without_asking_the_application(app: Flask, newcomer: Newcomer, asked: list[str]):
    first, second = (newcomer.send({"N01": rating, "O1": "Die Nachbarn"}) for rating in "51")
    assert (second.status, sorted(second.headers)) == (first.status, sorted(first.headers))
    assert asked == [newcomer.address] * 2, "one form opened, one taken"
    responses, comments = stored(app)
    assert sorted(response.ratings[0] for response in responses) == ["1", "5"]
    assert len(comments) == 2


def test_each_form_is_stored_in_the_language_and_for_the_place_it_was_sent_in(app: Flask, client: FlaskClient, asked):
    sent = [Newcomer(client, place, language) for place in (PLACE, "brilon") for language in ("de", "ar")]
    for newcomer in sent * 2:
        newcomer.send({"N01": "5"})
    assert len(asked) == 8, "of each one form opened and one taken"
    found = sorted((response.municipality_ags, response.language) for response in stored(app)[0])
    assert found == sorted((ags, language) for ags in (AGS, "05958012") for language in ("de", "ar") for _ in range(2))


@pytest.mark.parametrize(
    ("answers", "status", "words"),
    [
        ({"N01": "7", "O1": "Die Nachbarn"}, 422, "Die Nachbarn"),
        ({"O1": "x" * 2001}, 422, "x" * 2001),
        ({}, 422, "noch nichts angegeben"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_by_the_application(
    app: Flask, newcomer: Newcomer, asked: list[str], answers: dict[str, object], status: int, words: str
):
    newcomer.send({"N01": "5"})
    answer = newcomer.send(answers)
    assert answer.status_code == status
    assert words in answer.text


def test_a_body_that_is_no_utf_8_is_read_as_the_application_reads_it(app: Flask, newcomer: Newcomer, asked: list[str]):
    newcomer.send({"N01": "5"})
    form = {"content_type": front.FORM, "data": f"token={newcomer.token()}&N01=5&O1=sch%F6n".encode()}
    assert newcomer.client.post(newcomer.address, **form).status_code == 303
    assert [comment.text for comment in stored(app)[1]] == ["sch%F6n"]


def test_what_is_no_form_is_refused_after_one_that_was(app: Flask, newcomer: Newcomer, asked: list[str]):
    newcomer.send({"N01": "5"})
    body = f"token={newcomer.token()}&N01=5"
    assert newcomer.client.post(newcomer.address, data=body, content_type="text/plain").status_code == 415
    assert len(stored(app)[0]) == 1


def test_half_a_form_is_refused_after_a_whole_one(app: Flask, newcomer: Newcomer, asked: list[str]):
    newcomer.send({"N01": "5"})
    body = f"token={newcomer.token()}&N01=5".encode()
    announced = {"CONTENT_LENGTH": str(len(body) + 20)}
    sent = {"data": body, "content_type": front.FORM, "environ_overrides": announced}
    assert newcomer.client.post(newcomer.address, **sent).status_code == 400
    assert len(stored(app)[0]) == 1


def test_a_form_with_files_goes_to_the_application(newcomer: Newcomer, asked: list[str]):
    newcomer.send({"N01": "5"})
    assert newcomer.send({"N01": "5"}, content_type="multipart/form-data").status_code == 303
    assert asked.count(newcomer.address) == 3


def test_another_round_asks_the_application_in_which_language_its_questions_are(app: Flask, open_round: int):
    with app.app_context():
        another = dataclasses.replace(collecting(PLACE).round, catalogue_sha256="another")
        take = straight(PLACE, another, "de")
    with pytest.raises(LookupError):
        take(b"N01=5", "")


def test_a_form_sent_twice_is_stored_once_and_thanked_for_twice(app: Flask, newcomer: Newcomer, asked: list[str]):
    newcomer.send({"N01": "5"})
    token = newcomer.token()
    assert [newcomer.send({"N01": "4"}, token).status_code for _ in range(2)] == [303, 303]
    assert len(stored(app)[0]) == 2


def test_a_form_that_came_too_late_is_refused_as_ever(app: Flask, newcomer: Newcomer, asked: list[str]):
    newcomer.send({"N01": "5"})
    token = newcomer.token()
    with app.app_context(), db.engine.begin() as connection:  # By another process, of which this one is not told.
        connection.exec_driver_sql("UPDATE round SET state = 'closed', closed_at = CURRENT_TIMESTAMP")
    assert newcomer.send({"N01": "5"}, token).status_code == 409
    assert len(stored(app)[0]) == 1


def test_too_many_forms_from_a_network_are_held_here_too(app: Flask, newcomer: Newcomer, asked: list[str]):
    app.config["KOMPASS"] = dataclasses.replace(app.config["KOMPASS"], forms_per_hour=2)
    network = {"REMOTE_ADDR": "203.0.113.9"}
    for _ in range(4):
        newcomer.send({"N01": "5"}, environ_overrides=network)
    assert [address for address in asked if address == newcomer.address] == [newcomer.address] * 2
    assert sorted(response.doubt for response in stored(app)[0]) == ["", "", "many", "many"]


def test_behind_a_proxy_the_readers_network_counts_and_not_the_proxys(settings: Settings, app: Flask, open_round: int):
    behind = new_application(dataclasses.replace(settings, trusted_proxies=1, forms_per_hour=2))
    newcomer = Newcomer(behind.test_client())
    for address in ["203.0.113.9"] * 4 + ["198.51.100.7"]:
        newcomer.send({"N01": "5"}, headers={"X-Forwarded-For": address})
    disconnect(behind)
    assert sorted(response.doubt for response in stored(app)[0]) == ["", "", "", "many", "many"]


def test_only_reading_is_answered_before_the_application(client: FlaskClient, asked: list[str]):
    client.get(FORM)
    assert client.post(FORM, data={"N01": "5"}).status_code != 200
    assert client.head(FORM).data == b""
    assert len(asked) == 3

"""Hundreds who open the form at once: each gets what the application would say, with a token of their own."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.feedback import front
from app.feedback.tokens import unseal
from app.rounds import lifecycle
from tests.feedback.conftest import PLACE, change_round, token_in

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


def test_only_reading_is_answered_before_the_application(client: FlaskClient, asked: list[str]):
    client.get(FORM)
    assert client.post(FORM, data={"N01": "5"}).status_code != 200
    assert client.head(FORM).data == b""
    assert len(asked) == 3

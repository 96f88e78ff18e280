"""Access codes: every spelling, one answer for wrong and used, used once, tied to nothing."""

from __future__ import annotations

import contextlib
import itertools

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.database import db
from app.feedback.codes import ALPHABET, LENGTH, CodeMistyped, digest, new_code, read_code, written
from app.feedback.models import AccessCode
from app.rounds import lifecycle
from app.rounds.models import Participation
from config import Settings
from tests.feedback.conftest import AGS, PLACE, change_round, nothing_stored, soup, stored, token_in
from tests.web.critic import criticise, policy_of

bodies = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def code(app: Flask, open_round: int) -> str:
    """A code that Arnsberg issued."""
    made = new_code()
    with app.app_context():
        db.session.add(AccessCode(digest=digest(made), round_id=open_round, municipality_ags=AGS))
        db.session.commit()
    return made


def complete(body: str) -> str:
    [code] = [body + symbol for symbol in ALPHABET if is_code(body + symbol)]
    return code


def is_code(text: str) -> bool:
    try:
        return read_code(text) == text
    except CodeMistyped:
        return False


def used(app: Flask) -> list[bool]:
    with app.app_context():
        return list(db.session.scalars(sa.select(AccessCode.used)))


@given(bodies)
def test_eleven_symbols_have_exactly_one_check(body: str):
    assert len(complete(body)) == LENGTH


@given(bodies, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_noticed(body: str, place: int, symbol: str):
    code = complete(body)
    changed = code[:place] + symbol + code[place + 1 :]
    assert is_code(changed) == (changed == code)


@given(bodies, st.sampled_from(list(itertools.combinations(range(LENGTH), 2))))
def test_two_exchanged_symbols_are_noticed(body: str, places: tuple[int, int]):
    symbols = list(complete(body))
    first, second = places
    symbols[first], symbols[second] = symbols[second], symbols[first]
    changed = "".join(symbols)
    assert is_code(changed) == (changed == complete(body))


@given(bodies, st.data())
def test_every_spelling_people_use_is_read(body: str, data: st.DataObject):
    code = complete(body)
    spelt = {"0": "0oO", "1": "1iIlL"}
    letters = [data.draw(st.sampled_from(spelt.get(symbol, symbol + symbol.lower()))) for symbol in code]
    gap = st.sampled_from(["", "-", " ", "–", "\u00a0", "\u2011", " - ", "_", "\t"])
    assert read_code("".join(letter + data.draw(gap) for letter in letters)) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_a_slip_of_the_finger(text: str):
    with contextlib.suppress(CodeMistyped):
        assert is_code(read_code(text))


def test_codes_differ_and_are_written_in_groups():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(is_code(code) and read_code(written(code)) == code and written(code).count("-") == 2 for code in codes)


def test_a_code_opens_the_form_of_its_municipality_and_counts_once(client: FlaskClient, app: Flask, code: str):
    page = client.get(f"/c/{code}")
    assert "Arnsberg" in soup(page).h1.get_text()
    sent = client.post(soup(page).form["action"], data={"token": token_in(page), "N01": "5"})
    assert sent.status_code == 303
    [row], _ = stored(app)
    assert (row.channel, used(app)) == ("code", [True])


def test_the_same_form_sent_again_is_thanked_again(client: FlaskClient, app: Flask, code: str):
    page = client.get(f"/c/{code}")
    form = {"token": token_in(page), "N01": "5"}
    assert [client.post(f"/f/{PLACE}", data=form).status_code for _ in range(2)] == [303, 303]
    assert len(stored(app)[0]) == 1


def test_two_tabs_with_one_code_are_one_response(client: FlaskClient, app: Flask, code: str):
    first, second = (token_in(client.get(f"/c/{code}")) for _ in range(2))
    assert client.post(f"/f/{PLACE}", data={"token": first, "N01": "5"}).status_code == 303
    page = client.post(f"/f/{PLACE}?lang=de", data={"token": second, "N01": "1", "O1": "Noch da"})
    assert page.status_code == 409
    assert "wurde schon geantwortet" in page.text
    assert "Noch da" in page.text
    assert list(criticise(page.text, policy=policy_of(page))) == []
    [row], comments = stored(app)
    assert (row.ratings[0], comments) == ("5", [])


def test_used_and_unknown_get_the_same_answer(client: FlaskClient, app: Flask, code: str):
    page = client.get(f"/c/{code}")
    client.post(f"/f/{PLACE}", data={"token": token_in(page), "N01": "5"})
    unknown = new_code()
    answers = [client.get(f"/c/{which}?lang=de") for which in (code, unknown)]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].text.replace(code, "*") == answers[1].text.replace(unknown, "*")


def test_a_slip_of_the_finger_is_no_guess_and_stays_in_the_field(client: FlaskClient, open_round: int):
    page = client.post("/c/?lang=de", data={"code": "7K3M-9QWX"})
    assert page.status_code == 422
    assert soup(page).select_one("#code")["value"] == "7K3M-9QWX"
    assert "Tippfehler" in page.text


@pytest.mark.parametrize("language", ["de", "ar", "uk"])
def test_the_example_of_a_code_stays_in_one_piece_and_reads_from_left_to_right(client: FlaskClient, language: str):
    hint = soup(client.get(f"/c/?lang={language}")).select_one("#code-hint")
    assert [example.get_text() for example in hint.select("bdi")] == ["7K3M-9QWX-2ABC"]


def test_what_was_typed_leads_to_the_one_spelling(client: FlaskClient, code: str):
    answer = client.post("/c/", data={"code": f" {written(code).lower()} "})
    assert (answer.status_code, answer.location) == (303, f"/c/{code}")
    assert client.get(f"/c/{written(code).lower()}").location == f"/c/{code}"


def test_guessing_has_an_end_and_a_valid_code_waits_with_it(client: FlaskClient, app: Flask, code: str):
    tries = 5
    app.config["KOMPASS"] = Settings(**{**vars(app.config["KOMPASS"]), "code_tries_per_hour": tries})
    statuses = [client.get(f"/c/{new_code()}", environ_base=ELSEWHERE).status_code for _ in range(tries + 1)]
    assert statuses == [404] * tries + [429]
    assert client.get(f"/c/{code}", environ_base=ELSEWHERE).status_code == 429
    assert client.get(f"/c/{code}", environ_base={"REMOTE_ADDR": "198.51.100.1"}).status_code == 200


def test_a_code_of_an_earlier_round_does_not_fit(client: FlaskClient, app: Flask, code: str):
    with app.app_context():
        round_ = lifecycle.round_by_key("test")
        lifecycle.close_round(round_)
        db.session.flush()
        from questionnaires.loading import builtin

        later = lifecycle.create_round("later", "Nächste", lifecycle.today(), lifecycle.today())
        lifecycle.open_round(later, builtin())
        db.session.commit()
    assert client.get(f"/c/{code}").status_code == 404


def test_with_the_open_link_shut_only_a_code_leads_in(client: FlaskClient, app: Flask, code: str):
    change_round(app, only_codes)
    page = client.get(f"/f/{PLACE}?lang=de")
    assert (soup(page).form, bool(soup(page).select('a[href^="/c/"]'))) == (None, True)
    opened = client.get(f"/c/{code}")
    assert client.post(f"/f/{PLACE}", data={"token": token_in(opened), "N01": "5"}).status_code == 303
    assert len(stored(app)[0]) == 1


def only_codes(round_) -> None:
    place = db.session.get_one(Participation, (round_.id, AGS))
    place.open_link, place.codes = False, True


def test_a_closed_round_says_so_to_a_code_too(client: FlaskClient, app: Flask, code: str):
    change_round(app, lifecycle.close_round)
    page = client.get(f"/c/{code}?lang=de")
    assert "läuft zurzeit keine Befragung" in page.text
    assert nothing_stored(app)


def test_the_code_itself_is_nowhere_in_the_database(client: FlaskClient, app: Flask, code: str, database_url: str):
    from tests.feedback.test_anonymity import dump

    page = client.get(f"/c/{code}")
    client.post(f"/f/{PLACE}", data={"token": token_in(page), "N01": "5"})
    everything = dump(app, database_url)
    assert digest_of(app, code).encode() in everything
    assert code.encode() not in everything


def digest_of(app: Flask, code: str) -> str:
    with app.app_context():
        return digest(code)

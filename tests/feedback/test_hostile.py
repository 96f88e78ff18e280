"""Everything a hostile client can send: refused in the reader's language with what was typed, and never half stored."""

from __future__ import annotations

import gzip
import uuid
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import db
from app.feedback.codes import digest, new_code
from app.feedback.models import AccessCode
from app.feedback.tokens import FormToken, seal
from questionnaires.loading import builtin
from tests.feedback.conftest import AGS, PLACE, Newcomer, nothing_stored, soup, stored, token_in
from tests.web.critic import criticise, policy_of

FORM = "application/x-www-form-urlencoded"
FIELDS = [
    *(q.id for q in (*builtin().items,)),
    *(q.id for q in builtin().profile_questions),
    *(q.id for q in builtin().open_questions),
]
REFUSALS = (400, 413, 415, 422)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [f"/f/{PLACE}", f"/f/{PLACE}/danke", "/c/", "/c/7K3M9QWX2ABC", "/f/"])
def test_another_method_is_405_in_the_readers_language(client: FlaskClient, open_round: int, method: str, path: str):
    answer = client.open(f"{path}?lang=en", method=method)
    assert (answer.status_code, soup(answer).html["lang"]) == (405, "en")


def test_a_form_without_any_field_says_what_is_missing_and_stores_nothing(client: FlaskClient, app: Flask, open_round):
    page = client.post(f"/f/{PLACE}?lang=de", data={})
    assert page.status_code == 415 or "nicht vollständig" in page.text
    assert client.post(f"/f/{PLACE}?lang=de", data="", content_type=FORM).status_code == 400
    assert nothing_stored(app)


@pytest.mark.parametrize("count", [2, 400, 5000])
def test_doubled_fields_are_refused_however_many(newcomer: Newcomer, app: Flask, count: int):
    page = newcomer.send({"N01": ["5"] * count + ["4"]})
    assert page.status_code in REFUSALS
    assert nothing_stored(app)


def test_two_tokens_are_one_response_at_most(newcomer: Newcomer, app: Flask):
    first, second = newcomer.token(), newcomer.token()
    newcomer.client.post(newcomer.address, data={"token": [first, second], "N01": "5"})
    newcomer.client.post(newcomer.address, data={"token": [second, first], "N01": "5"})
    assert len(stored(app)[0]) <= 2


@pytest.mark.parametrize("size", [65_536, 250_000])
def test_a_text_of_64_kilobytes_is_named_and_kept_in_the_field(newcomer: Newcomer, app: Flask, size: int):
    page = newcomer.send({"O1": "x" * size})
    assert page.status_code == 422
    assert f"{size} Zeichen lang" in page.text
    assert len(soup(page).select_one("#O1").get_text().strip()) == size
    assert nothing_stored(app)


@pytest.mark.parametrize("bomb", [gzip.compress(b"0" * 20_000_000), b"\x1f\x8b" + b"\0" * 1000])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_a_packed_body_is_never_unpacked(newcomer: Newcomer, app: Flask, bomb: bytes, encoding: str):
    page = newcomer.client.post(newcomer.address, data=bomb, content_type=FORM, headers={"Content-Encoding": encoding})
    assert page.status_code in REFUSALS
    assert len(page.data) < 500_000
    assert nothing_stored(app)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u202d", "\u2067"])
def test_marks_that_turn_the_reading_direction_are_taken_out(newcomer: Newcomer, app: Flask, mark: str):
    assert newcomer.send({"O1": f"Gut{mark}gnirheG"}).status_code == 303
    assert [comment.text for comment in stored(app)[1]] == ["GutgnirheG"]


@pytest.mark.parametrize("value", ["\0", "\x1b[2J", "\ufffe", "a\x7fb", "\x85\x86"])
@pytest.mark.parametrize("field", ["N01", "D1", "O1", "token"])
def test_control_characters_are_refused_and_do_not_come_back(newcomer: Newcomer, app: Flask, field: str, value: str):
    page = newcomer.client.post(newcomer.address, data={"token": newcomer.token(), "N02": "4", field: value})
    assert page.status_code in REFUSALS
    assert not set(page.text) & set("\0\x1b\x7f\x86\ufffe")
    assert nothing_stored(app)


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "W10.x", "null", "=" * 5000, "ünicode", "[]", "eyJ9.AA"])
def test_a_forged_token_is_refused_and_the_answers_stay(newcomer: Newcomer, app: Flask, token: str):
    page = newcomer.send({"N01": "5", "O1": "Die Nachbarn"}, token=token or " ")
    assert page.status_code == 400
    assert "Die Nachbarn" in page.text
    assert nothing_stored(app)


def test_a_token_of_another_shape_signed_by_us_is_refused(newcomer: Newcomer, app: Flask):
    from app.feedback import tokens

    with app.test_request_context():
        odd = [tokens._serializer().dumps(value) for value in ([], [1], {"a": 1}, "x", None, [1] * 9)]
    for token in odd:
        assert newcomer.send({"N01": "5"}, token=token).status_code == 400
    assert nothing_stored(app)


def test_another_municipalitys_code_opens_only_its_own_form(client: FlaskClient, app: Flask, open_round: int):
    code = new_code()
    with app.app_context():
        db.session.add(AccessCode(digest=digest(code), round_id=open_round, municipality_ags="05966024"))
        db.session.commit()
    page = client.get(f"/c/{code}")
    refused = client.post(f"/f/{PLACE}?lang=de", data={"token": token_in(page), "N01": "5"})
    assert (refused.status_code, "anderen Befragung" in refused.text) == (400, True)
    assert nothing_stored(app)
    again = client.post(f"/f/{PLACE}", data={"token": token_in(refused), "N01": "5"})
    assert again.status_code == 303
    [row], _ = stored(app)
    assert (row.municipality_ags, row.channel) == (AGS, "open")


def test_a_code_that_another_place_issued_cannot_be_put_into_a_token(app: Flask, open_round: int, client: FlaskClient):
    code = new_code()
    with app.app_context():
        hashed = digest(code)
        db.session.add(AccessCode(digest=hashed, round_id=open_round, municipality_ags="05966024"))
        db.session.commit()
    with app.test_request_context():
        token = seal(FormToken(str(uuid.uuid4()), AGS, open_round, channel="code", code=hashed))
    assert client.post(f"/f/{PLACE}", data={"token": token, "N01": "5"}).status_code == 409
    assert nothing_stored(app)


@pytest.mark.parametrize(
    "path",
    ["/c/" + "A" * 5000, "/c/%00", "/c/..%2f..", "/c/%E2%80%AE", "/c/<script>", "/f/%00", "/f/" + "a" * 3000, "/f/%ff"],
)
def test_odd_addresses_are_answered_with_a_page(client: FlaskClient, open_round: int, path: str):
    answer = client.get(f"{path}?lang=en")
    assert answer.status_code in (301, 308, 400, 404, 422)


@pytest.mark.parametrize("language", ["en", "uk", "ar", "fa"])
def test_an_error_speaks_the_readers_language(newcomer: Newcomer, app: Flask, language: str):
    newcomer.language = language
    page = newcomer.send({"N01": "9", "O1": "Kaffee"})
    assert page.status_code == 422
    assert soup(page).html["lang"] == language
    assert soup(page).html["dir"] == ("rtl" if language in ("ar", "fa") else "ltr")
    assert "Kaffee" in page.text
    assert "keine der möglichen Antworten" not in page.text


anything = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
values = st.one_of(anything, st.sampled_from(["1", "5", "-", "0", "on", "nothing", "<b>", "%00", "' OR 1=1 --"]))
names = st.one_of(st.sampled_from([*FIELDS, "token", "homepage", "lang"]), anything)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(st.tuples(names, values), max_size=12), genuine=st.booleans())
def test_whatever_fields_come_the_answer_is_a_page_or_thanks(newcomer: Newcomer, app: Flask, fields, genuine: bool):
    """Fuzz: never a server error, never more than one response for a form, never a page that breaks our own rules."""
    before = len(stored(app)[0])
    token = [("token", newcomer.token())] if genuine else []
    answer = newcomer.client.post(newcomer.address, data=urlencode([*token, *fields]), content_type=FORM)
    assert answer.status_code in (303, *REFUSALS)
    assert len(stored(app)[0]) - before == (answer.status_code == 303)
    if answer.status_code == 422:
        assert list(criticise(answer.text, policy=policy_of(answer))) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=400), kind=st.sampled_from([FORM, "multipart/form-data; boundary=x", "text/plain", "", "x"])
)
def test_whatever_bytes_come_nothing_breaks(newcomer: Newcomer, app: Flask, body: bytes, kind: str):
    answer = newcomer.client.post(newcomer.address, data=body, content_type=kind)
    assert answer.status_code in REFUSALS
    assert nothing_stored(app)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=anything)
def test_whatever_code_is_typed_gets_an_answer(client: FlaskClient, open_round: int, typed: str):
    assert client.post("/c/", data={"code": typed}).status_code in (303, 422)
    assert client.get("/c/" + quote(typed, safe="")).status_code in (200, 301, 308, 404, 422)

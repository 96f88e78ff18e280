"""Counting responses, and loading a round's ratings."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.feedback.counting import responses_by_municipality, responses_in
from app.feedback.loading import load_answers
from app.feedback.models import Response
from app.rounds import lifecycle
from app.rounds.models import Round

WORDS = ("de",), ("code", "open")
PLACES = ("05958004", "05958008", "05966024")


@pytest.fixture
def round_(context: None, open_round: int) -> Round:
    return db.session.get_one(Round, open_round)


@pytest.fixture
def responses(round_: Round) -> list[Response]:
    """Sixty responses, thirty, and one."""
    rows = []
    for place, count in zip(PLACES, (60, 30, 1), strict=True):
        for n in range(count):
            ratings = "".join("12345-."[(n + k) % 7] for k in range(18))
            rows.append(
                Response(
                    round_id=round_.id,
                    municipality_ags=place,
                    id=str(uuid.uuid4()),
                    day=lifecycle.today(),
                    language="de",
                    channel="open",
                    ratings=ratings,
                    profile="." * 11,
                )
            )
    db.session.add_all(rows)
    db.session.commit()
    return rows


def test_a_round_without_responses_loads_as_nothing(round_: Round):
    assert list(load_answers(db.session, round_, 11, *WORDS)) == []
    assert responses_by_municipality(round_) == {}
    assert responses_in(round_) == 0


def test_responses_are_counted_by_municipality(round_: Round, responses: list[Response]):
    assert responses_by_municipality(round_) == dict(zip(PLACES, (60, 30, 1), strict=True))
    assert responses_in(round_) == 91


def test_loading_gives_every_answer_of_every_municipality_in_rows_of_one_width(
    round_: Round, responses: list[Response]
):
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for row in responses:
        expected[row.municipality_ags][row.ratings + "." * 11 + "ab"] += 1
    found = list(load_answers(db.session, round_, 11, *WORDS))
    assert [ags for ags, _ in found] == sorted(expected)
    for ags, part in found:
        text = part.decode("ascii")
        width = 18 + 11 + 2
        assert Counter(text[k : k + width] for k in range(0, len(text), width)) == expected[ags]


@pytest.mark.parametrize(("stored", "loaded"), [("....", "." * 11), ("3" + "." * 13, "3" + "." * 10)])
def test_a_profile_of_another_length_does_not_shift_the_answers(round_: Round, stored: str, loaded: str):
    db.session.add(
        Response(
            round_id=round_.id, municipality_ags=PLACES[0], id=str(uuid.uuid4()), day=lifecycle.today(),
            language="en", channel="open", ratings="5" * 18, profile=stored,
        )
    )  # fmt: skip
    db.session.commit()
    ((_, row),) = load_answers(db.session, round_, 11, *WORDS)
    assert row.decode() == "5" * 18 + loaded + "?b"


def test_other_rounds_stay_out(round_: Round, responses: list[Response], app: Flask):
    lifecycle.close_round(round_)
    other = lifecycle.create_round("other", "Andere", lifecycle.today(), lifecycle.today())
    db.session.commit()
    assert responses_by_municipality(other) == {}
    assert list(load_answers(db.session, other, 11, *WORDS)) == []


@pytest.mark.parametrize("read", [responses_by_municipality, lambda r: list(load_answers(db.session, r, 11, *WORDS))])
def test_one_statement_however_many_responses(
    round_: Round, responses: list[Response], read, monkeypatch: pytest.MonkeyPatch
):
    sent: list[str] = []
    copy = psycopg.Cursor.copy
    monkeypatch.setattr(psycopg.Cursor, "copy", lambda self, text: sent.append(text) or copy(self, text))
    round_.id  # noqa: B018 - loaded before counting
    listener = lambda *arguments: sent.append(arguments[2])  # noqa: E731
    sa.event.listen(db.engine, "before_cursor_execute", listener)
    read(round_)
    sa.event.remove(db.engine, "before_cursor_execute", listener)
    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == 1


def test_an_opening_is_not_undone_once_somebody_answered(round_: Round, responses: list[Response]):
    with pytest.raises(lifecycle.StepRefused, match="91 Rückmeldungen"):
        lifecycle.undo_opening(round_)

"""How many are still needed, in steps in which nobody sees a single answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.database import db
from app.feedback.models import Response
from app.outreach.progress import STEP, Progress, progress_of
from app.rounds import lifecycle
from app.rounds.models import Participation
from scoring.planning import answers_for, half_width
from tests.accounts.login import MESCHEDE, Account, log_in, token
from tests.outreach.conftest import Desk


def answer(app: Flask, open_round: int, number: int, **values: object) -> None:
    row = {"day": lifecycle.today(), "language": "de", "ratings": "5" * 18, "profile": "." * 11, **values}
    with app.app_context():
        place = {"round_id": open_round, "municipality_ags": MESCHEDE}
        db.session.add_all(Response(**place, **row, id=str(uuid.uuid4())) for _ in range(number))
        db.session.commit()


def progress(app: Flask, open_round: int) -> Progress:
    with app.app_context():
        return progress_of(db.session.get_one(Participation, (open_round, MESCHEDE)))


def test_without_answers_everything_is_still_needed(app: Flask, open_round: int):
    found = progress(app, open_round)
    assert (found.total, found.reached, found.wanted, found.missing) == (0, None, 119, 119)
    assert [number for _end, number in found.weeks] == [0, 0, 0, 0]


def test_one_more_answer_shows_only_when_five_are_full(app: Flask, open_round: int):
    answer(app, open_round, 9)
    before = progress(app, open_round)
    answer(app, open_round, 1, day=lifecycle.today() - dt.timedelta(days=1), channel="school")
    after = progress(app, open_round)
    assert (before.total, after.total) == (5, 10)
    assert before.channels == after.channels == (("open", 5),)


def test_weeks_are_cumulative_and_the_last_one_is_today(app: Flask, open_round: int):
    for days, number in ((24, 6), (16, 6), (0, 10)):
        answer(app, open_round, number, day=lifecycle.today() - dt.timedelta(days=days))
    weeks = progress(app, open_round).weeks
    assert [number for _end, number in weeks] == [5, 10, 10, 20]
    assert weeks[-1][0] == lifecycle.today()


def test_what_is_held_is_not_counted(app: Flask, open_round: int):
    answer(app, open_round, 10, state="held", doubt="fast")
    assert progress(app, open_round).total == 0


def test_the_number_of_arrivals_makes_the_interval_narrower(app: Flask, open_round: int, change: Callable):
    answer(app, open_round, 60)
    unknown = progress(app, open_round)
    change(newcomers=180)
    known = progress(app, open_round)
    assert (unknown.reached, known.reached) == (half_width(60), half_width(60, 180))
    assert known.reached < unknown.reached
    assert (known.wanted, known.missing) == (73, 13)


def test_the_number_that_the_agency_enters_is_the_one_that_counts(
    desk: Desk, app: Flask, agency: Account, open_round: int
):
    answer(app, open_round, 60)
    assert "nennen Sie sie der Agentur" in desk.get().text
    office = app.test_client()
    log_in(office, agency.email)
    path = "/agentur/runden/test/kommunen"
    sent = {"csrf_token": token(office.get(path)), f"neue-{MESCHEDE}": "180"}
    assert office.post(path, data=sent).status_code == 302
    text = " ".join(desk.get().text.split())
    assert "von etwa 180 Zugezogenen" in text
    assert "etwa 13" in text
    assert "nötig sind 73" in text


def test_more_answers_than_arrivals_are_no_error(app: Flask, open_round: int, change: Callable):
    answer(app, open_round, 60)
    change(newcomers=40)
    assert progress(app, open_round).reached == 0


def test_one_statement_however_many_answers(app: Flask, open_round: int):
    answer(app, open_round, 40)
    sent: list[str] = []
    with app.app_context():
        place = db.session.get_one(Participation, (open_round, MESCHEDE))
        place.round.opens, place.newcomers  # noqa: B018 - loaded before counting
        note = lambda *arguments: sent.append(arguments[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", note)
        progress_of(place)
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert len(sent) == 1


def test_the_page_says_it_in_words_with_a_figure_and_its_numbers(desk: Desk, app: Flask, open_round: int):
    answer(app, open_round, 83)
    text = " ".join(desk.get().text.split())
    assert "mindestens 80" in text
    assert "83" not in text.replace("-83", "").split("<svg")[0].split('id="stand"')[1]
    assert "fehlen noch für ± 5 Punkte" in text
    assert "In 4 Wochen sind mindestens 80 Rückmeldungen eingegangen" in text


@given(st.integers(2, 500), st.integers(2, 3000))
def test_more_answers_never_make_it_wider_and_fewer_people_never_either(n: int, population: int):
    wide, narrow = half_width(n), half_width(n, population)
    assert narrow <= wide
    assert half_width(n + 1) <= wide


@given(st.floats(1.5, 20), st.integers(2, 3000))
def test_the_number_needed_is_the_smallest_that_does(points: float, population: int):
    needed = answers_for(points, population)
    assert needed is not None
    assert half_width(needed, population) <= round(points, 1) + 0.05
    if needed > 2:
        assert half_width(needed - 1, population) >= round(points, 1) - 0.05


def test_steps_are_those_of_disclosure_control():
    assert STEP == 5

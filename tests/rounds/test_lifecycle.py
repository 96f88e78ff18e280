"""The steps of a round: each checked, each undoable until the next."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import func, select

from app.database import db
from app.region.models import Municipality
from app.rounds import lifecycle
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Participation, Round
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 5, 31)
ARNSBERG, OLPE = "05958004", "05966024"

pytestmark = pytest.mark.usefixtures("context")


def planned(key: str = "2026") -> Round:
    round_ = lifecycle.create_round(key, f"Runde {key}", FIRST, LAST)
    db.session.commit()
    return round_


def opened(key: str = "2026") -> Round:
    round_ = planned(key)
    lifecycle.open_round(round_, builtin())
    db.session.commit()
    return round_


def closed(key: str = "2026") -> Round:
    round_ = opened(key)
    lifecycle.close_round(round_)
    db.session.commit()
    return round_


def released(key: str = "2026") -> Round:
    round_ = closed(key)
    lifecycle.mark_released(round_)
    db.session.commit()
    return round_


def invited(round_: Round) -> set[str]:
    chosen = select(Participation.municipality_ags).where(Participation.round_id == round_.id)
    return set(db.session.scalars(chosen))


def test_a_planned_round_invites_every_municipality():
    assert len(invited(planned())) == 59


@pytest.mark.parametrize("key", ["", "Zwei", "2026 a", "-2026", "ä", "x" * 41])
def test_a_key_that_cannot_stand_in_an_address_is_refused(key):
    with pytest.raises(StepRefused, match="Kürzel"):
        lifecycle.create_round(key, "Runde", FIRST, LAST)


def test_a_key_is_given_once():
    planned()
    with pytest.raises(StepRefused, match="gibt es schon"):
        lifecycle.create_round("2026", "Noch eine", FIRST, LAST)


def test_a_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(StepRefused, match="vor dem Anfang"):
        lifecycle.create_round("2026", "Runde", LAST, FIRST)


def test_opening_freezes_the_catalogue_with_its_hash():
    round_ = opened()
    assert round_.catalogue_sha256 == builtin().sha256
    assert lifecycle.catalogue_of(round_) == builtin()


def test_a_round_without_anybody_invited_cannot_open():
    round_ = planned()
    lifecycle.set_participation(round_, {})
    with pytest.raises(StepRefused, match="noch keine Kommune eingeladen"):
        lifecycle.open_round(round_, builtin())


def test_only_one_round_is_open_at_a_time():
    opened()
    other = planned("2027")
    with pytest.raises(StepRefused, match="»Runde 2026« ist noch offen"):
        lifecycle.open_round(other, builtin())


def test_opening_can_be_undone_while_nothing_came_in():
    round_ = opened()
    lifecycle.undo_opening(round_)
    db.session.commit()
    assert (round_.state, round_.catalogue_sha256) == ("draft", None)


def test_opening_cannot_be_undone_once_something_came_in(monkeypatch):
    round_ = opened()
    monkeypatch.setitem(lifecycle.contents, "feedback", ("Rückmeldungen", lambda _round: 3))
    with pytest.raises(StepRefused, match="3 Rückmeldungen"):
        lifecycle.undo_opening(round_)


@pytest.mark.parametrize(
    ("make", "step"),
    [
        (planned, lifecycle.close_round),
        (planned, lifecycle.undo_opening),
        (planned, lifecycle.reopen_round),
        (planned, lifecycle.mark_released),
        (planned, lifecycle.undo_release),
        (opened, lifecycle.mark_released),
        (opened, lifecycle.reopen_round),
        (opened, lifecycle.delete_draft),
        (closed, lifecycle.close_round),
        (closed, lifecycle.undo_opening),
        (closed, lifecycle.undo_release),
        (released, lifecycle.reopen_round),
        (released, lifecycle.close_round),
    ],
)
def test_a_step_that_does_not_follow_is_refused_and_changes_nothing(make, step):
    round_ = make()
    before = round_.state
    with pytest.raises(StepRefused):
        step(round_)
    assert round_.state == before


def test_a_round_cannot_open_twice():
    with pytest.raises(StepRefused):
        lifecycle.open_round(opened(), builtin())


def test_closing_and_releasing_can_be_undone_step_by_step():
    round_ = released()
    lifecycle.undo_release(round_)
    lifecycle.reopen_round(round_)
    db.session.commit()
    assert (round_.state, round_.closed_at) == ("open", None)


def test_a_closed_round_stays_closed_while_another_is_open():
    first = closed("2025")
    opened("2026")
    with pytest.raises(StepRefused, match="Eine andere Runde ist offen"):
        lifecycle.reopen_round(first)


def test_a_planned_round_can_be_deleted_with_its_invitations():
    round_ = planned()
    lifecycle.delete_draft(round_)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Participation)) == 0


def test_in_a_draft_municipalities_come_and_go():
    round_ = planned()
    lifecycle.set_participation(round_, {ARNSBERG: 700})
    db.session.commit()
    assert invited(round_) == {ARNSBERG}
    lifecycle.set_participation(round_, {ARNSBERG: None, OLPE: 5})
    db.session.commit()
    assert {p.municipality_ags: p.newcomers for p in round_.participations} == {ARNSBERG: None, OLPE: 5}


def test_in_an_open_round_only_numbers_change():
    round_ = opened()
    lifecycle.set_participation(round_, dict.fromkeys(invited(round_), 9))
    with pytest.raises(StepRefused, match="steht fest"):
        lifecycle.set_participation(round_, {ARNSBERG: 9})


@pytest.mark.parametrize("make", [closed, released])
def test_a_closed_round_keeps_window_and_participants(make):
    round_ = make()
    with pytest.raises(StepRefused, match="geschlossen"):
        lifecycle.change_window(round_, "Neu", FIRST, LAST)
    with pytest.raises(StepRefused, match="geschlossen"):
        lifecycle.set_participation(round_, {})


@pytest.mark.parametrize(
    ("day", "collects"),
    [
        (FIRST - dt.timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + dt.timedelta(days=1), False),
    ],
)
def test_a_round_collects_from_its_first_to_its_last_day(monkeypatch, day, collects):
    opened()
    monkeypatch.setattr(lifecycle, "today", lambda: day)
    assert (lifecycle.open_now() is not None) is collects


def test_the_current_round_is_the_open_one_else_the_newest():
    assert lifecycle.current_round() is None
    first, second = planned("2025"), planned("2026")
    assert lifecycle.current_round() == second
    lifecycle.open_round(first, builtin())
    db.session.commit()
    assert lifecycle.current_round() == first


def test_a_municipality_of_a_round_stays_in_the_region():
    planned()
    assert db.session.get(Municipality, ARNSBERG) is not None


def test_a_round_opens_with_missing_translations_only_once_that_is_accepted():
    content = json.loads(builtin().to_json())
    del content["items"][2]["text"]["uk"], content["opt_out"]["ar"]
    gappy, round_ = Catalogue.from_json(json.dumps(content)), planned()
    with pytest.raises(lifecycle.TranslationsMissing, match="fehlen 2 Übersetzungen"):
        lifecycle.open_round(round_, gappy)
    assert (round_.state, round_.catalogue_json) == ("draft", None)
    lifecycle.open_round(round_, gappy, gaps_accepted=True)
    assert round_.state == "open"

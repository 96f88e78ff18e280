"""Free texts: unread until the agency has decided, and every decision can be taken back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.database import db
from app.feedback.models import Comment


@pytest.fixture
def texts(make_round, fill):
    make_round()
    fill(comments=("Schöne Begrüßung", "Frau im Bürgerbüro <b>laut</b>"))


def decisions(page: str) -> list[str]:
    return re.findall(r'action="(/agentur/kommentare/[^"]+)"', page)


def states(app) -> dict[str, str]:
    with app.app_context():
        return dict(db.session.execute(select(Comment.text, Comment.state)).all())


def test_before_any_round_the_page_says_what_will_come(desk):
    assert "Noch war keine Runde offen." in desk.get("/agentur/kommentare").text


def test_unread_texts_are_shown_first_and_as_text(desk, texts):
    page = desk.get("/agentur/kommentare").text
    assert "Schöne Begrüßung" in page
    assert "&lt;b&gt;laut" in page


@pytest.mark.parametrize("state", ["kept", "withheld"])
def test_a_text_is_decided_and_the_decision_taken_back(app, desk, texts, state):
    path = decisions(desk.get("/agentur/kommentare").text)[0]
    page = desk.read(desk.post(path, {"stand": state}))
    assert sorted(states(app).values()) == sorted([state, "unread"])
    assert "Rückgängig machen" in page
    desk.post(path, {"stand": "unread"})
    assert set(states(app).values()) == {"unread"}


def test_texts_can_be_looked_up_by_state_and_municipality(desk, texts):
    assert "Hier ist nichts." in desk.get("/agentur/kommentare?stand=kept").text
    assert "Hier ist nichts." in desk.get("/agentur/kommentare?kommune=05958004").text
    assert "Schöne Begrüßung" in desk.get("/agentur/kommentare?kommune=05966024").text


def test_what_does_not_exist_in_the_filter_falls_back(desk, texts):
    assert "Schöne Begrüßung" in desk.get("/agentur/kommentare?runde=1999&stand=quatsch").text


def test_an_unknown_decision_is_refused_and_changes_nothing(app, desk, texts):
    path = decisions(desk.get("/agentur/kommentare").text)[0]
    assert desk.post(path, {"stand": "deleted"}).status_code == 400
    assert set(states(app).values()) == {"unread"}


@pytest.mark.parametrize("path", ["2099/05966024/x", "2026/05966024/x", "2026/00000000/x"])
def test_an_unknown_text_is_not_found(desk, texts, path):
    assert desk.post(f"/agentur/kommentare/{path}", {"stand": "kept"}).status_code == 404

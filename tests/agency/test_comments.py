"""Free texts: unread until the agency has decided, and every decision can be taken back."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlalchemy import select

from app.database import db
from app.feedback import coding
from app.feedback.models import Comment, CommentTheme
from app.feedback.themes import themes
from app.rounds.models import Round


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


def coded(app) -> dict[str, set[str]]:
    with app.app_context():
        rows = db.session.execute(
            select(Comment.text, CommentTheme.theme).join(CommentTheme, CommentTheme.comment_id == Comment.id)
        ).all()
    return {text: {theme for found, theme in rows if found == text} for text, _theme in rows}


def paths(page: str) -> list[str]:
    return re.findall(r'action="(/agentur/kommentare/[^"]+/themen)"', page)


def test_what_might_tell_who_somebody_is_is_marked_for_the_reader(desk, make_round, fill):
    make_round()
    fill(comments=("Frau Muster wohnt Hauptstraße 5 <i>",))
    page = desk.get("/agentur/kommentare").text
    assert "<mark>Frau Muster <small>(Name einer Person?)</small></mark>" in page
    assert "<mark>Hauptstraße 5 <small>(Anschrift?)</small></mark> &lt;i&gt;" in page


def test_a_text_gets_several_themes_and_loses_them_again(app, desk, texts):
    path = paths(desk.get("/agentur/kommentare").text)[0]
    assert desk.post(path, {"thema": ["housing", "work"]}).status_code == 302
    [themes] = coded(app).values()
    assert themes == {"housing", "work"}
    desk.post(path, {"thema": ["work"]})
    assert list(coded(app).values()) == [{"work"}]
    desk.post(path, {})
    assert coded(app) == {}


def test_an_extract_is_of_a_text_that_is_kept_and_names_nobody(app, desk, texts):
    path = paths(desk.get("/agentur/kommentare").text)[0]
    assert "zuerst frei" in desk.post(path, {"auszug": "Schön war es."}).text
    desk.post(path.removesuffix("/themen"), {"stand": "kept"})
    assert desk.post(path, {"auszug": "Schön war es bei Frau Muster."}).status_code == 422
    assert desk.post(path, {"auszug": "x" * 501}).status_code == 422
    assert desk.post(path, {"auszug": " Schön\n war es. "}).status_code == 302
    assert extracts(app) == {"Schön war es."}
    desk.post(path.removesuffix("/themen"), {"stand": "withheld"})
    assert extracts(app) == set()


def extracts(app) -> set[str]:
    with app.app_context():
        return {text for text in db.session.scalars(select(Comment.extract)) if text}


def test_there_are_no_other_themes(app, desk, texts):
    path = paths(desk.get("/agentur/kommentare").text)[0]
    page = desk.post(path, {"thema": ["housing", "wetter"]})
    assert (page.status_code, "Dieses Thema gibt es nicht" in page.text) == (422, True)
    assert coded(app) == {}


def test_themes_are_told_from_ten_kept_texts_on_and_extracts_without_their_place(app, desk, make_round, fill):
    make_round()
    fill(comments=tuple(f"Text {n}" for n in range(14)))
    with app.app_context():
        rows = db.session.scalars(select(Comment).order_by(Comment.text)).all()
        for number, row in enumerate(rows):
            row.state = "withheld" if number == 13 else "kept"
            db.session.flush()
            coding.code(row, ["housing"] if number < 9 or number == 13 else ["work", "housing"], "")
        coding.code(rows[0], ["housing"], "Zwei")
        coding.code(rows[1], ["housing"], "Eins")
        db.session.commit()
        region, places, found = coding.told(db.session, db.session.get_one(Round, rows[0].round_id), 10)
        assert [(theme.theme, theme.n, theme.title["de"]) for theme in region] == [("housing", 13, "Wohnen und Bauen")]
        assert list(places.values()) == [region]
        assert [extract.model_dump() for extract in found] == [{"text": "Eins"}, {"text": "Zwei"}]


def test_what_is_left_of_the_region_without_the_places_told_is_not_a_few_texts():
    everywhere = Counter(housing=25, work=30, people=13)
    places = {"a": Counter(housing=12, work=10, people=13), "b": Counter(housing=10, work=10)}
    places["c"] = Counter(housing=3, work=10)
    coding._protect(everywhere, places, {"a", "b", "c"}, 10)
    assert {ags: dict(counts) for ags, counts in places.items()} == {
        "a": {"housing": 12, "work": 10, "people": 13}, "b": {"work": 10}, "c": {"housing": 3, "work": 10}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "agreed", "kept"),
    [
        # Everybody sees a and b; what is left is c's alone, who did not agree.
        ({"a": 12, "b": 15, "c": 14}, "ab", {"b": 15, "c": 14}),
        # The two that did not agree hide each other from everybody, but each reads its own: nothing small is left.
        ({"a": 12, "b": 15, "c": 14}, "a", {"a": 12, "b": 15, "c": 14}),
        # Whoever knows the 14 of c would find the 4 of d.
        ({"a": 12, "c": 14, "d": 4}, "a", {"c": 14, "d": 4}),
        ({"c": 14, "d": 4}, "", {"d": 4}),
        ({"a": 12, "b": 15}, "ab", {"a": 12, "b": 15}),
        ({"c": 14}, "", {"c": 14}),
    ],
)
def test_the_texts_of_a_place_that_did_not_agree_do_not_follow_from_those_of_others(texts, agreed, kept):
    places = {ags: Counter(housing=number) for ags, number in texts.items()}
    coding._protect(Counter(housing=sum(texts.values())), places, set(agreed), 10)
    assert {ags: counts["housing"] for ags, counts in places.items() if counts["housing"]} == kept


def test_every_theme_has_a_name_in_both_languages_and_a_code_that_fits():
    assert all(set(names) == {"de", "en"} and 1 <= len(code) <= 20 for code, names in themes().items())

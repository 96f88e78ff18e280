"""What newcomers wrote: read by their municipality once the round is over and the agency has let it through."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select

from app.database import db
from app.feedback import coding
from app.feedback.models import CommentTheme
from app.rounds import lifecycle
from app.rounds.models import Round
from tests.accounts.login import MESCHEDE, OLPE, Account, log_in
from tests.outreach.conftest import PAGE, Comment, Desk, soup

TEXTS = PAGE + "texte/"
TEN = tuple(f"Text Nummer {number:02}" for number in range(10))


@pytest.fixture
def written(app: Flask, open_round: int) -> Callable[..., None]:
    """Put texts into the round, past the pages."""

    def put(texts: tuple[str, ...], ags: str = MESCHEDE, question: str = "O1", **values: object) -> None:
        row = {"round_id": open_round, "municipality_ags": ags, "question": question, "state": "kept", **values}
        with app.app_context():
            db.session.add_all(Comment(**row, id=str(uuid.uuid4()), text=text) for text in texts)
            db.session.commit()

    return put


@pytest.fixture
def over(app: Flask, open_round: int) -> None:
    """The round has ended."""
    with app.app_context():
        lifecycle.close_round(db.session.get_one(Round, open_round))
        db.session.commit()


def shown(desk: Desk, address: str = TEXTS) -> list[str]:
    return [quote.get_text() for quote in soup(desk.get(address)).select("blockquote")]


def forms(desk: Desk, address: str = TEXTS) -> dict[str, str]:
    """Text -> where its themes are sent."""
    return {text.blockquote.get_text(): text.form["action"] for text in soup(desk.get(address)).select(".or-text")}


def coded(app: Flask) -> dict[str, set[str]]:
    with app.app_context():
        rows = db.session.execute(select(Comment.text, CommentTheme.theme).join_from(CommentTheme, Comment)).all()
    return {text: {theme for found, theme in rows if found == text} for text, _theme in rows}


def test_while_the_round_is_open_nothing_is_shown(desk: Desk, written):
    written(TEN)
    page = desk.get(TEXTS)
    assert "Noch ist keine Runde zu Ende" in page.text
    assert "Text Nummer" not in page.text


def test_what_the_agency_let_through_is_read_and_nothing_else(desk: Desk, written, over):
    written(TEN)
    written(("ungelesen",), state="unread")
    written(("zurückgehalten",), state="withheld")
    written(("von nebenan",), ags=OLPE)
    assert sorted(shown(desk)) == sorted(TEN)


@pytest.mark.parametrize("more", [(), tuple(f"Zur anderen Frage {number}" for number in range(9))])
def test_with_fewer_than_ten_people_to_every_question_no_text_is_shown_nor_coded(
    desk: Desk, app: Flask, written, over, more: tuple[str, ...]
):
    written(TEN[:9])
    written(more, question="O2")
    page = desk.get(TEXTS)
    assert "Weniger als 10 Texte zu jeder Frage" in page.text
    assert not soup(page).select("blockquote")
    with app.app_context():
        first = db.session.scalars(select(Comment.id)).first()
    assert desk.post(f"{TEXTS}test/{first}", thema="work").status_code == 404
    assert coded(app) == {}


def test_the_texts_to_the_other_question_are_read_beside_ten_to_one(desk: Desk, written, over):
    written(TEN)
    written(("Zur anderen Frage",), question="O2")
    assert "Zur anderen Frage" in shown(desk)


def test_a_text_gets_its_themes_and_is_no_longer_open(desk: Desk, app: Flask, written, over):
    written(TEN)
    where = forms(desk)["Text Nummer 03"]
    assert desk.post(where, thema=["housing", "work"]).status_code == 303
    assert coded(app) == {"Text Nummer 03": {"housing", "work"}}
    assert "Text Nummer 03" not in shown(desk)
    assert shown(desk, f"{TEXTS}?stand=eingeordnet") == ["Text Nummer 03"]
    ticked = soup(desk.get(f"{TEXTS}?stand=eingeordnet")).select("input[checked]")
    assert {box["value"] for box in ticked} == {"housing", "work"}
    desk.post(where)
    assert coded(app) == {}


def test_the_agencys_extract_stays_as_it_is(desk: Desk, app: Flask, written, over):
    written(TEN, extract="Schön war es.")
    desk.post(forms(desk)["Text Nummer 03"], thema="work")
    with app.app_context():
        assert set(db.session.scalars(select(Comment.extract))) == {"Schön war es."}


def test_what_the_municipality_coded_is_told_in_the_release(desk: Desk, app: Flask, written, over, open_round: int):
    written(TEN)
    for where in forms(desk).values():
        desk.post(where, thema="clubs")
    with app.app_context():
        region, places, _extracts = coding.told(db.session, db.session.get_one(Round, open_round), 10)
    assert [(theme.theme, theme.n) for theme in region] == [("clubs", 10)]
    assert list(places) == [MESCHEDE]


def test_a_theme_that_there_is_not_changes_nothing(desk: Desk, app: Flask, written, over):
    written(TEN)
    page = desk.post(forms(desk)["Text Nummer 03"], thema=["work", "wetter"])
    assert (page.status_code, "Dieses Thema gibt es nicht" in page.text) == (422, True)
    assert len(soup(page).select("blockquote")) == 10
    assert coded(app) == {}


@pytest.mark.parametrize("values", [{"ags": OLPE}, {"state": "unread"}, {"state": "withheld"}])
def test_no_other_text_can_be_coded(desk: Desk, app: Flask, written, over, values: dict[str, str]):
    written(TEN)
    written(("ein anderer",), **values)
    with app.app_context():
        other = db.session.scalars(select(Comment.id).where(Comment.text == "ein anderer")).one()
    assert desk.post(f"{TEXTS}test/{other}", thema="work").status_code == 404
    assert desk.post(f"{TEXTS}2099/{other}", thema="work").status_code == 404
    assert coded(app) == {}


def test_a_text_that_was_withheld_meanwhile_is_gone(desk: Desk, app: Flask, written, over):
    written((*TEN, "zu viel"))
    where = forms(desk)["zu viel"]
    with app.app_context():
        db.session.scalars(select(Comment).where(Comment.text == "zu viel")).one().state = "withheld"
        db.session.commit()
    page = desk.post(where, thema="work")
    assert (page.status_code, "nicht mehr" in page.text) == (404, True)


def test_passages_that_name_somebody_are_marked_and_nothing_is_read_as_markup(desk: Desk, written, over):
    written((*TEN[:9], "Frau Muster <b>half</b>"))
    text = desk.get(TEXTS).text
    assert "<mark>Frau Muster</mark> &lt;b&gt;half" in text


def test_many_texts_come_page_by_page_and_each_once(desk: Desk, written, over):
    written(tuple(f"Text {number}" for number in range(45)))
    pages = [shown(desk, f"{TEXTS}?seite={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({text for page in pages for text in page}) == 45
    assert shown(desk, f"{TEXTS}?seite=9") == []
    assert len(shown(desk, f"{TEXTS}?seite=x&stand=quatsch&runde=1999")) == 20


def test_an_editor_does_not_read_them(client: FlaskClient, editor: Account, written, over):
    written(TEN)
    log_in(client, editor.email)
    assert client.get(TEXTS).status_code == 403
    assert TEXTS not in client.get(PAGE).text


def test_the_way_there_stands_on_the_page_of_the_survey(desk: Desk, over):
    assert soup(desk.get(PAGE)).select_one(f'a[href="{TEXTS}"]')


def test_the_number_of_statements_is_the_same_however_many_texts(desk: Desk, app: Flask, written, over):
    numbers = []
    for texts in (TEN, tuple(f"Text {number}" for number in range(40))):
        with app.app_context():
            db.session.execute(delete(Comment))
            db.session.commit()
            engine = db.engine
        written(texts)
        asked: list[str] = []
        note = lambda *arguments, asked=asked: asked.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        desk.get(TEXTS)
        event.remove(engine, "before_cursor_execute", note)
        numbers.append(len([statement for statement in asked if not re.match("BEGIN|SAVEPOINT", statement)]))
    assert numbers[0] == numbers[1]

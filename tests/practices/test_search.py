"""Searching in German: endings, umlauts, compounds and misspelt words find the best practice first, on both engines."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.database import db
from app.practices import search
from app.practices.collecting import load
from app.practices.models import Practice
from app.practices.reading import Wish, find
from app.practices.search.models import Document, Trigram, Word
from app.practices.writing import show_again, withdraw
from tests.accounts.login import Account, log_in

QUERIES = {
    "Begrüßungstaschen": "werdohl-tasche",
    "begruessungstasche": "werdohl-tasche",
    "Willkomensgeschenk": "werdohl-tasche",
    "600 Eingeladene": "meschede-600",
    "Empfang Meshede": "meschede-600",
    "Neubürgerempfänge mit vielen Gästen": "werne-empfang",
    "Stammtichse": "stammtische-neu-sauerlaender",
    "Netzwerke für Rueckkehrerinnen": "heimvorteil-hsk",
    "Rückkehragenturen": "hoexter-rueckkehr",
    "Vorstellungsgespräche und Partner": "siegen-fachkraefte",
    "begleiten von Fachkräfte-Familien": "siegen-fachkraefte",
    "Praktikka für junge Menschen": "gap-year",
    "Kampange anpassen": "komm-und-bleib",
    "Verein in Broschüren": "muenster-vereine",
    "Befragungn mit Erinnerungsbriefen": "wolfsburg-befragung",
    "Arbeitgebermarken": "soest-arbeitgebermarke",
    "Uni Studierender international": "siegen-universitaet",
    "anonyme Verlosungen": "nuernberg-anonymitaet",
    "Willkommensberaterin": "dueren-beraterinnen",
    "Faltkarten": "entdecke-suedwestfalen",
    "Einwiligung Anmeldung": "meschede-einwilligung",
    "Aufwand Servicesigel": "daun-aufwand",
    "ehrliches Urteil": "menden-ehrlicher-austausch",
}


@pytest.fixture
def collected(app: Flask) -> None:
    with app.test_request_context():
        load()
        db.session.commit()


def hits(app: Flask, typed: str) -> list[str]:
    with app.test_request_context():
        page = find(Wish(search.ask(typed)))
        return [version.practice.source_key for version in page.versions]


def test_the_best_hit_comes_first_for_inflected_and_misspelt_words(app: Flask, collected: None) -> None:
    found = {typed: next(iter(hits(app, typed)), None) for typed in QUERIES}
    assert len(QUERIES) >= 20
    assert found == QUERIES


def test_a_word_nobody_uses_is_told_with_what_was_taken_instead(app: Flask, collected: None) -> None:
    with app.test_request_context():
        assert search.ask("Kampange").corrected == (("Kampange", "Kampagne"),)
        assert search.ask("Kampagne").corrected == ()


def test_practices_with_all_words_stand_before_those_with_some(app: Flask, collected: None) -> None:
    both = hits(app, "Befragung Erinnerungsbrief")
    assert both[0] == "wolfsburg-befragung"
    assert "rinteln-befragung" in both


def test_a_rare_word_says_more_than_a_frequent_one_however_often_that_is_said(app: Flask, collected: None) -> None:
    with app.test_request_context():
        often, *_others, rare = ids = list(db.session.scalars(select(Practice.id).order_by(Practice.id)))
        for id in ids:
            search.index(id, "Beispiel", "Beispielhaft begrüßt. Verein. Kindergarten und Bücherei waren dabei.")
        search.index(often, "Verein", "Verein, Verein und noch ein Verein")
        search.index(rare, "Beispiel", "Es war ein Quittenfest ohne Gäste. Beispielhaft begrüßt. Kindergarten.")
        question = search.ask("Verein Quittenfest")
        assert question is not None
        found = question.hits()
        assert found is not None
        places = list(db.session.scalars(select(found.c.practice_id).order_by(found.c.place)))
    assert places[:2] == [rare, often]
    assert len(places) == len(ids)


def test_nothing_is_found_where_nothing_is_alike(app: Flask, collected: None) -> None:
    assert hits(app, "Quantenchromodynamik") == []


def test_a_withdrawn_practice_is_not_found_and_its_words_are_forgotten(app: Flask, collected: None) -> None:
    with app.test_request_context():
        practice = db.session.scalars(select(Practice).filter_by(source_key="soest-arbeitgebermarke")).one()
        before = counts()
        withdraw(practice)
        db.session.commit()
        assert hits(app, "Arbeitgebermarke") == []
        assert db.session.get(Word, search.words.stem("Arbeitgebermarke")) is None
        show_again(db.session.get_one(Practice, practice.id))
        db.session.commit()
        assert counts() == before
    assert hits(app, "Arbeitgebermarke") == ["soest-arbeitgebermarke"]


def counts() -> list[int | None]:
    tables = Document.practice_id, Word.stem, Trigram.stem
    return [db.session.scalar(select(func.count(column))) for column in tables] + [
        db.session.scalar(select(func.sum(Word.used)))
    ]


@pytest.mark.parametrize("address", ["/austausch/", "/praxis/"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ('"', "Darin steht kein Wort"),
        ("*", "Darin steht kein Wort"),
        ("a" * 10_000, "mit 10.000 Zeichen zu lang"),
        ("Tasche\0", "ein Zeichen, das es in keinem Text gibt"),
        ("und oder die", "Darin steht kein Wort"),
    ],
    ids=["quote", "star", "long", "nul", "stop words"],
)
def test_what_cannot_be_searched_for_gets_a_sentence_and_stays_in_the_field(
    client: FlaskClient, coordinator: Account, collected: None, address: str, typed: str, sentence: str
) -> None:
    log_in(client, coordinator.email)
    answer = client.get(address, query_string={"suche": typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    field = BeautifulSoup(answer.text, "html.parser").select_one("input[name=suche]")
    assert field is not None
    assert field["value"].replace("\ufffd", "\0") == typed


@pytest.mark.parametrize(
    "typed",
    ['Tasche" OR *', 'Tasche "" AND * OR NEAR(', "tasche' | x", "tasche & !stadt", "NEAR(tasche stadt)", "tasche:*"],
)
def test_signs_of_query_languages_are_only_signs(app: Flask, collected: None, typed: str) -> None:
    assert hits(app, typed)[0] == "werdohl-tasche"


def test_filters_narrow_what_was_found(client: FlaskClient, coordinator: Account, collected: None) -> None:
    log_in(client, coordinator.email)
    failed = client.get("/austausch/?ergebnis=failed").text
    assert "600 eingeladen" in failed
    assert "Begrüßungstasche" not in failed
    small = client.get("/austausch/?groesse=mittel&kriterium=B2.2").text
    assert "Begrüßungstasche" in small
    assert "Broschüre für Neue und Neubürgerfreitage" not in small
    unknown = client.get("/austausch/?groesse=riesig&aufwand=x&seite=99")
    assert unknown.status_code == 200

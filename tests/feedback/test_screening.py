"""What in a free text might tell who somebody is."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feedback.screening import flags, pieces


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Schreiben Sie an vor.nach@post.example.org!", "email", "vor.nach@post.example.org"),
        ("ich (at) post.example", "email", "ich (at) post.example"),
        ("Tel. 0291 / 12 34 56 abends", "phone", "0291 / 12 34 56"),
        ("+49 171 2345678", "phone", "+49 171 2345678"),
        ("siehe www.beispiel.de/ich", "link", "www.beispiel.de/ich"),
        ("wir wohnen Hauptstraße 12a", "address", "Hauptstraße 12a"),
        ("wir wohnen Am Markt 3", "address", "Am Markt 3"),
        ("59872 Meschede", "address", "59872 Meschede"),
        ("Frau Muster war unfreundlich", "person", "Frau Muster"),
        ("Herr Dr. Muster half", "person", "Herr Dr. Muster"),
        ("Bürgermeister Muster half", "person", "Bürgermeister Muster"),
        ("die Sachbearbeiterin Muster", "person", "Sachbearbeiterin Muster"),
    ],
)
def test_what_may_tell_who_somebody_is_is_flagged(text: str, kind: str, found: str):
    [flag] = flags(text)
    assert (flag.kind, text[flag.start : flag.end]) == (kind, found)


@pytest.mark.parametrize(
    "text",
    [
        "Die Nachbarn haben uns sehr geholfen.",
        "Eine Frau im Rathaus war nett, der Herr am Schalter auch.",
        "Wir haben 3 Jahre gewartet und 12 Wohnungen gesehen.",
        "Der Bürgermeister hat einen Brief geschickt.",
        "2019 und 2024 sind wir umgezogen.",
        "Der Bus fährt 2-mal am Tag, Linie 348.",
    ],
)
def test_ordinary_sentences_are_left_alone(text: str):
    assert flags(text) == []


@given(st.text(max_size=300))
def test_the_pieces_are_the_text(text: str):
    assert "".join(piece.text for piece in pieces(text)) == text


@given(st.lists(st.sampled_from(["Frau Muster", "a@b.de", "0171 2345678", "Hauptstraße 5", " und ", ", "]), max_size=9))
def test_flags_never_overlap_and_stand_in_order(parts: list[str]):
    found = flags("".join(parts))
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))

"""What newcomers say about themselves is read as it was stored, whatever language they spoke."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import numpy as np
import pytest

from app.database import db
from app.feedback.loading import LETTERS
from app.feedback.models import Response
from app.releases import loading, traits
from app.releases.traits import CHANNELS, profile_width, read_traits
from app.rounds.models import Round
from questionnaires.answers import encode_profile
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin
from tests.releases.filling import DAY


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return builtin()


def read(catalogue: Catalogue, persons: Sequence[tuple[dict[str, frozenset[str]], str, str]]) -> traits.Traits:
    """The traits of persons with a profile, a language and a channel, from letters as the database gives them."""
    languages, channels = sorted(catalogue.languages), sorted(CHANNELS)
    rows = [
        encode_profile(catalogue, profile) + LETTERS[languages.index(language)] + LETTERS[channels.index(channel)]
        for profile, language, channel in persons
    ]
    letters = np.frombuffer("".join(rows).encode(), dtype=np.uint8).reshape(-1, profile_width(catalogue) + 2)
    return read_traits(catalogue, letters, languages, channels)


def chosen(found: traits.Traits, row: int) -> dict[str, list[str]]:
    """The options of each question that the person is a member of."""
    return {
        question.id: [o for o, column in zip(question.options, columns, strict=True) if found.member[row, column]]
        for question, columns in zip(found.questions, found.columns, strict=True)
    }


def test_every_option_that_was_chosen_and_no_other_is_read(catalogue: Catalogue):
    everything = {q.id: frozenset(o.id for o in q.options[-2:]) for q in catalogue.profile_questions}
    single = {q.id for q in catalogue.profile_questions if q.kind == "single"}
    profile = {id: frozenset(sorted(options)[:1]) if id in single else options for id, options in everything.items()}
    found = read(catalogue, [(profile, "de", "code"), ({}, "en", "welcome")])
    first, second = chosen(found, 0), chosen(found, 1)
    assert {id: set(options) for id, options in first.items() if id in profile} == profile
    assert (first["language"], first["channel"]) == (["de"], ["code"])
    assert {id: options for id, options in second.items() if options} == {"language": ["en"], "channel": ["welcome"]}


def test_reading_in_pieces_does_not_show(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch):
    persons = [({}, language, channel) for language in ("de", "en") for channel in CHANNELS]
    whole = read(catalogue, persons)
    monkeypatch.setattr(traits, "_AT_ONCE", 3)
    assert np.array_equal(read(catalogue, persons).member, whole.member)


def test_nobody_has_no_traits(catalogue: Catalogue):
    assert read(catalogue, []).member.shape[0] == 0


def test_a_language_the_catalogue_does_not_know_is_an_option_of_its_own(round_: Round):
    before = loading.load_round(db.session, round_).traits
    some = db.session.query(Response).filter_by(round_id=round_.id).first()
    assert some is not None
    db.session.add(
        Response(
            round_id=round_.id, municipality_ags=some.municipality_ags, id=str(uuid.uuid4()), day=DAY,
            language="tlh", channel="paper", ratings="." * len(some.ratings), profile="....",
        )
    )  # fmt: skip
    db.session.flush()
    after = loading.load_round(db.session, round_).traits
    languages = {q.id: q.options for q in after.questions}["language"]
    assert languages == (*{q.id: q.options for q in before.questions}["language"], "tlh")
    (new,) = (row for row in range(len(after.member)) if chosen(after, row)["language"] == ["tlh"])
    assert chosen(after, new)["channel"] == ["paper"]
    assert len(after.member) == len(before.member) + 1

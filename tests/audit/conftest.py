"""Something to record, and whoever did it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_babel import LazyString

from app.accounts.models import User
from app.audit import Subject, describe, record
from app.audit.vocabulary import ACTIONS, FIELDS, SUBJECTS
from app.database import db
from tests.accounts.login import MESCHEDE, Account, agency, coordinator

__all__ = ["agency", "coordinator"]

KETTLE = Subject("kettle", "A1")


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    """Words for what only these tests do."""
    vocabularies = (ACTIONS, SUBJECTS, FIELDS)
    before = [dict(words) for words in vocabularies]
    say = LazyString
    describe(
        actions={"kettle.boiled": say(lambda: "Wasser gekocht")},
        subjects={"kettle": say(lambda: "Kessel")},
        fields={"degrees": say(lambda: "Grad"), "lid": say(lambda: "Deckel")},
    )
    yield
    for words, earlier in zip(vocabularies, before, strict=True):
        words.clear()
        words.update(earlier)


@pytest.fixture
def boil(app: Flask, coordinator: Account) -> Callable[..., None]:
    """Records that the coordinator boiled water, each time in a transaction of its own."""

    def do(times: int = 1, municipality: str | None = MESCHEDE, about: int | None = None) -> None:
        with app.app_context():
            person = db.session.get_one(User, coordinator.id)
            for degrees in range(times):
                record(
                    "kettle.boiled",
                    KETTLE,
                    before={"degrees": degrees, "lid": True},
                    after={"degrees": 100, "lid": True},
                    municipality=municipality,
                    actor=person,
                    about=about,
                )
                db.session.commit()

    return do

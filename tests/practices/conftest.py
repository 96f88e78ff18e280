"""People of Meschede, Olpe and the agency, and a practice of Meschede."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import User
from app.database import db
from app.practices.writing import Content, begin, publish, submit
from app.region.models import Municipality
from tests.accounts.login import MESCHEDE, Account, agency, coordinator, editor, neighbour

__all__ = ["agency", "coordinator", "editor", "neighbour"]

CONTENT = Content(
    "Begrüßungstasche",
    ("B2.2",),
    ("NEU",),
    done="Jede Anmeldung bekommt eine Tasche.",
    contact="Stadtmarketing",
    links=(("Bericht", "https://example.org/tasche"),),
)


def put_in(app: Flask, author: Account | None = None, visibility: str = "participants", **changes: object) -> int:
    """A published practice of Meschede; its id."""
    with app.test_request_context():
        content = Content(**{**CONTENT.__dict__, **changes})
        user = db.session.get(User, author.id) if author else None
        practice = begin(content, db.session.get_one(Municipality, MESCHEDE), user)
        submit(practice)
        publish(practice, visibility)
        db.session.commit()
        return practice.id


@pytest.fixture
def practice(app: Flask, coordinator: Account) -> int:
    return put_in(app, coordinator)

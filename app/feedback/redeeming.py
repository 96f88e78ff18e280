"""The way in with an access code: from what was typed to the form of the municipality that issued it."""

from __future__ import annotations

from flask import current_app, request
from sqlalchemy import select

from app.database import db
from app.feedback import crowding
from app.feedback.codes import digest
from app.feedback.models import AccessCode
from app.feedback.places import Collecting, collecting
from app.feedback.tokens import FormToken, new_token
from app.feedback.writing import CodeNotFitting
from app.region.models import Municipality
from config import Settings

TRIES = "code"


class TooManyTries(Exception):
    """Too many codes that do not fit came from the reader's network within the hour."""


def opened_by(code: str) -> tuple[Collecting, FormToken]:
    """The place that issued the code, and the token for its form.

    ``CodeNotFitting`` for a code that never was and for one that is used: the same answer, after the same look-up.
    ``TooManyTries`` after too many of those. Raises also what ``collecting`` raises.
    """
    settings: Settings = current_app.config["KOMPASS"]
    address = request.remote_addr or ""
    if crowding.crowded(TRIES, settings.code_tries_per_hour, address):
        raise TooManyTries
    hashed = digest(code)
    found = _find(hashed)
    if found is None:
        crowding.another(TRIES, settings.code_tries_per_hour, address)
        raise CodeNotFitting
    slug, round_id = found
    here = collecting(slug, by_code=True)
    if here.round.id != round_id:
        raise CodeNotFitting
    return here, new_token(here, "code", hashed)


def _find(hashed: str) -> tuple[str, int] | None:
    # A session of its own, closed at once, as for every newcomer's page.
    with db.sessionmaker() as session:
        row = session.execute(
            select(Municipality.slug, AccessCode.round_id, AccessCode.used)
            .join(Municipality, Municipality.ags == AccessCode.municipality_ags)
            .where(AccessCode.digest == hashed)
        ).one_or_none()
    return None if row is None or row.used else (row.slug, row.round_id)

"""Whether a form that was sent can still be taken: its place collects now, or did when the form was opened."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db
from app.feedback.places import Collecting, NotCollecting, OnlyWithCode, OpenRound, Place, collecting, open_round
from app.feedback.statements import was_open
from app.feedback.tokens import FormToken, TokenNotValid, unseal
from app.feedback.typed import Typed
from app.rounds.models import Participation, Round


def receiving(slug: str, typed: Typed) -> Collecting:
    """The place and round that this form belongs to, if it takes it.

    A form may come back within a day of its opening even if the round has ended meanwhile; a form opened with a code
    needs no open link. Raises what ``collecting`` raises.
    """
    try:
        return collecting(slug)
    except NotCollecting as reason:
        token = _genuine(typed)
        round_ = _round_of(reason, token) if token else None
        if round_ is None:
            raise
        return Collecting(reason.place, round_)


def _genuine(typed: Typed) -> FormToken | None:
    try:
        return unseal(typed.token)
    except TokenNotValid:
        return None


def _round_of(reason: NotCollecting, token: FormToken) -> OpenRound | None:
    if token.municipality_ags != reason.place.ags:
        return None
    if isinstance(reason, OnlyWithCode):
        return reason.place.round if token.code else None
    return _late_round(reason.place, token)


def _late_round(place: Place, token: FormToken) -> OpenRound | None:
    with db.sessionmaker() as session:
        found = session.scalar(
            select(Round)
            .join(Participation)
            .where(
                Round.id == token.round_id,
                Participation.municipality_ags == place.ags,
                was_open(token.issued_at, token.issued_on),
            )
        )
        return open_round(found) if found else None

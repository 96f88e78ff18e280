"""The signed token of a newcomer's form: which response it will be, for whom, in which round.

It stands in for a CSRF token: no session exists that somebody else's page could ride. The random key in it makes
sending idempotent, and the signature keeps programs from making up keys by the million.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from app.feedback.places import Collecting

SECONDS_VALID = 24 * 60 * 60


@dataclass(frozen=True)
class FormToken:
    """What a token says: the key of the response, and where it belongs."""

    response_id: str
    municipality_ags: str
    round_id: int

    def belongs_to(self, here: Collecting) -> bool:
        """Whether the form was made for this municipality and this round."""
        return (self.municipality_ags, self.round_id) == (here.place.ags, here.round.id)


class TokenNotValid(ValueError):
    """The token is forged, damaged or missing."""


class TokenTooOld(TokenNotValid):
    """The token is genuine but was issued too long ago; ``token`` is what it says."""

    def __init__(self, token: FormToken) -> None:
        self.token = token
        super().__init__("too old")


def new_token(here: Collecting) -> FormToken:
    """A token for a form not yet sent, with a new random key."""
    return FormToken(str(uuid.uuid4()), here.place.ags, here.round.id)


def seal(token: FormToken) -> str:
    """The token as signed text, safe in HTML as it is."""
    return _serializer().dumps([token.response_id, token.municipality_ags, token.round_id])


def unseal(text: str) -> FormToken:
    """What a signed text says; ``TokenTooOld`` after a day, ``TokenNotValid`` if we never signed it."""
    try:
        return FormToken(*_serializer().loads(text, max_age=SECONDS_VALID))
    except SignatureExpired as error:
        raise TokenTooOld(FormToken(*_serializer().load_payload(error.payload or b""))) from None
    except BadData:
        raise TokenNotValid("not signed by us") from None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="feedback-form")

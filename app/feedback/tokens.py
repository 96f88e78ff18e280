"""The signed token of a newcomer's form: which response it will be, for whom, in which round.

It stands in for a CSRF token: no session exists that somebody else's page could ride. The random key in it makes
sending idempotent, and the signature keeps programs from making up keys by the million.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.feedback.places import Collecting
from app.rounds.lifecycle import REGION_TIME

SECONDS_VALID = 24 * 60 * 60


@dataclass(frozen=True)
class FormToken:
    """What a token says: the key of the response, where it belongs, when (in seconds) and on which way it was made.

    ``code`` is the digest of the access code that opened the form, empty without one.
    """

    response_id: str
    municipality_ags: str
    round_id: int
    issued: int = field(default_factory=lambda: int(time.time()))
    channel: str = "open"
    code: str = ""

    def belongs_to(self, here: Collecting) -> bool:
        """Whether the form was made for this municipality and this round."""
        return (self.municipality_ags, self.round_id) == (here.place.ags, here.round.id)

    @property
    def issued_at(self) -> dt.datetime:
        """The moment it was made."""
        return dt.datetime.fromtimestamp(self.issued, dt.UTC)

    @property
    def issued_on(self) -> dt.date:
        """The day it was made, in the region."""
        return self.issued_at.astimezone(REGION_TIME).date()

    def renewed(self) -> FormToken:
        """The same response, from now on."""
        return replace(self, issued=int(time.time()))


class TokenNotValid(ValueError):
    """The token is forged, damaged or missing."""


class TokenTooOld(TokenNotValid):
    """The token is genuine but was issued too long ago; ``token`` is what it says."""

    def __init__(self, token: FormToken) -> None:
        self.token = token
        super().__init__("too old")


def new_token(here: Collecting, channel: str = "open", code: str = "") -> FormToken:
    """A token for a form not yet sent, with a new random key."""
    return FormToken(str(uuid.uuid4()), here.place.ags, here.round.id, channel=channel, code=code)


def seal(token: FormToken) -> str:
    """The token as signed text, safe in HTML as it is."""
    return sealer()(token)


def sealer() -> Callable[[FormToken], str]:
    """What seals tokens of this application, also where no request is being answered."""
    serializer = _serializer()
    return lambda token: serializer.dumps(
        [token.response_id, token.municipality_ags, token.round_id, token.issued, token.channel, token.code]
    )


def unseal(text: str) -> FormToken:
    """What a signed text says; ``TokenTooOld`` after a day, ``TokenNotValid`` if we never signed it."""
    try:
        token = FormToken(*_serializer().loads(text))
    except (BadData, TypeError):
        raise TokenNotValid("not signed by us") from None
    if time.time() - token.issued > SECONDS_VALID:
        raise TokenTooOld(token)
    return token


def _serializer() -> URLSafeSerializer:
    return _serializer_with(current_app.secret_key or "")


@lru_cache(maxsize=8)
def _serializer_with(key: str | bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="feedback-form-2")

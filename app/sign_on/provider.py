"""Talking to the provider: sending people there, and reading who came back. All of the protocol is Authlib's."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, current_app
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from app.sign_on.refusals import SignOnRefused
from config import Settings

EXTENSION = "willkommen-sign-on"
PATIENCE = 10
"""Seconds that the provider may take for each answer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claims:
    """What the provider says about a person, signed and checked. ``asked_at`` is when it last asked who they are."""

    issuer: str
    subject: str
    email: str
    verified: bool
    asked_at: float | None


def register(app: Flask) -> None:
    """Make a client of the provider; without one in the settings there is nothing to reach."""
    settings: Settings = app.config["KOMPASS"]
    if not settings.oidc_issuer:
        return
    app.extensions[EXTENSION] = OAuth(app).register(
        "sign_on",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )


def name() -> str:
    """What people here call the provider; empty if there is none."""
    settings: Settings = current_app.config["KOMPASS"]
    return settings.oidc_name if settings.oidc_issuer else ""


def send_there(back: str, *, ask_again: bool) -> ResponseReturnValue:
    """Send the reader to the provider, who sends them on to ``back``; ``SignOnRefused`` if it cannot be reached.

    ``ask_again``: the provider shall ask who is there, even somebody whom it knows.
    """
    insisting = {"prompt": "login", "max_age": 0} if ask_again else {}
    with _problems_named():
        return _client().authorize_redirect(back, **insisting)


def who_came_back() -> Claims:
    """Whom the provider vouches for in this request; ``SignOnRefused`` if nobody."""
    settings: Settings = current_app.config["KOMPASS"]
    expected = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }
    with _problems_named():
        answer = _client().authorize_access_token(claims_options=expected)
        return _claims(answer["userinfo"])


def _claims(said: Mapping[str, Any]) -> Claims:
    asked_at = said.get("auth_time")
    return Claims(
        issuer=str(said["iss"]),
        subject=str(said["sub"]),
        email=str(said.get("email") or "").strip().lower(),
        verified=said.get("email_verified") is True,
        asked_at=None if asked_at is None else float(asked_at),
    )


def _client() -> Any:
    return current_app.extensions.get(EXTENSION) or abort(404)


@contextmanager
def _problems_named() -> Iterator[None]:
    """Whatever can go wrong with another server and what it says, as a reason that people can be told."""
    try:
        yield
    except MismatchingStateError:
        raise SignOnRefused("stale") from None
    except AuthlibBaseError as error:
        log.warning("The log-in provider refused: %s", error.error)
        raise SignOnRefused("cancelled" if error.error == "access_denied" else "refused") from None
    except requests.RequestException as error:
        log.warning("The log-in provider could not be reached: %s", type(error).__name__)
        raise SignOnRefused("unreachable") from None
    except (JoseError, ValueError, LookupError, RuntimeError) as error:
        log.warning("The log-in provider's answer did not pass: %s", type(error).__name__)
        raise SignOnRefused("not-checked") from None

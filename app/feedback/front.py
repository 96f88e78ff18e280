"""The newcomers' pages, handed out again for two seconds without asking the application anew, and forms taken likewise.

When hundreds open the form at once, the answer to each differs in nothing but its token. What the application answered
a moment ago, headers and all, is therefore given to the next reader who asks in the same way, with a token of their
own. When they send it, the answer to each differs in nothing at all: the next form is stored in the same manner, and
if it can be, its reader gets the answer of the one before. What cannot be stored just so goes to the application.

Nothing is kept about readers: the key is what their browser asks for, and only of those whom the application has
answered already.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Flask, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXTENSION = "willkommen-front"
AGAIN = "willkommen.again"
"""Where the application says how the body for the next reader is made."""
TAKE = "willkommen.take"
"""Where the application says how the next form is taken."""
FORM = "application/x-www-form-urlencoded"
SECONDS_KEPT = 2.0
MOST_KEPT = 256
PREFIX = "/f/"
ASKED_FOR = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_HOST",
    "wsgi.url_scheme",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_ENCODING",
    "SCRIPT_NAME",
)
"""All of a request that can make a difference to the answer."""

Key = tuple[str, ...]
Take = Callable[[bytes, str], None]
"""Stores the form with that body from that address, or raises."""


@dataclass(frozen=True)
class _Answered:
    """An answer, to be given again until a moment (monotonic seconds): a page with a new body, a form once stored."""

    status: str
    headers: list[tuple[str, str]]
    until: float
    body: Callable[[], bytes] = bytes
    take: Take | None = None


class Front:
    """Stands before the application: a WSGI middleware."""

    def __init__(self, application: WSGIApplication, largest: int) -> None:
        self._application = application
        self._largest = largest
        self._answered: dict[Key, _Answered] = {}

    def forget(self) -> None:
        """Ask the application again, whoever comes."""
        self._answered.clear()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer of a moment ago if there is one, else the application's."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "POST") or not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._application(environ, start_response)
        key = (method, *(environ.get(name, "") for name in ASKED_FOR))
        found = self._answered.get(key)
        if found is None or monotonic() > found.until or (found.take and not self._takes(found.take, environ)):
            return self._ask(key, environ, start_response)
        body = found.body()
        start_response(found.status, [*found.headers, ("Content-Length", str(len(body)))])
        return [body]

    def _takes(self, take: Take, environ: WSGIEnvironment) -> bool:
        """Whether the form is stored; if not, it can be read once more."""
        if environ.get("CONTENT_TYPE") != FORM:
            return False
        try:
            length = int(environ["CONTENT_LENGTH"])
            if not 0 < length <= self._largest:
                return False
            body = environ["wsgi.input"].read(length)
            environ["wsgi.input"] = io.BytesIO(body)
            if len(body) < length:
                return False
            take(body, environ.get("REMOTE_ADDR", ""))
        except Exception:  # Whatever it is, the application meets it too, and knows how to say it.
            return False
        return True

    def _ask(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, remembered if it says how to make it again."""
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
            said.append((status, list(headers)))
            return start_response(status, headers, *more)

        answer = self._application(environ, note)
        how = {name: environ[place] for name, place in (("body", AGAIN), ("take", TAKE)) if place in environ}
        if how and len(said) == 1:
            if len(self._answered) >= MOST_KEPT:
                self._answered.clear()
            status, headers = said[0]
            kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
            self._answered[key] = _Answered(status, kept, monotonic() + SECONDS_KEPT, **how)
        return answer


def may_be_given_again(body: Callable[[], bytes]) -> None:
    """Say that this request's answer differs from the next one's in its body only, and how that is made.

    Making it must need no application context.
    """
    request.environ[AGAIN] = body


def may_take_the_next(take: Take) -> None:
    """Say that the next form sent in the same way gets this request's answer, if ``take`` can store it.

    It must need no context of the application.
    """
    request.environ[TAKE] = take


def init_app(app: Flask) -> None:
    """Put the front before the application."""
    front = Front(app.wsgi_app, app.config["MAX_CONTENT_LENGTH"])
    app.wsgi_app = front  # type: ignore[method-assign]
    app.extensions[EXTENSION] = front

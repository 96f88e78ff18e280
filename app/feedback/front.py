"""The newcomers' pages, handed out again for two seconds without asking the application anew.

When hundreds open the form at once, the answer to each differs in nothing but its token. What the application answered
a moment ago, headers and all, is therefore given to the next reader who asks in the same way, with a token of their
own. Nothing is kept about readers: the key is what their browser asks for, and only of those whom the application has
answered already.
"""

from __future__ import annotations

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
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PREFIX",
)
"""All of a request that can make a difference to the answer."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class _Answered:
    """An answer, to be given again until a moment (monotonic seconds)."""

    status: str
    headers: list[tuple[str, str]]
    body: Callable[[], bytes]
    until: float


class Front:
    """Stands before the application: a WSGI middleware."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._answered: dict[Key, _Answered] = {}

    def forget(self) -> None:
        """Ask the application again, whoever comes."""
        self._answered.clear()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer of a moment ago if there is one, else the application's."""
        if environ["REQUEST_METHOD"] != "GET" or not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._application(environ, start_response)
        key = tuple(environ.get(name, "") for name in ASKED_FOR)
        found = self._answered.get(key)
        if found is None or monotonic() > found.until:
            return self._ask(key, environ, start_response)
        body = found.body()
        start_response(found.status, [*found.headers, ("Content-Length", str(len(body)))])
        return [body]

    def _ask(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, remembered if it says how to make it again."""
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
            said.append((status, list(headers)))
            return start_response(status, headers, *more)

        answer = self._application(environ, note)
        if (again := environ.get(AGAIN)) and len(said) == 1:
            if len(self._answered) >= MOST_KEPT:
                self._answered.clear()
            status, headers = said[0]
            kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
            self._answered[key] = _Answered(status, kept, again, monotonic() + SECONDS_KEPT)
        return answer


def may_be_given_again(body: Callable[[], bytes]) -> None:
    """Say that this request's answer differs from the next one's in its body only, and how that is made.

    Making it must need no application context.
    """
    request.environ[AGAIN] = body


def init_app(app: Flask) -> None:
    """Put the front before the application."""
    front = Front(app.wsgi_app)
    app.wsgi_app = front  # type: ignore[method-assign]
    app.extensions[EXTENSION] = front

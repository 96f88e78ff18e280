"""Addresses as they should have been sent: what is not UTF-8 in a query is percent-encoded before anybody reads it.

Browsers encode what people type. Programs and old links send bytes as they are, and where those are no UTF-8, reading
the query at all would fail, on the error page too. Encoded they are a value like any other: unknown, and said to be so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AS_SENT = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~\"\\ "
"""ASCII that stays as it is; letters and digits do in any case."""


class Encoding:
    """Stands before the application: a WSGI middleware."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the request on with a query that can be read."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = readable(query)
        return self._application(environ, start_response)


def readable(query: str) -> str:
    r"""A query as WSGI has it, a character for each byte, in which bytes that are no UTF-8 are percent-encoded.

    >>> readable("ort=M\xfcnchen&q=%FC"), readable("ort=M\xc3\xbcnchen")
    ('ort=M%FCnchen&q=%FC', 'ort=MÃ¼nchen')
    """
    sent = query.encode("latin-1", "replace")
    try:
        sent.decode()
    except UnicodeDecodeError:
        return quote_from_bytes(sent, AS_SENT)
    return query


def register(app: Flask) -> None:
    """Put it before the application."""
    app.wsgi_app = Encoding(app.wsgi_app)  # type: ignore[method-assign]

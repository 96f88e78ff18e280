"""Smaller answers, where compressing gives nothing away."""

from __future__ import annotations

from flask import Flask, Response, g
from flask_compress import Compress

SETTINGS = {
    "COMPRESS_REGISTER": False,
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 4,
    "COMPRESS_MIN_SIZE": 1000,
    "COMPRESS_STREAMS": False,
    "COMPRESS_MIMETYPES": ["text/html", "text/csv", "text/plain", "application/json", "image/svg+xml"],
}
EMPTY = (204, 303, 304)
"""Answers with little or nothing in them."""


def holds_secret() -> bool:
    """True if this page was given the secret token that protects the forms behind the log-in."""
    return "csrf_token" in g


def register(app: Flask) -> None:
    """Compress what holds no secret.

    A page may repeat what its address says; compressed together with a secret form token its length would betray the
    token (BREACH), so those pages travel as they are.
    """
    for name, value in SETTINGS.items():
        app.config.setdefault(name, value)
    compress = Compress(app)

    @app.after_request
    def shrink(response: Response) -> Response:
        as_it_is = response.status_code in EMPTY or holds_secret()
        return response if as_it_is else compress.after_request(response)

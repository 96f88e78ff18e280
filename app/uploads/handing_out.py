"""Handing a kept file to a reader: as a download and nothing else, whatever it is."""

from __future__ import annotations

import io

from flask import Response, send_file

from app.uploads.store import store


def download(sha256: str, name: str, media_type: str) -> Response:
    """The file as a download that no page can show or run; ``FileDamaged`` if it is not what was put there."""
    response = send_file(io.BytesIO(store().read(sha256)), media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.no_store = True
    response.cache_control.private = True
    return response

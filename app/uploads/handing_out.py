"""Handing a kept file to a reader: as a download and nothing else, whatever it is."""

from __future__ import annotations

import io
from http import HTTPStatus

from flask import Response, abort, send_file
from flask_babel import gettext as _

from app.uploads.refusals import FileDamaged
from app.uploads.store import store


def download(sha256: str, name: str, media_type: str) -> Response:
    """The file as a download that no page can show or run; ``FileDamaged`` if it is not what was put there."""
    response = send_file(io.BytesIO(store().read(sha256)), media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.no_store = True
    response.cache_control.private = True
    return response


def download_or_explain(sha256: str, name: str, media_type: str) -> Response:
    """The same, and a page that says so where the file is not what was put there."""
    try:
        return download(sha256, name, media_type)
    except FileDamaged:
        abort(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            _("Die Datei ist auf dem Server beschädigt oder fehlt. Sie wird deshalb nicht ausgeliefert. Laden Sie sie "
              "bitte noch einmal hoch."),
        )  # fmt: skip

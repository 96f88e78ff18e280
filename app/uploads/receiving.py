"""Taking a file that a form brought: its name made harmless, its content checked, scanned and kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from flask import abort, current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.uploads.kinds import LARGEST, checked
from app.uploads.scanning import scan
from app.uploads.store import store

LONGEST_NAME = 150
FORM_AROUND = 256 * 1024
"""Bytes that the rest of a form with a file may have."""
LARGEST_BODY = LARGEST + FORM_AROUND


@dataclass(frozen=True)
class Kept:
    """A file that is kept: where, as what, and under which name it is handed out again."""

    sha256: str
    size: int
    media_type: str
    name: str


def receive(file: FileStorage) -> Kept:
    """Keep the file of a form; a ``FileRefused`` that says why where it cannot be taken, and nothing is kept then."""
    content = file.stream.read(LARGEST + 1)
    found = checked(content)
    scan(content, current_app.config["KOMPASS"].clamd)
    sha256 = store().keep(found.content)
    return Kept(sha256, len(found.content), found.media_type, harmless_name(file.filename or "", found.ending))


def allow_large_body() -> None:
    """Let the body of this request be as large as a file may be; call it before the body is read."""
    request.max_content_length = LARGEST_BODY
    if (request.content_length or 0) > LARGEST_BODY:
        abort(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("Die Datei hat mehr als 20 MB. Es wurde nichts gespeichert. Verkleinern Sie sie, oder geben Sie statt "
              "der Datei einen Link an."),
        )  # fmt: skip


def harmless_name(name: str, ending: str) -> str:
    r"""The last part of a name without what nobody can see, with the ending that the content has.

    >>> harmless_name("C:\\Akten\\..\\Bericht 2026.exe", "pdf")
    'Bericht 2026.pdf'
    >>> harmless_name("../../etc/passwd", "png"), harmless_name("...", "pdf")
    ('passwd.png', 'datei.pdf')
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(character for character in last if character.isprintable() and character not in '<>:"|?*')
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", seen).strip(". ")
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or 'datei'}.{ending}"

"""The kinds of file we take, told by the content; the name that somebody gave a file proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import filetype
from flask_babel import gettext as _

from app.uploads import office, pdf, pictures
from app.uploads.refusals import FileTooLarge, UnknownKind

LARGEST = 20 * 1024 * 1024
"""Bytes a file may have."""


@dataclass(frozen=True)
class Kind:
    """What a file is kept as: its media type, the ending of its name, and what makes it harmless or refuses it."""

    media_type: str
    ending: str
    harmless: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    content: bytes
    media_type: str
    ending: str


KINDS: dict[str, Kind] = {
    "application/pdf": Kind("application/pdf", "pdf", pdf.checked),
    "image/jpeg": Kind("image/jpeg", "jpg", pictures.as_jpeg),
    "image/png": Kind("image/png", "png", pictures.as_png),
    "image/webp": Kind("image/png", "png", pictures.as_png),
    **{media_type: Kind(media_type, ending, office.checked) for ending, media_type in office.MEDIA_TYPES.items()},
}
"""By what the content is; a picture is painted anew and may be kept as another kind."""


def checked(content: bytes) -> Checked:
    """The file as it may be kept; a ``FileRefused`` that says why, where it may not."""
    if len(content) > LARGEST:
        raise FileTooLarge(
            _("Die Datei hat mehr als 20 MB. Verkleinern Sie sie, oder geben Sie statt der Datei einen Link an.")
        )
    kind = KINDS.get(_told_by_content(content))
    if kind is None:
        raise UnknownKind(
            _("Der Inhalt der Datei ist kein PDF, kein Bild (JPEG, PNG, WebP) und kein Dokument aus Word, Excel, "
              "PowerPoint oder LibreOffice, auch wenn der Name es sagt. Speichern Sie sie als PDF und laden Sie das "
              "hoch.")
        )  # fmt: skip
    return Checked(kind.harmless(content), kind.media_type, kind.ending)


def _told_by_content(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        return office.media_type(content)
    return filetype.guess_mime(content[:8192]) or ""

"""Pictures: painted anew, so that nothing but the picture is left: no place, no camera, nothing hidden in the file."""

from __future__ import annotations

import io
import warnings

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from app.uploads.refusals import NotReadable

MOST_PIXELS = 40_000_000
"""More than any telephone's camera takes; opened it needs 160 MB of memory."""


def as_jpeg(content: bytes) -> bytes:
    """The picture as JPEG; ``NotReadable`` if it is damaged or larger than 40 million pixels."""
    return _painted(content, "JPEG", quality=88, optimize=True)


def as_png(content: bytes) -> bytes:
    """The picture as PNG; ``NotReadable`` if it is damaged or larger than 40 million pixels."""
    return _painted(content, "PNG")


def _painted(content: bytes, form: str, **options: object) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
            _check_size(picture)
            upright = ImageOps.exif_transpose(picture).convert(_mode(picture, form))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotReadable(_too_large() if _is_bomb(error) else _damaged()) from error
    except Image.DecompressionBombWarning as error:
        raise NotReadable(_too_large()) from error
    # A new picture of the same dots: what else the file carried stays behind.
    clean = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    buffer = io.BytesIO()
    clean.save(buffer, form, **options)
    return buffer.getvalue()


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise Image.DecompressionBombError


def _mode(picture: Image.Image, form: str) -> str:
    transparent = form == "PNG" and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info)
    return "RGBA" if transparent else "RGB"


def _is_bomb(error: Exception) -> bool:
    return isinstance(error, Image.DecompressionBombError)


def _too_large() -> str:
    return _("Das Bild hat mehr als 40 Millionen Bildpunkte. Verkleinern Sie es und laden Sie es noch einmal hoch.")


def _damaged() -> str:
    return _("Das Bild lässt sich nicht lesen. Öffnen und speichern Sie es neu und laden Sie es noch einmal hoch.")

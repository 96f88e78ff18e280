"""PDF: taken as it is, but refused if it is locked, damaged, or brings a program or other files along."""

from __future__ import annotations

import io

import pikepdf
from flask_babel import gettext as _

from app.uploads.refusals import HoldsProgram, NotReadable

PROGRAMS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute"})
"""Actions that do something on the reader's machine or send something off."""
CARRIERS = frozenset({"/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/RichMediaContent"})
"""Keys under which a document brings scripts, forms with scripts, or other files."""
MOST_OBJECTS = 200_000
DEEPEST = 50


def checked(content: bytes) -> bytes:
    """The same bytes; ``HoldsProgram`` or ``NotReadable`` where it may not be kept."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.objects) > MOST_OBJECTS:
                raise NotReadable(_damaged())
            if any(_brings_program(thing, 0) for thing in document.objects):
                raise HoldsProgram(_program())
    except pikepdf.PasswordError as error:
        raise NotReadable(
            _("Das PDF ist mit einem Kennwort geschützt. Speichern Sie es ohne Kennwort und laden Sie das hoch.")
        ) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise error if isinstance(error, NotReadable | HoldsProgram) else NotReadable(_damaged()) from error
    return content


def _brings_program(thing: object, depth: int) -> bool:
    """Whether an object or anything directly in it is or carries a program; indirect ones come by themselves."""
    if depth > DEEPEST:
        raise NotReadable(_damaged())
    if isinstance(thing, pikepdf.Array):
        return any(_brings_program(entry, depth + 1) for entry in _own(list(thing)))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    entries = dict(thing.items())
    if CARRIERS & entries.keys() or str(entries.get("/S", "")) in PROGRAMS:
        return True
    return any(_brings_program(entry, depth + 1) for entry in _own(list(entries.values())))


def _own(entries: list[object]) -> list[object]:
    return [entry for entry in entries if not getattr(entry, "is_indirect", False)]


def _program() -> str:
    return _("Das PDF bringt ein Programm oder weitere Dateien mit (JavaScript, Formularskript, Anhang). Drucken Sie "
             "es neu als PDF, zum Beispiel mit »Drucken – Als PDF speichern«, und laden Sie das hoch.")  # fmt: skip


def _damaged() -> str:
    return _("Das PDF lässt sich nicht lesen. Erzeugen Sie es neu und laden Sie es noch einmal hoch.")

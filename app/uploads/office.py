"""Office documents: archives with the parts that such a document has, and without macros or other programs."""

from __future__ import annotations

import io
import zipfile

from flask_babel import gettext as _

from app.uploads.refusals import HoldsProgram, NotReadable

OOXML = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "docx": OOXML + "wordprocessingml.document",
    "xlsx": OOXML + "spreadsheetml.sheet",
    "pptx": OOXML + "presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
"""By the ending of their names."""
MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
MOST_PARTS, MOST_BYTES = 5_000, 300 * 1024 * 1024
"""Parts of the archive, and bytes of all of them once unpacked."""
LONGEST_TYPE = 200
PROGRAMS = ("vbaproject.bin", "vbadata.xml", "activex", "basic/", "scripts/", "oleobject", "/embeddings/")
"""What stands in the names of parts that are programs or other files."""


def media_type(content: bytes) -> str:
    """The media type by the parts of the archive; empty if it is none of these documents."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and "content.xml" in names:
                with archive.open("mimetype") as part:
                    found = part.read(LONGEST_TYPE).decode("ascii", "replace").strip()
                return found if found in MEDIA_TYPES.values() else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return ""
    main = next((ending for part, ending in MAIN_PARTS.items() if part in names), None)
    return MEDIA_TYPES[main] if main and "[Content_Types].xml" in names else ""


def checked(content: bytes) -> bytes:
    """The same bytes; ``HoldsProgram`` or ``NotReadable`` where they may not be kept."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            raise NotReadable(
                _("Das Dokument wird beim Öffnen ungewöhnlich groß. Speichern Sie es als PDF und laden Sie das hoch.")
            )
        if any(part.flag_bits & 1 for part in parts):
            raise NotReadable(
                _("Das Dokument ist mit einem Kennwort geschützt. Speichern Sie es ohne Kennwort und laden Sie das "
                  "hoch.")
            )  # fmt: skip
        if any(mark in part.filename.lower() for part in parts for mark in PROGRAMS) or _declares_macros(archive):
            raise HoldsProgram(
                _("Das Dokument enthält Makros oder eingebettete Dateien. Speichern Sie es ohne Makros oder als PDF "
                  "und laden Sie das hoch.")
            )  # fmt: skip
    return content


def _declares_macros(archive: zipfile.ZipFile) -> bool:
    """Whether the list of contents, or that of an OpenDocument, speaks of macros."""
    for name in ("[Content_Types].xml", "META-INF/manifest.xml"):
        try:
            with archive.open(name) as part:
                text = part.read(1_000_000).lower()
        except KeyError:
            continue
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
            raise NotReadable(
                _("Das Dokument lässt sich nicht lesen. Speichern Sie es neu und laden Sie es noch einmal hoch.")
            ) from error
        if b"macroenabled" in text or b"vbaproject" in text:
            return True
    return False

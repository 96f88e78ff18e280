"""Files to hand in: real ones, and ones that are not what they seem."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (10, 120, 90)).save(buffer, form, **options)
    return buffer.getvalue()


def picture_bomb(side: int = 30_000) -> bytes:
    """A PNG of a few bytes that says it is 900 million dots."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(change=None, **options: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    buffer = io.BytesIO()
    document.save(buffer, **options)
    return buffer.getvalue()


def script_on_opening(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def script_in_annotation(document: pikepdf.Pdf) -> None:
    """Deep inside, not in an object of its own."""
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    document.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=action)])


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["x.exe"] = b"MZ"


def large(document: pikepdf.Pdf) -> None:
    """So much in it that the whole is a little larger than 19 MB."""
    document.Root.Padding = pikepdf.Stream(document, random.Random(1).randbytes(19 * 1024 * 1024))


def office(*more: str, main: str = "word/document.xml", types: str = "<Types/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(main, "<x/>")
        for name in more:
            archive.writestr(name, "x")
    return buffer.getvalue()


def open_document(*more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
        for name in more:
            archive.writestr(name, "x")
    return buffer.getvalue()


def zip_bomb() -> bytes:
    """A text document whose one part says that it is 400 MB long."""
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 400 * 1024 * 1024)
    return bytes(content)

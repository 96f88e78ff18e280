"""What may be handed in: told by the content, made harmless, or refused with a sentence."""

from __future__ import annotations

import io
import socketserver
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from app.uploads.kinds import LARGEST, checked
from app.uploads.receiving import LONGEST_NAME, harmless_name, receive
from app.uploads.refusals import FileRefused, FileTooLarge, HoldsProgram, NotReadable, UnknownKind, VirusFound
from app.uploads.scanning import scan
from tests.uploads import files

TAKEN = {
    "PDF": (files.pdf(), "application/pdf", "pdf"),
    "PNG": (files.picture("PNG"), "image/png", "png"),
    "JPEG": (files.picture("JPEG"), "image/jpeg", "jpg"),
    "WebP": (files.picture("WEBP"), "image/png", "png"),
    "Word": (files.office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "Excel": (
        files.office(main="xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    "LibreOffice": (files.open_document(), "application/vnd.oasis.opendocument.text", "odt"),
}
REFUSED = {
    "a program that calls itself PDF": (b"MZ\x90\0" + bytes(200), UnknownKind, "kein PDF"),
    "a page": (b"<html><script>1</script></html>", UnknownKind, "kein PDF"),
    "a drawing with script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", UnknownKind, "kein PDF"),
    "nothing": (b"", UnknownKind, "kein PDF"),
    "an archive of anything": (files.office(main="x/y.txt"), UnknownKind, "kein PDF"),
    "half an archive": (files.office()[:60], UnknownKind, "kein PDF"),
    "21 MB": (files.pdf() + bytes(LARGEST), FileTooLarge, "20 MB"),
    "a PDF with script": (files.pdf(files.script_on_opening), HoldsProgram, "JavaScript"),
    "a PDF that starts a program": (files.pdf(files.script_in_annotation), HoldsProgram, "Programm"),
    "a PDF with a file in it": (files.pdf(files.attachment), HoldsProgram, "Anhang"),
    "a locked PDF": (files.pdf(encryption=files.pikepdf.Encryption(owner="a", user="b")), NotReadable, "Kennwort"),
    "half a PDF": (b"%PDF-1.7\nxx", NotReadable, "lässt sich nicht lesen"),
    "a picture bomb": (files.picture_bomb(), NotReadable, "40 Millionen"),
    "half a picture": (files.picture("JPEG", (400, 300))[:400], NotReadable, "lässt sich nicht lesen"),
    "a document with macros": (files.office("word/vbaProject.bin"), HoldsProgram, "Makros"),
    "a document that hides its macros": (
        files.office(types="<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled'/></Types>"),
        HoldsProgram,
        "Makros",
    ),
    "LibreOffice with macros": (files.open_document("Basic/Standard/Module1.xml"), HoldsProgram, "Makros"),
    "an archive that grows": (files.zip_bomb(), NotReadable, "ungewöhnlich groß"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_told_by_its_content(context: None, name: str) -> None:
    content, media_type, ending = TAKEN[name]
    found = checked(content)
    assert (found.media_type, found.ending) == (media_type, ending)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_what_it_seems_is_refused_with_a_sentence(context: None, name: str) -> None:
    content, refusal, words = REFUSED[name]
    with pytest.raises(FileRefused, match=words) as caught:
        checked(content)
    assert type(caught.value) is refusal
    assert str(caught.value).endswith(".")


def test_a_picture_is_painted_anew_and_keeps_nothing_else(context: None) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Wohnung von Frau Muster"
    found = checked(files.picture("JPEG", exif=exif.tobytes()))
    assert b"Muster" in files.picture("JPEG", exif=exif.tobytes())
    assert b"Muster" not in found.content
    assert Image.open(io.BytesIO(found.content)).size == (40, 30)


def test_a_picture_stands_upright_after_it_was_painted_anew(context: None) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter, as telephones store it.
    found = checked(files.picture("JPEG", exif=exif.tobytes()))
    assert Image.open(io.BytesIO(found.content)).size == (30, 40)


def test_what_stands_behind_a_picture_is_left_behind(context: None) -> None:
    assert b"<script>" not in checked(files.picture("PNG") + b"<script>alert(1)</script>").content


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Akten\\Bericht.docx.exe", "Bericht.docx.pdf"),
        ("Bericht\r\nSet-Cookie: x=1.pdf", "BerichtSet-Cookie x=1.pdf"),
        ("\u202egnp.exe", "gnp.pdf"),
        ("", "datei.pdf"),
        ("....", "datei.pdf"),
        ("Übersicht »Willkommen«.pdf", "Übersicht »Willkommen«.pdf"),
    ],
)
def test_a_name_with_a_path_in_it_is_only_a_name(name: str, kept: str) -> None:
    assert harmless_name(name, "pdf") == kept


def test_a_name_has_an_end() -> None:
    assert len(harmless_name("x" * 4000 + ".pdf", "pdf")) == LONGEST_NAME


class _Scanner(socketserver.StreamRequestHandler):
    """A scanner that speaks clamd's protocol and knows one virus."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
        self.wfile.write(b"stream: Test FOUND\0" if b"VIRUS" in content else b"stream: OK\0")


@pytest.fixture
def scanner() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_scanner_is_asked_where_there_is_one(app: Flask, scanner: str) -> None:
    with app.test_request_context():
        scan(b"x" * 200_000, scanner)
        with pytest.raises(VirusFound, match="beanstandet"):
            scan(b"x" * 200_000 + b"VIRUS", scanner)
        scan(b"VIRUS", "")


def test_when_the_scanner_does_not_answer_nothing_is_kept(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(VirusFound, match="konnte gerade nicht"):
        scan(b"x", "127.0.0.1:1")


def test_a_file_one_byte_too_large_is_refused_and_not_cut_to_fit(context: None) -> None:
    content = files.pdf()
    with pytest.raises(FileTooLarge):
        receive(FileStorage(io.BytesIO(content + bytes(LARGEST + 1 - len(content))), "bericht.pdf"))

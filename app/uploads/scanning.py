"""Asking a virus scanner (clamd) about a file, where one is set up."""

from __future__ import annotations

import socket
from contextlib import closing

from flask_babel import gettext as _

from app.uploads.refusals import VirusFound

CHUNK = 64 * 1024
PATIENCE = 30.0
"""Seconds to wait for the scanner."""


def scan(content: bytes, address: str) -> None:
    """Ask the clamd at ``address`` (``host:port`` or the path of a socket); empty: nobody is asked.

    ``VirusFound`` if the content is known as harmful, and also if the scanner does not answer: who sets one up wants
    nothing kept that it has not seen.
    """
    if not address:
        return
    try:
        verdict = _ask(content, address)
    except OSError as error:
        raise VirusFound(
            _("Die Datei konnte gerade nicht auf Viren geprüft werden. Es wurde nichts gespeichert. Versuchen Sie es "
              "in einigen Minuten noch einmal.")
        ) from error  # fmt: skip
    if not verdict.endswith("OK"):
        raise VirusFound(
            _("Der Virenscanner hat die Datei beanstandet. Sie wurde nicht gespeichert. Lassen Sie Ihren Rechner "
              "prüfen, bevor Sie sie noch einmal öffnen.")
        )  # fmt: skip


def _ask(content: bytes, address: str) -> str:
    """The scanner's word, by its protocol INSTREAM: lengths and pieces, and a zero at the end."""
    with closing(_connect(address)) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            connection.sendall(len(piece).to_bytes(4, "big") + piece)
        connection.sendall(bytes(4))
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE)
        connection.connect(address)
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), PATIENCE)

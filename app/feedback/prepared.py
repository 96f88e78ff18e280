"""A page rendered and compressed once, with one gap at most: for the token that differs from reader to reader.

The newcomer's page is the same for everybody but for that token. Its parts before and after the gap are compressed
ahead of time; a gzip stream may consist of independently compressed blocks, so that one more block with the token in
plain between them, and the checksum over all three, make a whole (RFC 1951, 1952). Nothing is given away by the
length: the token is random, stands outside of what is compressed, and no session hangs on it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request

GAP = "[[token]]"
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_RAW_DEFLATE = -15


@dataclass(frozen=True)
class PreparedPage:
    """The parts of a page around the gap, as they are and compressed; ``checksum`` is the first part's CRC-32."""

    before: bytes
    after: bytes
    packed_before: bytes
    packed_after: bytes
    checksum: int

    def plain(self, token: str) -> bytes:
        """The page with the token in its gap."""
        return b"".join((self.before, token.encode("ascii"), self.after))

    def packed(self, token: str) -> bytes:
        """The same as gzip."""
        filling = token.encode("ascii")
        size = len(self.before) + len(filling) + len(self.after)
        checksum = zlib.crc32(self.after, zlib.crc32(filling, self.checksum))
        trailer = checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
        return b"".join((_GZIP_HEADER, self.packed_before, _stored(filling), self.packed_after, trailer))


def prepare(html: str) -> PreparedPage:
    """The page ready to be sent often; ``ValueError`` unless it has exactly one gap."""
    before, after = (part.encode() for part in html.split(GAP))
    return PreparedPage(before, after, _deflated(before, False), _deflated(after, True), zlib.crc32(before))


def prepare_whole(html: str) -> PreparedPage:
    """A page that is the same for everybody, ready to be sent often: all of it comes before a gap that stays empty."""
    before = html.encode()
    return PreparedPage(before, b"", _deflated(before, False), _deflated(b"", True), zlib.crc32(before))


def answer(page: PreparedPage, token: str = "") -> Response:
    """The response to this request: compressed if its sender reads gzip."""
    response = Response(body(page)(token), mimetype="text/html")
    if _reads_gzip():
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def body(page: PreparedPage) -> Callable[[str], bytes]:
    """What makes the page with a token, in the form that this request's sender reads."""
    return page.packed if _reads_gzip() else page.plain


def _reads_gzip() -> bool:
    return bool(request.accept_encodings["gzip"])


def _deflated(part: bytes, last: bool) -> bytes:
    """The part as deflate blocks that end on a byte boundary, closing the stream if it is the last."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE, 9)
    return compressor.compress(part) + compressor.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def _stored(part: bytes) -> bytes:
    """A deflate block that holds the part as it is: marker, length, its complement, bytes (RFC 1951, 3.2.4)."""
    length = len(part)
    return b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + part

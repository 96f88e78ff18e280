"""Pages of a release are written once in each process and kept: the release never changes, so neither do they."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import brotli
from flask import Flask, Response, current_app, make_response, request

from app.releases.models import ReleaseRecord
from app.web.language import current_language, requested_tag

EXTENSION = "willkommen-kept-pages"
MOST_PAGES = 400
MOST_CHOICES = 100
MINUTE = 60
BROTLI = "br"


@dataclass(frozen=True)
class Kept:
    """One finished answer, plain and packed with Brotli (empty where packing gains nothing), and its validator."""

    body: bytes
    packed: bytes
    mimetype: str
    etag: str


class Shelf:
    """The pages kept in this process, the least used one leaving first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...], make: Callable[[], Kept]) -> Kept:
        """The page of that key, made if it is not there."""
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._pages[key] = made
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
        return made


def answer(record: ReleaseRecord, make: Callable[[], str | bytes], mimetype: str = "text/html") -> Response:
    """What ``make`` gives for this address and language, kept under the release; 304 for whoever has it already.

    Caches on the way may keep it for a minute: a withdrawn release has to disappear soon.
    """
    kept = _find(record.sha256, lambda: _kept(record.sha256, make(), mimetype))
    packed = bool(kept.packed and request.accept_encodings[BROTLI])
    response = make_response(kept.packed if packed else kept.body)
    response.mimetype = kept.mimetype
    response.set_etag(f"{kept.etag}-{BROTLI}" if packed else kept.etag)
    if packed:
        response.content_encoding = BROTLI
        response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.max_age = MINUTE
    response.make_conditional(request)
    return response


def _find(sha256: str, make: Callable[[], Kept]) -> Kept:
    """From the shelf of pages, or from the one of what readers chose: addresses with more than a language."""
    # Two shelves: whoever makes up addresses pushes out only what others chose, never the pages.
    pages, choices = current_app.extensions[EXTENSION]
    shelf: Shelf = choices if set(request.args) - {"lang"} else pages
    chosen = request.query_string.decode("latin-1") if shelf is choices else ""  # Pages repeat it in their links.
    return shelf.get((sha256, request.path, chosen, current_language().tag, requested_tag() or ""), make)


def _kept(sha256: str, content: str | bytes, mimetype: str) -> Kept:
    body = content.encode() if isinstance(content, str) else content
    packed = brotli.compress(body, quality=6) if mimetype in current_app.config["COMPRESS_MIMETYPES"] else b""
    return Kept(body, packed, mimetype, f"{sha256[:16]}-{hashlib.sha256(body).hexdigest()[:16]}")


def init_app(app: Flask) -> None:
    """Give the application its shelves."""
    app.extensions[EXTENSION] = (Shelf(MOST_PAGES), Shelf(MOST_CHOICES))

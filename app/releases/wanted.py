"""Files of a release for whoever asks: read as they lie there. What is missing is made by the background worker.

Everything is made before or right after a release is published. What is asked for earlier, or was lost, is put in the
queue by itself, and whoever asked is told to come back in a moment: nothing is drawn while somebody waits.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from time import monotonic

from flask import Flask, current_app
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import ServiceUnavailable

from app.database import db
from app.releases import documents, jobs, open_data
from app.releases.documents import SOURCE_LANGUAGE, Audience, Document
from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from app.web.errors import Explained, Explanation

EXTENSION = "willkommen-wanted"
SECONDS = 10
"""So long nobody asks the worker again for the same file, and so long a reader is asked to wait."""
MOST = 1000


class BeingPrepared(ServiceUnavailable, Explained):
    """What was asked for is being made in the background; whoever asks again a little later gets it."""

    template = "web/being_prepared.html"
    explanation = Explanation(
        _("Das wird gerade vorbereitet"),
        _(
            "Was Sie lesen möchten, wird gerade zusammengestellt. Das dauert meist nur wenige Sekunden, höchstens "
            "einige Minuten. Bitte laden Sie die Seite dann neu."
        ),
    )

    def __init__(self) -> None:
        super().__init__(retry_after=SECONDS)


class Asked:
    """What this process asked the worker for a short while ago."""

    def __init__(self) -> None:
        self._when: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = Lock()

    def is_new(self, sha256: str, filename: str) -> bool:
        """Whether nobody asked for that file within the last seconds; from now on somebody has."""
        moment = monotonic()
        with self._lock:
            if moment - self._when.get((sha256, filename), -SECONDS) < SECONDS:
                return False
            self._when[sha256, filename] = moment
            self._when.move_to_end((sha256, filename))
            while len(self._when) > MOST:
                self._when.popitem(last=False)
            return True


def municipal_pdf(
    record: ReleaseRecord, ags: str, audience: Audience = "own", language: str = SOURCE_LANGUAGE
) -> bytes:
    """The report of one municipality; ``NotInRelease`` if that audience may see nothing of it."""
    return document(record, Document(language, ags, audience))


def regional_pdf(record: ReleaseRecord, language: str = SOURCE_LANGUAGE) -> bytes:
    """The public report of the region."""
    return document(record, Document(language))


def district_pdf(record: ReleaseRecord, ags: str, language: str = SOURCE_LANGUAGE) -> bytes:
    """The public report of a district that the release has."""
    return document(record, Document(language, ags, "public", "district"))


def document(record: ReleaseRecord, wanted: Document) -> bytes:
    """The stored document; ``BeingPrepared`` if the worker has to make it first.

    ``NotInRelease`` if its audience may see nothing of the municipality.
    """
    documents.check(release_of(record), wanted)
    return _read(record, wanted.filename, documents.folder_of(record.sha256) / wanted.filename)


def data(record: ReleaseRecord, name: str) -> bytes:
    """One of the files of open data; ``BeingPrepared`` if the worker has to make it first."""
    return _read(record, name, open_data.path_of(record, name))


def ask_for(sha256: str, filename: str) -> None:
    """Have the worker make that file of a release, unless somebody asked for it just now."""
    asked: Asked = current_app.extensions[EXTENSION]
    if asked.is_new(sha256, filename):
        current_app.extensions[jobs.QUEUE].send_file(sha256, filename)


def make(sha256: str, filename: str) -> None:
    """Make and store that file, if it is one of the release's and not there yet: what the worker does when asked."""
    record = db.session.get(ReleaseRecord, sha256)
    if record is None:
        return
    open_data.make(record, filename)
    for found in documents.documents_of(release_of(record)):
        if found.filename == filename:
            documents.read_or_render(record, found)


def _read(record: ReleaseRecord, filename: str, path: Path) -> bytes:
    if not path.is_file():
        ask_for(record.sha256, filename)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BeingPrepared() from None


def init_app(app: Flask) -> None:
    """Give the application its memory of what was asked for."""
    app.extensions[EXTENSION] = Asked()

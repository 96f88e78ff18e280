"""The documents of a release: each is rendered once and then read from a file named by the release's SHA-256."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flask import current_app

from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from config import Settings
from reports.documents import council_docx, council_paper, municipal_report, on_screen, regional_report, render
from scoring.release import Release

log = logging.getLogger(__name__)

Audience = Literal["public", "own"]
SOURCE_LANGUAGE = "de"
SCREEN_LANGUAGES = ("de", "en")
"""Languages in which people read the pages of a release; documents are made in the first, others when asked for."""
PDF = "application/pdf"
PAGE = "application/json"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Kind:
    """One kind of document: of what it is made, who may read it, its file type, the end of its name, how it is made.

    ``languages`` are those in which it is made beforehand for the public.
    """

    subject: Literal["region", "district", "municipality"]
    audiences: tuple[Audience, ...]
    mimetype: str
    ending: str
    make: Callable[[Release, str | None, str, Audience, str], bytes]
    languages: tuple[str, ...] = (SOURCE_LANGUAGE,)


KINDS: dict[str, Kind] = {
    "region": Kind(
        "region",
        ("public",),
        PDF,
        ".pdf",
        lambda release, ags, lang, who, site: regional_report(release, lang, site=site),
    ),
    "district": Kind(
        "district",
        ("public",),
        PDF,
        ".pdf",
        lambda release, ags, lang, who, site: render("district", release, language=lang, ags=ags, site=site),
    ),
    "municipality": Kind(
        "municipality",
        ("public", "own"),
        PDF,
        ".pdf",
        lambda release, ags, lang, who, site: municipal_report(release, ags or "", lang, who, site=site),
    ),
    "council": Kind(
        "municipality",
        ("own",),
        PDF,
        ".pdf",
        lambda release, ags, lang, who, site: council_paper(release, ags or "", lang, who),
    ),
    "council-word": Kind(
        "municipality",
        ("own",),
        DOCX,
        ".docx",
        lambda release, ags, lang, who, site: council_docx(release, ags or "", lang, who),
    ),
    "region-page": Kind(
        "region",
        ("public",),
        PAGE,
        ".json",
        lambda release, ags, lang, who, site: on_screen("region", release, language=lang, site=site),
        SCREEN_LANGUAGES,
    ),
    "municipality-page": Kind(
        "municipality",
        ("public", "own"),
        PAGE,
        ".json",
        lambda release, ags, lang, who, site: on_screen(
            "municipal", release, language=lang, ags=ags, audience=who, site=site
        ),
        SCREEN_LANGUAGES,
    ),
}
"""Every kind of document and who may read it: ``public`` is for everybody, ``own`` for the municipality alone.

What a page says and shows is a document too, read by the page: so nothing is drawn while somebody waits for it.
"""

_NAMED = {"council": "-rat", "council-word": "-rat"}


@dataclass(frozen=True)
class Document:
    """One document of a release: of the region, of a district (``ags`` is its key) or of a municipality."""

    language: str = SOURCE_LANGUAGE
    ags: str | None = None
    audience: Audience = "public"
    kind: str = ""

    @property
    def sort(self) -> Kind:
        """What kind it is; without a name the report of the region or, with a key, of the municipality."""
        return KINDS[self.kind or ("region" if self.ags is None else "municipality")]

    @property
    def filename(self) -> str:
        """Its name in the release's folder."""
        if self.ags is None:
            return f"region-{self.language}{self.sort.ending}"
        who = "kreis" if self.sort.subject == "district" else self.audience
        return f"{self.ags}-{who}{_NAMED.get(self.kind, '')}-{self.language}{self.sort.ending}"

    def render(self, release: Release, site: str) -> bytes:
        """The file; ``NotInRelease`` if that audience may see nothing of the municipality."""
        return self.sort.make(release, self.ags, self.language, self.audience, site)


def documents_of(release: Release) -> Iterator[Document]:
    """Everything that is made before a release is published, in the order of the table.

    What a municipality reads about itself is made in German; in English when its people ask for it.
    """
    keys = {
        ("region", "public"): (None,),
        ("district", "public"): tuple(district.ags for district in release.districts),
        ("municipality", "public"): tuple(sorted(release.public)),
        ("municipality", "own"): tuple(sorted(release.own)),
    }
    for name, kind in KINDS.items():
        for audience in kind.audiences:
            for language in kind.languages if audience == "public" else (SOURCE_LANGUAGE,):
                yield from (Document(language, ags, audience, name) for ags in keys[kind.subject, audience])


def municipal_pdf(
    record: ReleaseRecord, ags: str, audience: Audience = "own", language: str = SOURCE_LANGUAGE
) -> bytes:
    """The report of one municipality; ``NotInRelease`` if that audience may see nothing of it."""
    return read_or_render(record, Document(language, ags, audience))


def regional_pdf(record: ReleaseRecord, language: str = SOURCE_LANGUAGE) -> bytes:
    """The public report of the region."""
    return read_or_render(record, Document(language))


def district_pdf(record: ReleaseRecord, ags: str, language: str = SOURCE_LANGUAGE) -> bytes:
    """The public report of a district; ``DistrictNotInRelease`` for a key that is no district's."""
    return read_or_render(record, Document(language, ags, "public", "district"))


def read_or_render(record: ReleaseRecord, document: Document) -> bytes:
    """The stored file, or a fresh one that is stored for the next reader if there is room for it."""
    path = folder_of(record.sha256) / document.filename
    if path.is_file():
        return path.read_bytes()
    settings: Settings = current_app.config["KOMPASS"]
    content = document.render(release_of(record), settings.address)
    try:
        store(path, content)
    except OSError:  # whoever reads gets the document all the same
        log.exception("%s could not be stored", document.filename)
    return content


def missing(sha256: str, documents: Iterable[Document]) -> list[Document]:
    """Those of the documents that are not rendered yet."""
    folder = folder_of(sha256)
    return [document for document in documents if not (folder / document.filename).is_file()]


def folder_of(sha256: str) -> Path:
    """Where the documents of a release lie."""
    settings: Settings = current_app.config["KOMPASS"]
    return settings.data_dir / "releases" / sha256


def store(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: whoever looks sees the old state or the new one, never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

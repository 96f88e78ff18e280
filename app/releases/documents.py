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
from reports.preview import png
from reports.sheets import sheet_of
from scoring.release import Release

log = logging.getLogger(__name__)

Audience = Literal["public", "own"]
SOURCE_LANGUAGE = "de"
LANGUAGES = (SOURCE_LANGUAGE, "en")
"""Languages in which everything of a release is made: in the first before it is public, in the others after that."""
PDF = "application/pdf"
PNG = "image/png"
PAGE = "application/json"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Kind:
    """One kind of document: of what it is made, who may read it, its file type, the end of its name, how it is made."""

    subject: Literal["region", "district", "municipality"]
    audiences: tuple[Audience, ...]
    mimetype: str
    ending: str
    make: Callable[[Release, str | None, str, Audience, str], bytes]


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
    ),
    "region-picture": Kind(
        "region", ("public",), PNG, ".png", lambda release, ags, lang, who, site: png(release, lang)
    ),
    "municipality-page": Kind(
        "municipality",
        ("public", "own"),
        PAGE,
        ".json",
        lambda release, ags, lang, who, site: on_screen(
            "municipal", release, language=lang, ags=ags, audience=who, site=site
        ),
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


def documents_of(release: Release, languages: Iterable[str] = LANGUAGES) -> Iterator[Document]:
    """Everything that readers of a release may ask for in those languages: one language after the other, by kind."""
    keys = {
        ("region", "public"): (None,),
        ("district", "public"): tuple(district.ags for district in release.districts),
        ("municipality", "public"): tuple(sorted(release.public)),
        ("municipality", "own"): tuple(sorted(release.own)),
    }
    for language in languages:
        for name, kind in KINDS.items():
            for audience in kind.audiences:
                yield from (Document(language, ags, audience, name) for ags in keys[kind.subject, audience])


def check(release: Release, document: Document) -> None:
    """``NotInRelease`` if that audience may see nothing of the document's municipality."""
    if document.sort.subject == "municipality":
        sheet_of(release, document.ags or "", document.audience)


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

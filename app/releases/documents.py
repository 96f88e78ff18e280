"""The PDF documents of a release: each is rendered once and then read from a file named by the release's SHA-256."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flask import current_app

from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from config import Settings
from reports.documents import municipal_report, regional_report
from scoring.release import Release

Audience = Literal["public", "own"]
SOURCE_LANGUAGE = "de"


@dataclass(frozen=True)
class Document:
    """One PDF of a release; without a municipality it is the region's."""

    language: str = SOURCE_LANGUAGE
    ags: str | None = None
    audience: Audience = "public"

    @property
    def filename(self) -> str:
        """Its name in the release's folder."""
        if self.ags is None:
            return f"region-{self.language}.pdf"
        return f"{self.ags}-{self.audience}-{self.language}.pdf"

    def render(self, release: Release, site: str) -> bytes:
        """The PDF; ``NotInRelease`` if that audience may see nothing of the municipality."""
        if self.ags is None:
            return regional_report(release, self.language, site=site)
        return municipal_report(release, self.ags, self.language, self.audience, site=site)


def documents_of(release: Release, language: str = SOURCE_LANGUAGE) -> Iterator[Document]:
    """Everything that is rendered when a release is published: the region, what is public, every own view."""
    yield Document(language)
    yield from (Document(language, ags, "public") for ags in sorted(release.public))
    yield from (Document(language, ags, "own") for ags in sorted(release.own))


def municipal_pdf(
    record: ReleaseRecord, ags: str, audience: Audience = "own", language: str = SOURCE_LANGUAGE
) -> bytes:
    """The report of one municipality; ``NotInRelease`` if that audience may see nothing of it."""
    return read_or_render(record, Document(language, ags, audience))


def regional_pdf(record: ReleaseRecord, language: str = SOURCE_LANGUAGE) -> bytes:
    """The public report of the region."""
    return read_or_render(record, Document(language))


def read_or_render(record: ReleaseRecord, document: Document) -> bytes:
    """The stored file, or a fresh one that is stored for the next reader."""
    path = folder_of(record.sha256) / document.filename
    if path.is_file():
        return path.read_bytes()
    settings: Settings = current_app.config["KOMPASS"]
    pdf = document.render(release_of(record), settings.address)
    store(path, pdf)
    return pdf


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

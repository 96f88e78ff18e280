"""Reports are made once per session and read by many tests; making them is what takes the time."""

from __future__ import annotations

import io
from functools import cache

import pikepdf
import pypdf
import pytest

from reports.documents import council_docx, council_paper, district_report, municipal_report, regional_report
from scoring.release import Release
from tests.reports import sample


class Documents:
    """The sample's documents, made when first asked for."""

    def __init__(self) -> None:
        self.release: Release = sample.release()

    @cache  # noqa: B019 (one object for the whole session)
    def pdf(self, ags: str | None, language: str = "de") -> bytes:
        if ags is None:
            return regional_report(self.release, language)
        return municipal_report(self.release, ags, language)

    @cache  # noqa: B019
    def council(self, ags: str, language: str = "de") -> bytes:
        return council_paper(self.release, ags, language)

    @cache  # noqa: B019
    def word(self, ags: str, language: str = "de") -> bytes:
        return council_docx(self.release, ags, language)

    @cache  # noqa: B019
    def district(self, ags: str, language: str = "de") -> bytes:
        return district_report(self.release, ags, language)

    @cache  # noqa: B019
    def pages(self, ags: str | None, language: str = "de") -> list[str]:
        return pages_of(self.pdf(ags, language))

    def text(self, ags: str | None, language: str = "de") -> str:
        return "\n".join(self.pages(ags, language))

    def open(self, ags: str | None) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.pdf(ags)))


def pages_of(pdf: bytes) -> list[str]:
    """The text of every page with all white space as single spaces."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture(scope="session")
def documents() -> Documents:
    return Documents()

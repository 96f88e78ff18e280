"""What a table has that refers to kept files: a row for each, with the file's SHA-256."""

from __future__ import annotations

from typing import Self

from flask import Response
from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.database import db
from app.uploads.handing_out import download_or_explain
from app.uploads.receiving import Kept


def whole_hash() -> CheckConstraint:
    """The rule that such a table has, one of its own for each."""
    return CheckConstraint("length(sha256) = 64", name="sha256_length")


class KeptFile:
    """Columns of a file that somebody attached to something; the table adds to what, and ``whole_hash``."""

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(160))

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """A row for what was just received."""
        return cls(sha256=kept.sha256, size=kept.size, media_type=kept.media_type, file_name=kept.name)  # type: ignore[call-arg]

    @classmethod
    def in_use(cls) -> set[str]:
        """The SHA-256 of every file that a row refers to."""
        return set(db.session.scalars(select(cls.sha256).distinct()))

    def again(self) -> Self:
        """Another row for the same file."""
        return type(self).of(Kept(self.sha256, self.size, self.media_type, self.file_name))

    def handed_out(self) -> Response:
        """The file as a download, or a page that says why not."""
        return download_or_explain(self.sha256, self.file_name, self.media_type)

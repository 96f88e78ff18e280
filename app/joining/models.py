"""The agency's own template for draft council papers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, UtcDateTime, now

LARGEST = 2 * 1024 * 1024


class PaperTemplate(Model):
    """A DOCX that was checked. Papers are made from the one ``in_use``, or from ours if none is."""

    __tablename__ = "paper_template"
    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="has_a_name"),
        CheckConstraint(f"length(content) BETWEEN 1 AND {LARGEST}", name="content_length"),
        Index(
            "uq_paper_template_one_in_use",
            "in_use",
            unique=True,
            sqlite_where=text("in_use"),
            postgresql_where=text("in_use"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    in_use: Mapped[bool] = mapped_column(default=False)
    uploaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

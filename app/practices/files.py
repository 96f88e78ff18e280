"""Which kept files some practice refers to."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db
from app.practices.models import Attachment


def files_in_use() -> set[str]:
    """The SHA-256 of every file of every version."""
    return set(db.session.scalars(select(Attachment.sha256).distinct()))

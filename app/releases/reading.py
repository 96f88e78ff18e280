"""Which releases there are, and the document of one; parsed once in each process, because it never changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database import db
from app.releases.models import ReleaseRecord
from app.rounds.models import Round
from scoring.release import Release

SHORTEST_PREFIX = 6


class ReleaseNotFound(LookupError):
    """No release, or more than one, begins with those characters; the message says in German what to do."""


def release_of(record: ReleaseRecord) -> Release:
    """The document of a release."""
    return _parsed(record.sha256)


def published_release() -> tuple[ReleaseRecord, Release] | None:
    """What the public sees: the release published last, over all rounds; ``None`` while there is none."""
    record = published_record()
    return None if record is None else (record, release_of(record))


def published_record() -> ReleaseRecord | None:
    """The same without its document: one statement."""
    return db.session.scalar(
        select(ReleaseRecord)
        .where(ReleaseRecord.state == "published")
        .order_by(ReleaseRecord.published_at.desc(), ReleaseRecord.sha256)
        .limit(1)
    )


def current_release(round_: Round) -> ReleaseRecord | None:
    """The published release of a round; ``None`` if it has none."""
    return db.session.scalar(
        select(ReleaseRecord).where(ReleaseRecord.round_id == round_.id, ReleaseRecord.state == "published")
    )


def releases_of(round_: Round) -> Sequence[ReleaseRecord]:
    """Every release of a round, the newest first."""
    return db.session.scalars(
        select(ReleaseRecord)
        .where(ReleaseRecord.round_id == round_.id)
        .order_by(ReleaseRecord.built_at.desc(), ReleaseRecord.sha256)
    ).all()


def once_published(round_: Round) -> Sequence[ReleaseRecord]:
    """Every release of a round that people have seen, whether it is still shown or not; the first shown first."""
    return db.session.scalars(
        select(ReleaseRecord)
        .where(ReleaseRecord.round_id == round_.id, ReleaseRecord.published_at.is_not(None))
        .order_by(ReleaseRecord.published_at, ReleaseRecord.sha256)
    ).all()


def all_releases() -> Sequence[ReleaseRecord]:
    """Every release, the newest first."""
    return db.session.scalars(select(ReleaseRecord).order_by(ReleaseRecord.built_at.desc(), ReleaseRecord.sha256)).all()


def public_history() -> Sequence[ReleaseRecord]:
    """Every release that is or was public, with its round, the newest first."""
    return db.session.scalars(
        select(ReleaseRecord)
        .where(ReleaseRecord.state != "preview")
        .options(joinedload(ReleaseRecord.round))
        .order_by(ReleaseRecord.published_at.desc(), ReleaseRecord.sha256)
    ).all()


def release_by_prefix(text: str) -> ReleaseRecord:
    """The one release whose SHA-256 begins with ``text``; ``ReleaseNotFound`` if there is none or more than one."""
    prefix = text.strip().lower()
    if len(prefix) < SHORTEST_PREFIX or set(prefix) - set("0123456789abcdef"):
        raise ReleaseNotFound(
            f"»{text}« ist kein Kennzeichen eines Auswertungsstands. Geben Sie mindestens {SHORTEST_PREFIX} Zeichen "
            "seiner SHA-256 an; »flask release list« zeigt alle."
        )
    found = db.session.scalars(
        select(ReleaseRecord).where(ReleaseRecord.sha256.startswith(prefix, autoescape=True)).limit(2)
    ).all()
    if len(found) == 1:
        return found[0]
    missing = (
        "Mit diesem Anfang gibt es mehrere Auswertungsstände" if found else "Es gibt keinen solchen Auswertungsstand"
    )
    raise ReleaseNotFound(f"»{text}«: {missing}. »flask release list« zeigt alle mit ihrer SHA-256.")


@lru_cache(maxsize=4)
def _parsed(sha256: str) -> Release:
    return Release.from_json(document_of(sha256))


def document_of(sha256: str) -> str:
    """The stored text of a release, exactly as it was written."""
    return db.session.scalars(select(ReleaseRecord.document).where(ReleaseRecord.sha256 == sha256)).one()

"""What releases do in the background, and how it is started."""

from __future__ import annotations

import os
from collections.abc import Sequence

from flask import current_app

from app.database import db, now
from app.releases import jobs, open_data
from app.releases.building import build, check_closed
from app.releases.documents import LANGUAGES, SOURCE_LANGUAGE, documents_of, folder_of, missing
from app.releases.jobs import Progress
from app.releases.models import Job, ReleaseRecord
from app.releases.publishing import check_publishable, publish
from app.releases.reading import document_of, release_of
from app.releases.rendering import render_all
from app.rounds.lifecycle import round_by_key
from app.rounds.models import Round
from config import Settings
from scoring.release import Release

BUILD = "release-build"
RENDER = "release-render"
PUBLISH = "release-publish"
PROCESSES = 2


def start_build(round_: Round) -> Job:
    """Build a release of the round in the background; ``RoundNotClosed`` if it still collects. Commits."""
    check_closed(round_)
    return jobs.start(BUILD, round_.key)


def start_rendering(record: ReleaseRecord) -> Job:
    """Make what readers may ask for and is not there yet, in every language, in the background. Commits."""
    return jobs.start(RENDER, record.sha256)


def start_publication(record: ReleaseRecord) -> Job:
    """Make all that readers of a release may ask for in German, then publish it, then the rest. Commits.

    Until all of the German is there, nothing of the release is public. ``StepRefused`` if it may not be published.
    """
    check_publishable(record)
    return jobs.start(PUBLISH, record.sha256)


def _build(key: str, progress: Progress) -> str:
    """Read, score and store a round; the message is the SHA-256 of its release."""
    progress(0, 1)
    round_ = round_by_key(key)
    if round_ is None:
        raise LookupError(f"Die Runde »{key}« gibt es nicht mehr.")
    name = build(round_).sha256
    progress(1, 1)
    return name


def _render(sha256: str, progress: Progress) -> str:
    """Render what is missing in any language, behind whatever else runs; the message says how many there are."""
    return f"{_documents(sha256, progress, LANGUAGES, gently=True)} Dokumente"


def _publish(sha256: str, progress: Progress) -> str:
    """Render what is missing in German, write the open data, show the release, have the other languages made."""
    record = db.session.get_one(ReleaseRecord, sha256)
    more = len(open_data.files_of(release_of(record))) + 1
    number = _documents(sha256, progress, (SOURCE_LANGUAGE,), more=more)
    record = db.session.get_one(ReleaseRecord, sha256)
    if record.state != "published":  # Else only the note that it is done was lost.
        moment, done = now(), number
        for _name in open_data.prepare(record, moment):
            done += 1
            progress(done, number + more)
        db.session.rollback()
        publish(db.session.get_one(ReleaseRecord, sha256), moment)
    start_rendering(db.session.get_one(ReleaseRecord, sha256))
    return f"{number} Dokumente"


def _documents(
    sha256: str, progress: Progress, languages: Sequence[str], *, more: int = 0, gently: bool = False
) -> int:
    """Render what is missing, with ``more`` steps to follow; how many documents there are in those languages."""
    text = document_of(sha256)
    db.session.rollback()
    documents = list(documents_of(Release.from_json(text), languages))
    todo = missing(sha256, documents)
    done, steps = len(documents) - len(todo), len(documents) + more
    progress(done, steps)
    settings: Settings = current_app.config["KOMPASS"]
    folder = folder_of(sha256)
    for _document in render_all(text, todo, folder, settings.address, _processes(settings), gently=gently):
        done += 1
        progress(done, steps)
    return len(documents)


def _processes(settings: Settings) -> int:
    return 1 if settings.environment == "test" else min(PROCESSES, os.cpu_count() or 1)


jobs.kinds.update({BUILD: _build, RENDER: _render, PUBLISH: _publish})

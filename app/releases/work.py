"""What releases do in the background, and how it is started."""

from __future__ import annotations

import os

from flask import current_app

from app.database import db
from app.releases import jobs
from app.releases.building import build, check_closed
from app.releases.documents import documents_of, folder_of, missing
from app.releases.jobs import Progress
from app.releases.models import Job, ReleaseRecord
from app.releases.reading import document_of
from app.releases.rendering import render_all
from app.rounds.lifecycle import round_by_key
from app.rounds.models import Round
from config import Settings
from scoring.release import Release

BUILD = "release-build"
RENDER = "release-render"
PROCESSES = 2


def start_build(round_: Round) -> Job:
    """Build a release of the round in the background; ``RoundNotClosed`` if it still collects. Commits."""
    check_closed(round_)
    return jobs.start(BUILD, round_.key)


def start_rendering(record: ReleaseRecord) -> Job:
    """Render all documents of a release in the background. Commits."""
    return jobs.start(RENDER, record.sha256)


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
    """Render what is missing; the message says how many documents there are."""
    text = document_of(sha256)
    db.session.rollback()
    documents = list(documents_of(Release.from_json(text)))
    todo = missing(sha256, documents)
    done = len(documents) - len(todo)
    progress(done, len(documents))
    settings: Settings = current_app.config["KOMPASS"]
    for _document in render_all(text, todo, folder_of(sha256), settings.address, _processes(settings)):
        done += 1
        progress(done, len(documents))
    return f"{len(documents)} Dokumente"


def _processes(settings: Settings) -> int:
    return 1 if settings.environment == "test" else min(PROCESSES, os.cpu_count() or 1)


jobs.kinds.update({BUILD: _build, RENDER: _render})

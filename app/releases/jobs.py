"""Background work: building a release and rendering its documents, each with progress, each safe to start again."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from app.database import db, now
from app.releases.models import Job

QUEUE = "willkommen-queue"
"""Where the application keeps its queue (``app.releases.queue``)."""
LIMIT = 1000
SILENCE = dt.timedelta(seconds=90)
"""A job that gave no sign of life for so long was interrupted: its steps take seconds."""

Work = Callable[[str, "Progress"], str]

kinds: dict[str, Work] = {}
"""What can be done in the background: a function of the subject that reports its progress and returns a message."""

log = logging.getLogger(__name__)


class JobNotRestartable(ValueError):
    """A job was to be started again that is done or still running; the message says so in German."""


class Progress:
    """Tells the table of jobs how far one of them has come, at once and apart from what the work itself stores."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total`` steps are behind us."""
        _set(self._job_id, done=done, total=total)


def start(kind: str, subject: str) -> Job:
    """Queue a piece of work and commit; the one that is already under way if there is one."""
    found = db.session.scalar(
        select(Job).where(Job.kind == kind, Job.subject == subject, Job.state.in_(("waiting", "running")))
    )
    if found is not None:
        return found
    job = Job(id=str(uuid.uuid4()), kind=kind, subject=subject)
    db.session.add(job)
    _commit_and_send(job)
    return job


def restart(job: Job) -> None:
    """Start a failed or interrupted job again; finished steps are not repeated. Commits."""
    if not restartable(job):
        raise JobNotRestartable(_("Diese Aufgabe läuft noch oder ist fertig. Sie muss nicht neu gestartet werden."))
    job.state, job.message, job.finished_at, job.updated_at = "waiting", "", None, now()
    _commit_and_send(job)


def restartable(job: Job) -> bool:
    """Whether the job failed, or was interrupted so long ago that it will not go on by itself."""
    return job.state == "failed" or (job.state != "done" and job.updated_at < now() - SILENCE)


def latest_job(kind: str, subject: str) -> Job | None:
    """The newest job of that kind on that subject."""
    return db.session.scalar(
        select(Job).where(Job.kind == kind, Job.subject == subject).order_by(Job.created_at.desc(), Job.id).limit(1)
    )


def do(job_id: str) -> None:
    """Do a waiting job; nothing if somebody else has taken it. Failures end in the table, in words."""
    if not _claim(job_id):
        return
    job = db.session.get_one(Job, job_id)
    kind, subject = job.kind, job.subject
    db.session.rollback()
    try:
        message = kinds[kind](subject, Progress(job_id))
    except Exception as error:
        log.exception("Job %s (%s) failed", job_id, kind)
        db.session.rollback()
        _set(job_id, state="failed", message=(str(error) or type(error).__name__)[:LIMIT], finished_at=now())
        return
    db.session.rollback()
    _set(job_id, state="done", message=message[:LIMIT], finished_at=now(), done=Job.total)


def recover() -> None:
    """Queue what a worker left behind when it was stopped in the middle."""
    silent = select(Job).where(Job.state.in_(("waiting", "running")), Job.updated_at < now() - SILENCE)
    for job in db.session.scalars(silent).all():
        job.state, job.updated_at = "waiting", now()
        _commit_and_send(job)


def _commit_and_send(job: Job) -> None:
    """Hand a job over with no transaction open: whoever does it must find it, and be able to write."""
    job_id = job.id
    db.session.commit()
    current_app.extensions[QUEUE].send(job_id)
    db.session.refresh(job)


def _claim(job_id: str) -> bool:
    taken = update(Job).where(Job.id == job_id, Job.state == "waiting").values(state="running", updated_at=now())
    rows = db.session.execute(taken).rowcount  # type: ignore[attr-defined]
    db.session.commit()
    return bool(rows)


def _set(job_id: str, **values: object) -> None:
    """Write in a transaction of its own; the work may have one open that is not finished."""
    with db.engine.begin() as connection:
        connection.execute(update(Job).where(Job.id == job_id).values(updated_at=now(), **values))

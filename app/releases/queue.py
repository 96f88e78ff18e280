"""The queue for background work: Huey on SQLite in the data folder, or on PostgreSQL with workers on any machine.

A message in the queue is nothing but the id of a row in the table of jobs; what is to be done, how far it has come and
why it failed stand there.
"""

from __future__ import annotations

from contextvars import Context
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from huey import Huey, PostgresHuey, SqliteHuey, crontab

from app.assessment import links
from app.feedback.order import empty_journal
from app.outbox import putting, sending
from app.releases import jobs, wanted
from config import Settings

NAME = "willkommenskompass"
DAILY = "willkommen-daily"
"""Where the application keeps what the worker does once a night."""


class Queue:
    """Huey with our one task, bound to an application. Nothing is opened before it is first used."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._huey: Huey | None = None

    @property
    def huey(self) -> Huey:
        """The queue itself."""
        if self._huey is None:
            self._huey = _huey(self._app.config["KOMPASS"])
            self._register(self._huey)
        return self._huey

    def send(self, job_id: str) -> None:
        """Let a worker do the job; in tests it is done at once."""
        self.huey  # noqa: B018 - the first use registers the task
        self._work(job_id)

    def send_file(self, sha256: str, filename: str) -> None:
        """Let a worker make a file that somebody waits for; in tests it is done at once."""
        self.huey  # noqa: B018 - the first use registers the task
        self._file(sha256, filename)

    def send_mails(self) -> None:
        """Let a worker look into the outbox now; in tests it is done at once."""
        self.huey  # noqa: B018 - the first use registers the task
        self._mail()

    def work(self, workers: int) -> None:
        """Work off the queue until told to stop by SIGINT or SIGTERM."""
        with self._app.app_context():
            jobs.recover()
        # Threads, because the work itself happens in processes of its own and a thread can start those.
        self.huey.create_consumer(workers=workers, worker_type="thread", max_delay=2.0).run()

    def _register(self, huey: Huey) -> None:
        self._work: Any = huey.task(name="work")(self._do)
        self._file: Any = huey.task(name="file")(self._make)
        self._mail: Any = huey.task(name="mail")(self._send_mails)
        huey.periodic_task(crontab(minute="*"), name="recover")(self._recover)
        huey.periodic_task(crontab(minute="17", hour="3", day_of_week="1"), name="links")(self._check_links)
        huey.periodic_task(crontab(minute="*"), name="mail-due")(self._send_mails)
        huey.periodic_task(crontab(hour="3", minute="17"), name="nightly")(self.nightly)

    def _make(self, sha256: str, filename: str) -> None:
        Context().run(self._make_alone, sha256, filename)

    def _make_alone(self, sha256: str, filename: str) -> None:
        with self._app.app_context():
            wanted.make(sha256, filename)

    def _do(self, job_id: str) -> None:
        # A context of its own: where the work is done at once, it must not believe to be the request that asked for it.
        Context().run(self._do_alone, job_id)

    def _do_alone(self, job_id: str) -> None:
        with self._app.app_context():
            jobs.do(job_id)

    def nightly(self) -> None:
        """Do what is due once a night."""
        for work in self._app.extensions.get(DAILY, []):
            with self._app.app_context():
                work()

    def _send_mails(self) -> None:
        Context().run(self._send_mails_alone)

    def _send_mails_alone(self) -> None:
        with self._app.app_context():
            sending.send_waiting()

    def _check_links(self) -> None:
        with self._app.app_context():
            links.check_all()

    def _recover(self) -> None:
        with self._app.app_context():
            jobs.recover()
            empty_journal()


def queue() -> Queue:
    """The queue of the running application."""
    found: Queue = current_app.extensions[jobs.QUEUE]
    return found


def _huey(settings: Settings) -> Huey:
    if settings.environment == "test":
        return SqliteHuey(NAME, immediate=True)
    address = settings.queue_url or (settings.database if settings.database.startswith("postgresql") else "")
    if address.startswith("postgresql"):
        return PostgresHuey(NAME, dsn=_plain(address), results=False)
    path = sa.make_url(address).database if address else settings.data_dir / "queue.sqlite3"
    return SqliteHuey(NAME, filename=str(path), fsync=True, results=False)


def _plain(address: str) -> str:
    """The address as the database's own library reads it, without the name of a driver."""
    return sa.make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def init_app(app: Flask) -> None:
    """Give the application its queue."""
    app.extensions[jobs.QUEUE] = found = Queue(app)
    wanted.init_app(app)
    app.extensions[putting.WAKE] = found.send_mails

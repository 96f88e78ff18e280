"""A mail leaves once, after the commit, whatever a mail server does meanwhile."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, now
from app.outbox import put, putting, sending
from app.outbox.mail_folder import EmailBackend
from app.outbox.models import OutgoingMail
from config import Settings

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], list[str]]:
    """A mail server that takes everything, or answers with an error; gives whom it was asked to reach."""
    asked: list[str] = []

    def answer(error: Exception | None) -> list[str]:
        def send(_self: EmailBackend, messages: list) -> int:
            asked.extend(message.to[0] for message in messages)
            if error is not None:
                raise error
            return len(messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send)
        return asked

    return answer


@pytest.fixture
def asleep(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker wakes up by itself."""
    monkeypatch.setitem(app.extensions, putting.WAKE, None)


def put_one(key: str = "k", to: str = "neu@example.org") -> bool:
    done = put(key, to, "Betreff\nin zwei Zeilen", "Ein Link: https://example.org/geheim", 7)
    db.session.commit()
    return done


def the_mail() -> OutgoingMail:
    db.session.rollback()
    return db.session.scalars(select(OutgoingMail)).one()


def later(mail: OutgoingMail) -> None:
    mail.next_try_at = now() - HOUR
    db.session.commit()


def test_a_mail_leaves_after_the_commit_and_its_text_is_forgotten(app: Flask, settings: Settings) -> None:
    with app.app_context():
        put_one()
        mail = the_mail()
        assert (mail.state, mail.body, mail.attempts, mail.subject) == ("sent", "", 1, "Betreff in zwei Zeilen")
    (file,) = (settings.data_dir / "mail").glob("*.eml")
    assert "https://example.org/geheim" in file.read_text("utf-8")


def test_what_is_rolled_back_is_never_sent(app: Flask, server) -> None:
    asked = server(None)
    with app.app_context():
        put("k", "neu@example.org", "Betreff", "Text")
        db.session.rollback()
        put_one("andere", "andere@example.org")
    assert asked == ["andere@example.org"]


def test_nothing_is_told_twice(app: Flask, server) -> None:
    asked = server(None)
    with app.app_context():
        assert put_one()
        assert not put_one()
    assert len(asked) == 1


def test_a_server_that_is_down_changes_only_the_time(app: Flask, server) -> None:
    asked = server(ConnectionRefusedError("mail.internal:587"))
    with app.app_context():
        put_one()
        mail = the_mail()
        assert (mail.state, mail.problem, mail.attempts) == ("waiting", sending.UNREACHABLE, 1)
        assert sending.send_waiting() == 0
        assert len(asked) == 1
        server(None)
        later(the_mail())
        assert sending.send_waiting() == 1
        assert sending.send_waiting() == 0
    assert len(asked) == 2


def test_the_pause_doubles_up_to_six_hours(app: Flask, server) -> None:
    server(smtplib.SMTPServerDisconnected())
    pauses = []
    with app.app_context():
        put_one()
        for _ in range(12):
            mail = the_mail()
            pauses.append(round((mail.next_try_at - now()).total_seconds() / 60))
            later(mail)
            sending.send_waiting()
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses[-1] == 360


def test_an_address_that_is_refused_for_good_is_not_tried_again(app: Flask, server) -> None:
    server(smtplib.SMTPRecipientsRefused({"neu@example.org": (550, b"no such user")}))
    with app.app_context():
        put_one()
        assert (the_mail().state, the_mail().problem) == ("failed", sending.REFUSED)


def test_an_address_that_is_refused_for_now_is_tried_again(app: Flask, server) -> None:
    server(smtplib.SMTPRecipientsRefused({"neu@example.org": (450, b"greylisted")}))
    with app.app_context():
        put_one()
        assert (the_mail().state, the_mail().problem) == ("waiting", sending.UNREACHABLE)


def test_after_five_days_somebody_has_to_look(app: Flask, server) -> None:
    server(OSError())
    with app.app_context():
        put_one()
        mail = the_mail()
        mail.created_at = now() - sending.PATIENCE - HOUR
        later(mail)
        sending.send_waiting()
        assert (the_mail().state, the_mail().problem) == ("failed", sending.GIVEN_UP)


def test_two_workers_send_a_mail_once(app: Flask, server, asleep) -> None:
    asked = server(None)
    with app.app_context():
        put_one()
        number = the_mail().id
        assert sending._claim(number)
        assert not sending._claim(number)
        assert sending.send_waiting() == 0
    assert asked == []


def test_what_was_interrupted_is_not_sent_again_by_itself(app: Flask, server, asleep) -> None:
    asked = server(None)
    with app.app_context():
        put_one()
        mail = the_mail()
        mail.state, mail.next_try_at = "sending", now() - sending.SILENCE - HOUR
        db.session.commit()
        sending.send_waiting()
        mail = the_mail()
        assert (mail.state, mail.problem) == ("failed", sending.INTERRUPTED)
        assert asked == []
        sending.try_again(mail)
        db.session.commit()
        assert sending.send_waiting() == 1


def test_a_mail_taken_back_never_leaves(app: Flask, server, asleep) -> None:
    asked = server(None)
    with app.app_context():
        put_one()
        putting.take_back("k")
        db.session.commit()
        assert sending.send_waiting() == 0
    assert asked == []


def test_a_worker_that_cannot_be_woken_harms_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("queue is gone")

    monkeypatch.setitem(app.extensions, putting.WAKE, broken)
    with app.app_context():
        assert put_one()
        assert the_mail().state == "waiting"


def test_every_problem_is_explained() -> None:
    assert all(str(sentence).endswith(".") for sentence in sending.PROBLEMS.values())

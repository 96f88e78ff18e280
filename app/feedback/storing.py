"""Storing one response: a single transaction that asks once more whether the round still takes answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Flask, current_app

from app.feedback.together import Line
from app.feedback.tokens import FormToken
from app.feedback.writing import Outcome, Writing, write
from app.rounds.lifecycle import today
from questionnaires.answers import Submission

EXTENSION = "willkommen-storing"


class NoLongerCollecting(Exception):
    """The round was closed, or the municipality taken out of it, while the form was being filled in."""


def store(
    token: FormToken,
    submission: Submission,
    language: str,
    doubt: str = "",
    comment_ids: Sequence[str] | None = None,
) -> bool:
    """Store the response and its free texts, all or nothing; True if it is new, False if it was there already.

    ``comment_ids`` are the keys of the texts for whoever wants to take a paper sheet back; random by default.

    An access code is marked used in the same transaction. Raises ``NoLongerCollecting`` if the round does not take
    this municipality's answers (any more), ``CodeNotFitting`` if somebody else used the code; then nothing is stored.
    """
    key = {"round_id": token.round_id, "municipality_ags": token.municipality_ags}
    response = {
        **key,
        "id": token.response_id,
        "day": today(),
        "language": language,
        "channel": token.channel,
        "ratings": submission.ratings,
        "profile": submission.profile,
        "state": "held" if doubt else "counted",
        "doubt": doubt,
        "issued_at": token.issued_at,
        "issued_on": token.issued_on,
    }
    texts = [
        {**key, "id": id, "question": comment.question, "text": comment.text, "doubtful": bool(doubt)}
        for id, comment in zip(comment_ids or _random_keys(submission), submission.comments, strict=True)
    ]
    line: Line[Writing, Outcome] = current_app.extensions[EXTENSION]
    outcome = line.store(Writing(response, texts, token.code))
    if outcome == "refused":
        raise NoLongerCollecting
    return outcome == "new"


def _random_keys(submission: Submission) -> list[str]:
    """Each text gets a random key of its own: which response it came with is recorded nowhere."""
    return [str(uuid.uuid4()) for _ in submission.comments]


def init_app(app: Flask) -> None:
    """Give the application the line in which responses wait to be written."""
    app.extensions[EXTENSION] = Line(write)

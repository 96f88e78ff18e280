"""Signing off a self-assessment, and giving it back to the municipality."""

from __future__ import annotations

import hashlib

from flask_babel import gettext as _

from app.accounts.models import User
from app.assessment.answering import check_open
from app.assessment.models import Assessment
from app.assessment.workspace import Workspace
from app.database import db, now
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Round

LONGEST_REASON = 500


class NothingAnswered(StepRefused):
    """There is nothing to hand in yet."""


class ChangedMeanwhile(StepRefused):
    """Answers were saved since the approver looked at them."""


class ReopeningRefused(StepRefused):
    """A self-assessment cannot be given back now, or not without a reason."""


def fingerprint(workspace: Workspace) -> str:
    """Stands for every answer and all evidence as they are: the approver signs what they saw, no more."""
    versions = sorted((row.criterion, row.version) for row in workspace.rows.values())
    evidence = sorted(piece.id for pieces in workspace.evidence.values() for piece in pieces)
    return hashlib.sha256(repr((versions, evidence)).encode()).hexdigest()[:16]


def hand_in(workspace: Workspace, user: User, consented: bool, seen: str) -> None:
    """Sign off the self-assessment. Call ``workspace.lock`` before the workspace is loaded.

    ``consented``: results may be shown publicly by name. ``seen`` is the ``fingerprint`` of what the approver had
    before them. Raises ``RoundNotOpen``, ``AlreadyHandedIn``, ``NothingAnswered``, ``ChangedMeanwhile``.
    """
    check_open(workspace)
    if workspace.assessment is None or not workspace.total.answered:
        raise NothingAnswered(_("Es ist noch kein Kriterium beantwortet. Abgeben können Sie, sobald etwas vorliegt."))
    if seen != fingerprint(workspace):
        raise ChangedMeanwhile(
            _("Seit Sie diese Seite geöffnet haben, wurden Antworten geändert. Bitte sehen Sie sich den Stand noch "
              "einmal an und geben Sie dann ab.")
        )  # fmt: skip
    assessment, signer = workspace.assessment, user.id  # Read first: reading may write what is half done.
    assessment.state, assessment.consented = "handed_in", consented
    assessment.handed_in_at, assessment.handed_in_by_id = now(), signer


def reopen(assessment: Assessment, reason: str) -> None:
    """Give a handed-in self-assessment back, with a reason that the municipality reads; the consent ends with it.

    Raises ``ReopeningRefused``, in German, if it was not handed in, the round is closed, or the reason is missing or
    longer than 500 characters.
    """
    text = reason.strip()
    if assessment.state != "handed_in":
        raise ReopeningRefused(_("Diese Selbsteinschätzung ist nicht abgegeben, die Kommune kann sie noch ändern."))
    if db.session.get_one(Round, assessment.round_id).state != "open":
        raise ReopeningRefused(
            _("Die Erhebungsrunde ist geschlossen. Öffnen Sie zuerst die Runde wieder, dann die Selbsteinschätzung.")
        )
    if not text or len(text) > LONGEST_REASON or "\0" in text:
        raise ReopeningRefused(
            _("Nennen Sie der Kommune den Grund in höchstens %(number)s Zeichen.", number=LONGEST_REASON)
        )
    assessment.state, assessment.consented = "open", False
    assessment.handed_in_at = assessment.handed_in_by_id = None
    assessment.reopened_at, assessment.reopened_reason = now(), text

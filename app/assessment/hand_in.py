"""Signing off a self-assessment, and giving it back to the municipality."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.models import User
from app.assessment.answering import check_open
from app.assessment.models import Assessment, Evidence, HandIn
from app.assessment.workspace import Workspace
from app.audit import Subject, record
from app.database import db, now
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Round
from questionnaires.handed_in import HandedAnswer, HandedEvidence, HandedIn

LONGEST_REASON = 500


class NothingAnswered(StepRefused):
    """There is nothing to hand in yet."""


class ChangedMeanwhile(StepRefused):
    """Answers were saved since the approver looked at them."""


class ReopeningRefused(StepRefused):
    """A self-assessment cannot be given back now, or not without a reason."""


@dataclass(frozen=True)
class Signature:
    """Who signs: the name and the function that stand on the record."""

    name: str
    function: str


def fingerprint(workspace: Workspace) -> str:
    """Stands for every answer and all evidence as they are: the approver signs what they saw, no more."""
    versions = sorted((row.criterion, row.version) for row in workspace.rows.values())
    evidence = sorted(piece.id for pieces in workspace.evidence.values() for piece in pieces)
    return hashlib.sha256(repr((versions, evidence)).encode()).hexdigest()[:16]


def hand_in(workspace: Workspace, user: User, signature: Signature, consented: bool, seen: str) -> HandIn:
    """Sign off the self-assessment, or what of it the agency had sent back; gives the record of what was signed.

    Call ``workspace.lock`` before the workspace is loaded. ``consented``: results may be shown publicly by name.
    ``seen`` is the ``fingerprint`` of what the approver had before them. Raises ``RoundNotOpen``,
    ``AlreadyHandedIn``, ``NothingAnswered``, ``ChangedMeanwhile``.
    """
    if not workspace.may_hand_in:
        check_open(workspace)
    if workspace.assessment is None or not workspace.total.answered:
        raise NothingAnswered(_("Es ist noch kein Kriterium beantwortet. Abgeben können Sie, sobald etwas vorliegt."))
    if seen != fingerprint(workspace):
        raise ChangedMeanwhile(
            _("Seit Sie diese Seite geöffnet haben, wurden Antworten geändert. Bitte sehen Sie sich den Stand noch "
              "einmal an und geben Sie dann ab.")
        )  # fmt: skip
    assessment, signer = workspace.assessment, user.id  # Read first: reading may write what is half done.
    moment = now()
    row = _record_of(workspace, assessment, signature, consented, moment)
    row.signed_by_id = signer
    for criterion in workspace.all_returned:
        db.session.delete(workspace.plausibility[criterion.id])  # To be looked at anew.
    assessment.state, assessment.consented = "handed_in", consented
    assessment.handed_in_at, assessment.handed_in_by_id = moment, signer
    record(
        "assessment.handed_in",
        Subject("assessment", workspace.round.key),
        after={"number": row.number, "sha256": row.sha256, "consented": consented},
        municipality=workspace.municipality.ags,
    )
    return row


def reopen(assessment: Assessment, reason: str) -> None:
    """Give a handed-in self-assessment back, with a reason that the municipality reads; the consent ends with it.

    Raises ``ReopeningRefused``, in German, if it was not handed in, the round is closed, or the reason is missing or
    longer than 500 characters.
    """
    text = reason.strip()
    if assessment.state != "handed_in":
        raise ReopeningRefused(_("Diese Selbsteinschätzung ist nicht abgegeben, die Kommune kann sie noch ändern."))
    round_ = db.session.get_one(Round, assessment.round_id)
    if round_.state != "open":
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
    record(
        "assessment.reopened",
        Subject("assessment", round_.key),
        after={"reason": text},
        municipality=assessment.municipality_ags,
    )


def hand_ins_of(workspace: Workspace) -> list[HandIn]:
    """The records of this self-assessment, the newest first."""
    if workspace.assessment is None:
        return []
    statement = select(HandIn).where(HandIn.assessment_id == workspace.assessment.id).order_by(HandIn.number.desc())
    return list(db.session.scalars(statement))


def _record_of(
    workspace: Workspace, assessment: Assessment, signature: Signature, consented: bool, moment: dt.datetime
) -> HandIn:
    last = db.session.scalar(select(func.max(HandIn.number)).where(HandIn.assessment_id == assessment.id))
    signed = HandedIn(
        round=workspace.round.key,
        round_title=workspace.round.title,
        municipality=workspace.municipality.ags,
        municipality_name=workspace.municipality.name,
        catalogue_sha256=workspace.catalogue.sha256,
        catalogue_version=workspace.catalogue.version,
        number=(last or 0) + 1,
        handed_in_at=moment.isoformat(),
        signed_name=signature.name,
        signed_function=signature.function,
        consented=consented,
        demonstration=workspace.round.demonstration,
        answers=tuple(_handed(workspace, criterion.id) for criterion in workspace.in_order),
    )
    row = HandIn(
        assessment_id=assessment.id,
        number=signed.number,
        document=signed.canonical(),
        sha256=signed.sha256,
        signed_name=signature.name,
        signed_function=signature.function,
        at=moment,
    )
    db.session.add(row)
    return row


def _handed(workspace: Workspace, criterion: str) -> HandedAnswer:
    answer = workspace.answer(criterion)
    return HandedAnswer(
        criterion=criterion,
        level=answer.level,
        counted=workspace.counted(criterion).level,
        not_applicable=answer.not_applicable,
        reason=answer.reason,
        regulated=answer.regulated,
        lived=answer.lived,
        visible=answer.visible,
        responsible=answer.responsible,
        due=answer.due.isoformat() if answer.due else None,
        evidence=tuple(map(_handed_evidence, workspace.evidence.get(criterion, ()))),
    )


def _handed_evidence(piece: Evidence) -> HandedEvidence:
    return HandedEvidence(
        kind=piece.kind,
        title=piece.title,
        dated=piece.dated.isoformat(),
        check=piece.shows_check,
        improvement=piece.shows_improvement,
        address=piece.address,
        body=piece.body,
        file_name=piece.file_name,
        sha256=piece.sha256,
    )

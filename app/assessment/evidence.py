"""Evidence of a criterion: adding a link, a text or a file, and taking it away again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.assessment.answering import begin, check_open
from app.assessment.models import Assessment, Evidence
from app.assessment.workspace import Workspace
from app.audit import Subject, record
from app.database import db
from app.region.models import Municipality
from app.rounds.lifecycle import StepRefused
from app.uploads.receiving import Kept
from questionnaires.catalogue import Criterion

MOST = 12
"""Pieces of evidence that one criterion may have; nobody reads more."""


class TooMuchEvidence(StepRefused):
    """A criterion has as much evidence as anybody will read."""


@dataclass(frozen=True)
class Piece:
    """What a person says about a piece of evidence, and the one thing it consists of."""

    title: str
    dated: dt.date
    shows_check: bool
    shows_improvement: bool
    address: str = ""
    body: str = ""
    file: Kept | None = None

    @property
    def kind(self) -> str:
        """``file``, ``link`` or ``text``."""
        return "file" if self.file else "link" if self.address else "text"


def add(workspace: Workspace, criterion: Criterion, piece: Piece, user: User) -> Evidence:
    """Store the evidence. Call ``workspace.lock`` before the workspace is loaded.

    Raises ``RoundNotOpen``, ``AlreadyHandedIn``, ``TooMuchEvidence``.
    """
    check_open(workspace, criterion.id)
    if len(workspace.evidence.get(criterion.id, ())) >= MOST:
        raise TooMuchEvidence(
            _("Dieses Kriterium hat schon %(number)s Nachweise. Entfernen Sie einen, bevor Sie einen neuen hinzufügen.",
              number=MOST)
        )  # fmt: skip
    row = Evidence(
        assessment=workspace.assessment or begin(workspace),
        criterion=criterion.id,
        kind=piece.kind,
        title=piece.title,
        dated=piece.dated,
        shows_check=piece.shows_check,
        shows_improvement=piece.shows_improvement,
        address=piece.address,
        body=piece.body,
        added_by_id=user.id,
    )
    if piece.file:
        row.sha256, row.size = piece.file.sha256, piece.file.size
        row.media_type, row.file_name = piece.file.media_type, piece.file.name
    db.session.add(row)
    record(
        "evidence.added",
        Subject("criterion", criterion.id),
        after={"evidence": piece.title},
        municipality=workspace.municipality.ags,
    )
    return row


def remove(workspace: Workspace, piece: Evidence) -> None:
    """Take the evidence away; its file goes with the next sweep if nothing else refers to it.

    Raises ``RoundNotOpen`` and ``AlreadyHandedIn``.
    """
    check_open(workspace, piece.criterion)
    record(
        "evidence.removed",
        Subject("criterion", piece.criterion),
        before={"evidence": piece.title},
        municipality=workspace.municipality.ags,
    )
    db.session.delete(piece)


def evidence_or_404(municipality: Municipality, id: int) -> Evidence:
    """A piece of evidence of this municipality, of whichever round; that of another one does not exist for it."""
    statement = select(Evidence).join(Assessment)
    own = statement.where(Evidence.id == id, Assessment.municipality_ags == municipality.ags)
    return db.session.scalar(own) or abort(404, _("Diesen Nachweis gibt es nicht, oder er wurde entfernt."))


def files_in_use() -> set[str]:
    """The SHA-256 of every file that some evidence consists of."""
    return set(db.session.scalars(select(Evidence.sha256).where(Evidence.sha256.is_not(None)).distinct()))

"""Saving an answer, so that two people who work on the same criterion never overwrite each other unseen."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.models import User
from app.assessment import revisions
from app.assessment.models import Assessment, CriterionAnswer
from app.assessment.workspace import PARTS, Answer, Workspace, as_answer
from app.audit import Subject, record
from app.database import db, now
from app.rounds.lifecycle import RoundNotOpen, StepRefused
from questionnaires.catalogue import Criterion


class AlreadyHandedIn(StepRefused):
    """The self-assessment was signed off; it can be read, not changed."""


class AnsweredMeanwhile(Exception):
    """Somebody else saved the criterion since the page was opened; ``stored`` is what stands there now."""

    def __init__(self, stored: CriterionAnswer) -> None:
        super().__init__(stored.criterion)
        self.stored = stored


def save(workspace: Workspace, criterion: Criterion, answer: Answer, seen: int, user: User) -> CriterionAnswer | None:
    """Store the answer if ``seen``, the version the person had before them (0: none), is still the newest.

    Gives what stands there then, with its version; ``None`` if that is nothing at all.

    Call ``workspace.lock`` before the workspace is loaded. Raises ``RoundNotOpen``, ``AlreadyHandedIn`` and
    ``AnsweredMeanwhile``; saving what stands there already changes nothing, not even who saved it.
    """
    check_open(workspace, criterion.id)
    row, author = workspace.rows.get(criterion.id), user.id
    if as_answer(row) == answer and not (row and row.taken_over):
        return row
    if row is None:
        row = CriterionAnswer(assessment=workspace.assessment or begin(workspace), criterion=criterion.id)
        db.session.add(row)
    elif row.version != seen:
        raise AnsweredMeanwhile(row)
    _note_level(workspace, criterion, as_answer(workspace.rows.get(criterion.id)), answer)
    for part in PARTS:
        setattr(row, part, getattr(answer, part))
    row.saved_at, row.saved_by_id, row.taken_over = now(), author, False
    db.session.flush()
    revisions.keep(row, row.version, answer)
    return row


def check_open(workspace: Workspace, criterion: str = "") -> None:
    """Raise ``RoundNotOpen`` or ``AlreadyHandedIn``, in words for the municipality, unless answers can change.

    With a ``criterion``: unless the answer to this one can, because the agency has sent it back.
    """
    if workspace.round.state != "open":
        raise RoundNotOpen(_("Die Erhebungsrunde ist geschlossen. Antworten lassen sich nicht mehr ändern."))
    if workspace.handed_in and not workspace.returned(criterion):
        raise AlreadyHandedIn(
            _("Die Selbsteinschätzung ist abgegeben. Wenn sich noch etwas ändern muss, fragen Sie die Agentur.")
        )


def _note_level(workspace: Workspace, criterion: Criterion, before: Answer, after: Answer) -> None:
    """What changes a level stands in the log; a text that grows while somebody writes does not."""
    if before.choice != after.choice:
        record(
            "criterion.answered",
            Subject("criterion", criterion.id),
            before={"answer": before.choice},
            after={"answer": after.choice},
            municipality=workspace.municipality.ags,
        )


def begin(workspace: Workspace) -> Assessment:
    """The self-assessment of a municipality that has none yet in this round."""
    assessment = Assessment(round_id=workspace.round.id, municipality_ags=workspace.municipality.ags)
    db.session.add(assessment)
    return assessment

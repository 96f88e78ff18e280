"""Who changed an answer when: every version that somebody left, the difference to the one before, and the way back.

What one person saves within a few minutes is one version: whoever writes saves every few seconds, and nobody wants to
read that.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.assessment.differences import Passage, compared
from app.assessment.models import AnswerRevision, CriterionAnswer
from app.assessment.workspace import UNANSWERED, Answer, Workspace
from app.database import db

ONE_SITTING = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Step:
    """One version with what it changed: the answer, the one before it, and the new reason with what is new marked."""

    revision: AnswerRevision
    answer: Answer
    before: Answer
    reason: list[Passage]
    removed: list[Passage]


def keep(row: CriterionAnswer, version: int, answer: Answer) -> None:
    """Keep what is being saved as this version; it replaces the last one of the same person and sitting."""
    statement = select(AnswerRevision).filter_by(assessment_id=row.assessment_id, criterion=row.criterion)
    last = db.session.scalar(statement.order_by(AnswerRevision.version.desc()).limit(1))
    same = last is not None and last.saved_by_id == row.saved_by_id and row.saved_at - last.began_at < ONE_SITTING
    if last is None or not same:
        last = AnswerRevision(assessment_id=row.assessment_id, criterion=row.criterion, began_at=row.saved_at)
        db.session.add(last)
    last.version, last.content = version, _written(answer)
    last.saved_at, last.saved_by_id = row.saved_at, row.saved_by_id


def history(workspace: Workspace, criterion: str) -> list[Step]:
    """Every version of the criterion's answer, the newest first."""
    if workspace.assessment is None:
        return []
    statement = select(AnswerRevision).filter_by(assessment_id=workspace.assessment.id, criterion=criterion)
    rows = db.session.scalars(
        statement.order_by(AnswerRevision.version).options(joinedload(AnswerRevision.saved_by).lazyload(User.roles))
    )
    steps, before = [], UNANSWERED
    for row in rows:
        answer = _read(row.content)
        removed, reason = compared(before.reason, answer.reason)
        steps.append(Step(row, answer, before, reason, removed))
        before = answer
    return steps[::-1]


def version_of(workspace: Workspace, criterion: str, version: int) -> Answer | None:
    """The answer as it was in that version."""
    if workspace.assessment is None:
        return None
    found = db.session.scalar(
        select(AnswerRevision).filter_by(assessment_id=workspace.assessment.id, criterion=criterion, version=version)
    )
    return None if found is None else _read(found.content)


def _written(answer: Answer) -> str:
    return json.dumps(dataclasses.asdict(answer), ensure_ascii=False, default=dt.date.isoformat)


def _read(content: str) -> Answer:
    values = json.loads(content)
    values["due"] = dt.date.fromisoformat(values["due"]) if values["due"] else None
    return Answer(**values)

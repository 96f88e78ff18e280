"""Last time: what the municipality said of a criterion in an earlier round, and taking it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.assessment import revisions
from app.assessment.answering import AnsweredMeanwhile, begin, check_open
from app.assessment.models import Assessment, CriterionAnswer, Evidence, Plausibility
from app.assessment.workspace import PARTS, Answer, Workspace, as_answer
from app.audit import Subject, record
from app.database import db, now
from app.rounds.lifecycle import StepRefused, catalogue_of
from app.rounds.models import Round
from questionnaires.catalogue import Catalogue, Criterion

Comparable = Literal["same", "reworded", "new"]


class NothingToTakeOver(StepRefused):
    """There is no answer of an earlier round, or the criterion reads differently now."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """The last answer before this round: the round, answer, evidence, and the agency's remark (empty: none)."""

    round: Round
    answer: Answer
    evidence: Sequence[Evidence]
    remark: str


def earlier_of(workspace: Workspace, criterion: str) -> Earlier | None:
    """The municipality's answer in the last round before this one that has one and was handed in."""
    found = db.session.execute(
        select(Round, CriterionAnswer, Plausibility.remark)
        .join(Assessment, Assessment.round_id == Round.id)
        .join(CriterionAnswer, CriterionAnswer.assessment_id == Assessment.id)
        .outerjoin(
            Plausibility,
            (Plausibility.assessment_id == Assessment.id) & (Plausibility.criterion == CriterionAnswer.criterion),
        )
        .where(
            Assessment.municipality_ags == workspace.municipality.ags,
            Assessment.state == "handed_in",
            CriterionAnswer.criterion == criterion,
            Round.opens < workspace.round.opens,
        )
        .order_by(Round.opens.desc(), Round.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    round_, row, remark = found
    statement = select(Evidence).where(Evidence.assessment_id == row.assessment_id, Evidence.criterion == criterion)
    return Earlier(round_, as_answer(row), db.session.scalars(statement.order_by(Evidence.id)).all(), remark or "")


def comparable(now_: Catalogue, then: Catalogue, criterion: str) -> Comparable:
    """Whether question and levels read the same in both catalogues, so that the levels mean the same."""
    if now_.sha256 == then.sha256:
        return "same"
    try:
        before = then.criterion(criterion)
    except KeyError:
        return "new"
    here = now_.criterion(criterion)
    return "same" if (before.question, before.levels) == (here.question, here.levels) else "reworded"


def since_last_round(workspace: Workspace) -> dict[str, Comparable]:
    """How every criterion compares with the round before, by id; empty if there was none."""
    before = db.session.scalar(
        select(Round)
        .where(Round.opens < workspace.round.opens, Round.state.in_(("closed", "released")))
        .order_by(Round.opens.desc(), Round.id.desc())
        .limit(1)
    )
    if before is None:
        return {}
    then = catalogue_of(before)
    return {criterion.id: comparable(workspace.catalogue, then, criterion.id) for criterion in workspace.in_order}


def take_over(workspace: Workspace, criterion: Criterion, seen: int, user: User) -> None:
    """Put last round's answer and evidence here, marked until somebody confirms it by saving.

    Call ``workspace.lock`` before the workspace is loaded. ``seen`` is the version the person had before them.
    Raises ``RoundNotOpen``, ``AlreadyHandedIn``, ``NothingToTakeOver``, ``AnsweredMeanwhile``.
    """
    check_open(workspace, criterion.id)
    earlier, row = earlier_of(workspace, criterion.id), workspace.rows.get(criterion.id)
    if earlier is None or comparable(workspace.catalogue, catalogue_of(earlier.round), criterion.id) != "same":
        raise NothingToTakeOver(
            _("Hier gibt es nichts zu übernehmen: Es fehlt eine frühere Angabe, oder der Wortlaut hat sich geändert.")
        )
    if row is not None and row.version != seen:
        raise AnsweredMeanwhile(row)
    assessment = workspace.assessment or begin(workspace)
    if row is None:
        row = CriterionAnswer(assessment=assessment, criterion=criterion.id)
        db.session.add(row)
    for part in PARTS:
        setattr(row, part, getattr(earlier.answer, part))
    row.taken_over, row.saved_at, row.saved_by_id = True, now(), user.id
    db.session.flush()
    revisions.keep(row, row.version, earlier.answer)
    record("criterion.taken_over", Subject("criterion", criterion.id), municipality=workspace.municipality.ags)
    if not workspace.evidence.get(criterion.id):
        db.session.add_all(_copy(piece, assessment, user) for piece in earlier.evidence)


COPIED = (
    *("criterion", "kind", "title", "dated", "shows_check", "shows_improvement"),
    *("address", "body", "sha256", "size", "media_type", "file_name"),
)


def _copy(piece: Evidence, assessment: Assessment, user: User) -> Evidence:
    """The same evidence for another round; a file is kept once, whoever refers to it."""
    values = {name: getattr(piece, name) for name in COPIED}
    return Evidence(assessment=assessment, added_by_id=user.id, **values)

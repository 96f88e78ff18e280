"""What a municipality has before it: the round, its catalogue, and every answer given so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import QueryableAttribute, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.accounts.models import User
from app.assessment.models import Assessment, CriterionAnswer, Evidence, Plausibility
from app.database import db
from app.region.models import Municipality
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Participation, Round
from questionnaires import evidence as rule
from questionnaires.catalogue import Area, Catalogue, Criterion, Dimension


@dataclass(frozen=True)
class Answer:
    """One criterion's answer as people mean it; no level and not "not applicable" is "not yet answered".

    The three marks explain and count for nothing; ``responsible`` and ``due`` are what level 1 asks for.
    """

    level: int | None = None
    not_applicable: bool = False
    reason: str = ""
    regulated: bool = False
    lived: bool = False
    visible: bool = False
    responsible: str = ""
    due: dt.date | None = None

    @property
    def given(self) -> bool:
        """Whether the criterion counts as answered."""
        return self.level is not None or self.not_applicable

    @property
    def choice(self) -> str:
        """The same as the form's radio buttons name it: ``0`` to ``4``, ``na`` or ``open``."""
        if self.not_applicable:
            return "na"
        return "open" if self.level is None else str(self.level)


UNANSWERED = Answer()
PARTS = tuple(field.name for field in fields(Answer))
"""What an answer is made of; the table has a column of the same name for each."""


def as_answer(row: CriterionAnswer | None) -> Answer:
    """The stored answer, ``UNANSWERED`` if there is no row."""
    return UNANSWERED if row is None else Answer(**{name: getattr(row, name) for name in PARTS})


def as_proof(evidence: Evidence) -> rule.Proof:
    """A piece of evidence as the rule of levels sees it."""
    return rule.Proof(evidence.dated, evidence.shows_check, evidence.shows_improvement)


@dataclass(frozen=True)
class Count:
    """Answered criteria of those there are."""

    answered: int
    of: int

    @property
    def open(self) -> int:
        """How many are still to be answered."""
        return self.of - self.answered


@dataclass(frozen=True, eq=False)
class Workspace:
    """One municipality's self-assessment in one round; ``assessment`` is ``None`` until the first answer is saved."""

    municipality: Municipality
    round: Round
    catalogue: Catalogue
    assessment: Assessment | None
    rows: Mapping[str, CriterionAnswer]
    evidence: Mapping[str, Sequence[Evidence]]
    plausibility: Mapping[str, Plausibility]

    @property
    def handed_in(self) -> bool:
        """Whether the approver has signed off."""
        return self.assessment is not None and self.assessment.state == "handed_in"

    @property
    def editable(self) -> bool:
        """Whether answers can change: only in an open round, and only until the hand-in."""
        return self.round.state == "open" and not self.handed_in

    def returned(self, criterion: str) -> bool:
        """Whether the agency has sent this one criterion back."""
        verdict = self.plausibility.get(criterion)
        return verdict is not None and verdict.state == "returned"

    @property
    def all_returned(self) -> tuple[Criterion, ...]:
        """The criteria that the agency has sent back, in order."""
        return tuple(criterion for criterion in self.in_order if self.handed_in and self.returned(criterion.id))

    def may_change(self, criterion: str) -> bool:
        """Whether this criterion's answer can change: until the hand-in, and afterwards where it was sent back."""
        return self.round.state == "open" and (not self.handed_in or self.returned(criterion))

    @property
    def may_hand_in(self) -> bool:
        """Whether there is something to hand in: all of it, or what was sent back."""
        return self.editable or (self.round.state == "open" and bool(self.all_returned))

    def answer(self, criterion: str) -> Answer:
        """The answer to a criterion, ``UNANSWERED`` if there is none."""
        return as_answer(self.rows.get(criterion))

    def taken_over(self, criterion: str) -> bool:
        """Whether the answer is last round's and nobody has confirmed it since."""
        row = self.rows.get(criterion)
        return row is not None and row.taken_over

    def counted(self, criterion: str, claimed: int | None = None) -> rule.Counted:
        """The level that counts for a criterion with its evidence: for the level answered, or for one ``claimed``.

        What was agreed with the agency stands above both.
        """
        verdict = self.plausibility.get(criterion)
        if claimed is None and verdict is not None and verdict.agreed_level is not None:
            return rule.Counted(verdict.agreed_level)
        level = self.answer(criterion).level if claimed is None else claimed
        if not self.round.evidence_rule:
            return rule.Counted(level)
        return rule.counted(level, map(as_proof, self.evidence.get(criterion, ())), self.round.closes)

    def count(self, criteria: tuple[Criterion, ...]) -> Count:
        """How many of these criteria are answered."""
        return Count(sum(self.answer(criterion.id).given for criterion in criteria), len(criteria))

    @property
    def total(self) -> Count:
        """Progress over all criteria."""
        return self.count(self.catalogue.criteria)

    @property
    def core(self) -> Count:
        """Progress over the core criteria."""
        return self.count(tuple(criterion for criterion in self.catalogue.criteria if criterion.core))

    def areas(self) -> Iterator[tuple[Area, list[tuple[Dimension, tuple[Criterion, ...]]]]]:
        """The catalogue as a reader walks through it: areas, their dimensions, their criteria."""
        for area in self.catalogue.areas:
            dimensions = self.catalogue.dimensions_of(area.id)
            yield area, [(dimension, self.catalogue.criteria_of(dimension.id)) for dimension in dimensions]

    @property
    def in_order(self) -> tuple[Criterion, ...]:
        """All criteria in the order of ``areas``."""
        return tuple(c for _, dimensions in self.areas() for _, criteria in dimensions for c in criteria)

    @property
    def next_open(self) -> Criterion | None:
        """The first criterion without an answer."""
        return next((criterion for criterion in self.in_order if not self.answer(criterion.id).given), None)


def workspace_of(municipality: Municipality, criterion: str | None = None) -> Workspace | None:
    """The open round's workspace, else that of the latest round the municipality took part in, else ``None``.

    With a ``criterion`` only its answer and its evidence are loaded, for pages that show no other: whoever saves holds
    everybody else up meanwhile.
    """
    round_ = db.session.scalar(
        select(Round)
        .join(Participation)
        .where(Participation.municipality_ags == municipality.ags, Round.state != "draft")
        .order_by((Round.state == "open").desc(), Round.opens.desc(), Round.id.desc())
        .limit(1)
    )
    return None if round_ is None else _workspace(municipality, round_, criterion)


def lock(municipality: Municipality) -> None:
    """Let one change to the municipality's answers at a time happen, and none while the round is being closed.

    SQLite has one writer anyway; elsewhere the open round is shared and the municipality's place in it is taken.
    """
    open_round = select(Round.id).where(Round.state == "open").with_for_update(read=True)
    round_id = db.session.scalar(open_round)
    db.session.scalar(
        select(Participation.round_id)
        .where(Participation.round_id == round_id, Participation.municipality_ags == municipality.ags)
        .with_for_update()
    )


def _workspace(municipality: Municipality, round_: Round, criterion: str | None) -> Workspace:
    answers: QueryableAttribute[Any] = Assessment.answers
    pieces: QueryableAttribute[Any] = Assessment.evidence
    if criterion is not None:
        answers = answers.and_(CriterionAnswer.criterion == criterion)
        pieces = pieces.and_(Evidence.criterion == criterion)
    assessment = db.session.scalar(
        select(Assessment)
        .where(Assessment.round_id == round_.id, Assessment.municipality_ags == municipality.ags)
        .options(_person(joinedload(Assessment.handed_in_by)))
        .options(_person(selectinload(answers).joinedload(CriterionAnswer.saved_by)))
        .options(selectinload(pieces), selectinload(Assessment.plausibility))
    )
    rows = {} if assessment is None else {row.criterion: row for row in assessment.answers}
    evidence: dict[str, list[Evidence]] = {}
    for piece in assessment.evidence if assessment else ():
        evidence.setdefault(piece.criterion, []).append(piece)
    verdicts = {} if assessment is None else {verdict.criterion: verdict for verdict in assessment.plausibility}
    return Workspace(municipality, round_, catalogue_of(round_), assessment, rows, evidence, verdicts)


def _person(path: ExecutableOption) -> ExecutableOption:
    """Who did something, by function or address only; roles are of no interest here."""
    return path.load_only(User.email, User.function).lazyload(User.roles)  # type: ignore[attr-defined]

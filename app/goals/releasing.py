"""Goals in a release: those that earlier rounds set, and whether this one reached them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.assessment.loading import SelfAssessments
from app.goals.models import DevelopmentGoal
from app.rounds.models import Round
from questionnaires.catalogue import Catalogue
from scoring.release import Goal


def for_release(
    session: Session, round_: Round, catalogue: Catalogue, units: Sequence[str], assessments: SelfAssessments
) -> dict[str, tuple[Goal, ...]]:
    """The goals set on the round before this one, by AGS, in one statement; rows of ``assessments`` as ``units``."""
    columns = {criterion.id: column for column, criterion in enumerate(catalogue.criteria)}
    rows = {ags: row for row, ags in enumerate(units)}
    statement = select(DevelopmentGoal).join(Round, Round.id == DevelopmentGoal.round_id)
    earlier = statement.where(Round.opens < round_.opens).options(joinedload(DevelopmentGoal.round))
    found: dict[str, list[DevelopmentGoal]] = {}
    for goal in session.scalars(earlier.order_by(Round.opens, DevelopmentGoal.position)):
        if goal.municipality_ags in rows and goal.criterion in columns:
            found.setdefault(goal.municipality_ags, []).append(goal)
    return {
        ags: tuple(
            _goal(goal, float(assessments.levels[rows[ags], columns[goal.criterion]]))
            for goal in goals
            if goal.round_id == goals[-1].round_id
        )
        for ags, goals in found.items()
    }


def _goal(goal: DevelopmentGoal, level: float) -> Goal:
    return Goal(
        criterion=goal.criterion,
        target=goal.target,
        due=goal.due.isoformat(),
        measure=goal.measures,
        set_in=goal.round.key,
        reached=None if np.isnan(level) else level >= goal.target,
    )

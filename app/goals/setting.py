"""Setting goals, keeping them up to date, and seeing whether the next round reached them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.assessment.loading import load_levels
from app.audit import Subject, record
from app.database import db, now
from app.goals.models import DevelopmentGoal
from app.region.models import Municipality
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Participation, Round
from questionnaires.catalogue import Catalogue

MOST = 3


class GoalRefused(ValueError):
    """A goal cannot be set so; the message says why, in the reader's language."""


@dataclass(frozen=True)
class Wish:
    """What a municipality wants to reach: the level of a criterion, by when, who takes care, how, and how far it is."""

    criterion: str
    target: int
    due: dt.date
    responsible: str
    measures: str
    progress: str = ""


def round_of_goals(municipality: Municipality) -> Round | None:
    """The round whose result goals are set on: the last published one that the municipality took part in."""
    return db.session.scalar(
        select(Round)
        .join(Participation)
        .where(Participation.municipality_ags == municipality.ags, Round.state == "released")
        .order_by(Round.opens.desc(), Round.id.desc())
        .limit(1)
    )


def goals_of(municipality: Municipality) -> Sequence[DevelopmentGoal]:
    """All goals of the municipality, those of the newest round first."""
    statement = select(DevelopmentGoal).where(DevelopmentGoal.municipality_ags == municipality.ags)
    rows = db.session.scalars(statement.options(joinedload(DevelopmentGoal.round))).all()
    return sorted(rows, key=lambda goal: (-goal.round.opens.toordinal(), goal.position))


def save_goal(municipality: Municipality, round_: Round, wish: Wish, goal: DevelopmentGoal | None = None) -> None:
    """Set a new goal in the round, or change ``goal``; ``GoalRefused`` if there are three, or one on the criterion."""
    others = [g for g in goals_of(municipality) if g.round_id == round_.id and g is not goal]
    if any(other.criterion == wish.criterion for other in others):
        raise GoalRefused(_("Zu diesem Kriterium gibt es schon ein Ziel. Ändern Sie das vorhandene."))
    free = sorted(set(range(1, MOST + 1)) - {other.position for other in others})
    if goal is None and not free:
        raise GoalRefused(_("Drei Ziele sind genug für eine Runde. Entfernen Sie eines, bevor Sie ein neues setzen."))
    before = None if goal is None else _facts(goal)
    if goal is None:
        goal = DevelopmentGoal(round_id=round_.id, municipality_ags=municipality.ags, position=free[0])
        db.session.add(goal)
    for name, value in vars(wish).items():
        setattr(goal, name, value)
    goal.saved_at = now()
    record("goal.saved", Subject("goal", wish.criterion), before=before, after=_facts(goal),
           municipality=municipality.ags)  # fmt: skip


def remove_goal(goal: DevelopmentGoal) -> None:
    """Take a goal back."""
    record("goal.removed", Subject("goal", goal.criterion), before=_facts(goal), municipality=goal.municipality_ags)
    db.session.delete(goal)


def reached(goals: Sequence[DevelopmentGoal]) -> dict[int, bool]:
    """By id, whether the round after that of a goal reached it; goals without such a result are left out.

    What counts is the level that scoring counts, so evidence and agreements with the agency are in it.
    """
    found: dict[int, bool] = {}
    for round_ in {goal.round.id: goal.round for goal in goals}.values():
        ags = goals[0].municipality_ags
        following = _round_after(round_, ags)
        if following is None:
            continue
        levels = _levels(following, ags)
        for goal in goals:
            if goal.round_id == round_.id and goal.criterion in levels:
                found[goal.id] = levels[goal.criterion] >= goal.target
    return found


def _round_after(round_: Round, ags: str) -> Round | None:
    statement = select(Round).join(Participation).where(Participation.municipality_ags == ags)
    later = statement.where(Round.opens > round_.opens, Round.state.in_(("closed", "released")))
    return db.session.scalar(later.order_by(Round.opens, Round.id).limit(1))


def _levels(round_: Round, ags: str) -> dict[str, float]:
    catalogue: Catalogue = catalogue_of(round_)
    loaded = load_levels(db.session, round_, catalogue, [ags])
    if not loaded.handed_in[0]:
        return {}
    row = zip(catalogue.criteria, loaded.levels[0], strict=True)
    return {criterion.id: float(level) for criterion, level in row if level == level}


def _facts(goal: DevelopmentGoal) -> dict[str, object]:
    return {"target": goal.target, "due": goal.due.isoformat(), "progress": goal.progress}

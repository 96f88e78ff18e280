"""What waits for somebody: their own tasks, notes that speak to them, and what the agency asks of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.models import User
from app.assessment.plausibility import QUESTION
from app.assessment.workspace import Workspace
from app.collaboration.models import Assignment, Mention
from app.collaboration.working import assigned_to, mentions_of
from app.rounds.lifecycle import today
from questionnaires.catalogue import Criterion


@dataclass(frozen=True, eq=False)
class OpenPoints:
    """Open tasks with what is due first in front, notes, questions of the agency, criteria it has sent back."""

    tasks: Sequence[tuple[Criterion, Assignment]]
    mentions: Sequence[Mention]
    questions: Sequence[Criterion]
    returned: Sequence[Criterion]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.tasks) + len(self.mentions) + len(self.questions) + len(self.returned)


def open_points(workspace: Workspace, user: User) -> OpenPoints:
    """The user's open points, in two statements."""
    place = (workspace.round.id, workspace.municipality.ags)
    known = {criterion.id: criterion for criterion in workspace.in_order}
    tasks = [(known[task.criterion], task) for task in assigned_to(user, *place) if _is_open(workspace, task.criterion)]
    asked = [c for c in workspace.in_order if (v := workspace.plausibility.get(c.id)) and v.state == QUESTION]
    return OpenPoints(
        tasks=tasks,
        mentions=mentions_of(user, *place),
        questions=[c for c in asked if not workspace.plausibility[c.id].reply],
        returned=workspace.all_returned,
    )


def is_late(task: Assignment) -> bool:
    """Whether the day has passed."""
    return task.due is not None and task.due < today()


def _is_open(workspace: Workspace, criterion: str) -> bool:
    """A task is done once the criterion is answered and, where it was taken over, confirmed."""
    unfinished = not workspace.answer(criterion).given or workspace.taken_over(criterion)
    return workspace.may_change(criterion) and (unfinished or workspace.returned(criterion))

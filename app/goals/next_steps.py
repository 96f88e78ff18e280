"""Which steps are worth thinking of next: read from a municipality's own sheet, in an order that can be explained.

First where newcomers are not content although the municipality believes it is done, or knows that it is not (blind
spot, need to act); then what is easiest, because the level is low and the criterion belongs to the core. Neighbours are
those who agreed to be named for the criterion, the ones most similar in size first.
"""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires.catalogue import LEVELS, Criterion
from scoring.release import Municipality, Release

MOST_STEPS, MOST_NEIGHBOURS = 3, 3
WHY = {"need_to_act": 0, "blind_spot": 1}
"""Quadrants that call for a step, the most urgent first."""
EASY = 2


@dataclass(frozen=True)
class NextStep:
    """A criterion, its level, the next one, why ("need_to_act", "blind_spot" or "easy"), and who is there already."""

    criterion: Criterion
    level: int
    why: str
    neighbours: tuple[Municipality, ...]

    @property
    def target(self) -> int:
        """The next level."""
        return self.level + 1


def next_steps(release: Release, ags: str) -> list[NextStep]:
    """Up to three steps for the municipality; empty if it has no sheet of its own or is at the top everywhere."""
    return gaps(release, ags)[:MOST_STEPS]


def gaps(release: Release, ags: str) -> list[NextStep]:
    """Every step that newcomers' answers call for, and up to three in all what is easiest; the most urgent first."""
    sheet = release.own.get(ags)
    if sheet is None:
        return []
    levels = {score.node: score.level for score in sheet.self_view if score.level is not None}
    quadrants = {pair.criterion: pair.quadrant for pair in sheet.pairs}
    candidates = [c for c in release.catalogue.criteria if levels.get(c.id, LEVELS[-1]) < LEVELS[-1]]
    order = {criterion.id: place for place, criterion in enumerate(release.catalogue.criteria)}
    candidates.sort(
        key=lambda c: (WHY.get(quadrants.get(c.id, ""), EASY), levels[c.id], not c.core, order[c.id]),
    )
    urgent = sum(quadrants.get(criterion.id) in WHY for criterion in candidates)
    return [
        NextStep(
            criterion,
            levels[criterion.id],
            quadrants[criterion.id] if quadrants.get(criterion.id) in WHY else "easy",
            _neighbours(release, ags, criterion.id),
        )
        for criterion in candidates[: max(MOST_STEPS, urgent)]
    ]


def _neighbours(release: Release, ags: str, criterion: str) -> tuple[Municipality, ...]:
    """Who may be named for the criterion, most similar in size first."""
    own = next(m for m in release.municipalities if m.ags == ags)
    there = [m for m in release.municipalities if m.ags != ags and criterion in m.good_examples]
    there.sort(key=lambda m: (abs(m.population - own.population), m.ags))
    return tuple(there[:MOST_NEIGHBOURS])

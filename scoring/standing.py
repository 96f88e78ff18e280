"""What a municipality says beside its levels: evidence, goals, and what it may be named for as a good example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.release import Backing, Goal

GOOD_LEVEL = 3


@dataclass(frozen=True)
class Standing:
    """One municipality: evidence and marks by criterion, goals, and the criteria it agreed to be named for.

    Only criteria at ``GOOD_LEVEL`` or higher can be good examples; a consent for others says nothing yet.
    """

    backings: Mapping[str, Backing] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    good_examples: frozenset[str] = frozenset()


NOTHING_SAID = Standing()

"""What a statistic is to the tests: how to compute it, on what, and which laws it keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

Inputs = dict[str, Any]


class Outcome(NamedTuple):
    """What a statistic says: numbers with limits, or states; units along the last axis, if there are units."""

    value: Any = None
    low: Any = None
    high: Any = None
    state: Any = None


@dataclass(frozen=True)
class Statistic:
    """How to compute a statistic, and which laws it keeps; ``covers`` names functions that its computation also calls.

    ``inputs`` builds arguments for a random generator and a number of units. ``scores`` are arguments in points, which
    move with the scale; ``spreads`` (points) and ``squares`` (squared points) only stretch with it; ``units`` have the
    units along their first axis and ``pairs`` along their last two.

    Laws: ``within`` the two ends it never leaves; ``contains``: low <= value <= high; ``shift``: what a constant added
    to all scores adds, per point; ``degree``: the power of a factor on all scores that comes out as a factor;
    ``mirror``: what value and mirrored value sum to when 0 and 100 change places; ``permutes``: the order of the units
    is that of the results ("units") or does not matter ("nothing"); ``missing``: arguments of a unit without data,
    which changes nothing for the others.
    """

    name: str
    compute: Callable[..., Outcome]
    inputs: Callable[[np.random.Generator, int], Inputs]
    scores: tuple[str, ...] = ()
    spreads: tuple[str, ...] = ()
    squares: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    within: tuple[float, float] | None = None
    contains: bool = False
    shift: float | None = None
    degree: float | None = None
    mirror: float | None = None
    permutes: str | None = None
    missing: Inputs | None = None
    fewest: int = 3
    covers: tuple[str, ...] = ()

    def drawn(self) -> st.SearchStrategy[Inputs]:
        """Arguments for 3 (or as many as it needs) to 25 units."""
        return st.builds(
            lambda seed, size: self.inputs(np.random.default_rng(seed), size),
            st.integers(0, 2**32 - 1),
            st.integers(self.fewest, 25),
        )

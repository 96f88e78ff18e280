"""How many answers are still needed while a round collects: before anybody may look at what was answered."""

from __future__ import annotations

import numpy as np

from scoring.intervals import mean_interval

EXPECTED_MEAN = 60.0
EXPECTED_DEVIATION = 27.5
"""Standard deviation of one question, in points: 1.1 steps of the scale of five (domain notes, 3.8)."""
MOST = 2_000


def half_width(n: int, population: int | None = None) -> float | None:
    """Half the width of the 95 % interval of one question, in points, that ``n`` answers may be expected to give.

    With the finite population correction where the number of people who could answer is known. ``None`` for fewer
    than two answers. Counts of answers only: no answer is looked at.

    >>> half_width(83), half_width(83, 700), half_width(1)
    (6.0, 5.6, None)
    """
    if n < 2:
        return None
    limits = mean_interval(n, EXPECTED_MEAN, EXPECTED_DEVIATION**2, None if population is None else max(population, n))
    return round(float(limits[1] - limits[0]) / 2, 1)


def answers_for(points: float, population: int | None = None) -> int | None:
    """The fewest answers whose expected interval is at most ± ``points``; ``None`` if more than 2,000 were needed.

    >>> answers_for(5), answers_for(5, 180), answers_for(0.1)
    (119, 73, None)
    """
    most = MOST if population is None else min(population, MOST)
    n = np.arange(2, most + 1)
    if not len(n):
        return None
    low, high = mean_interval(n, EXPECTED_MEAN, EXPECTED_DEVIATION**2, population)
    narrow = np.flatnonzero((high - low) / 2 <= points)
    return int(n[narrow[0]]) if len(narrow) else None

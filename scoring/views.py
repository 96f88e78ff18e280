"""The views of a round as arrays: what municipalities say of themselves, what newcomers say, both side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring import likert
from scoring.arrays import BoolArray, FloatArray, IntArray, RatingArray, TextArray


@dataclass(frozen=True, eq=False)
class SelfView:
    """Self-assessments: arrays (units, nodes), nodes being the total, areas, dimensions and criteria in that order.

    ``status`` holds positions in ``index.STATUSES``, ``not_applicable`` the number of criteria below that do not apply,
    ``low`` and ``high`` the logical range. Units that did not hand in are unanswered throughout.
    """

    nodes: tuple[str, ...]
    kinds: tuple[str, ...]
    values: FloatArray
    shares: FloatArray
    status: RatingArray
    not_applicable: IntArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, eq=False)
class OutsideView:
    """Newcomers' view: arrays (units, indicators), indicators being overall, dimensions and items in that order.

    ``n`` persons with a score, ``mean`` and sample ``variance`` of their scores, ``low`` and ``high`` the interval of
    the mean; ``enough`` whether a scale has a score for a sufficient share of respondents. From the model between
    municipalities, NaN where there is none: ``shrunken`` with its limits; ``band``. Per indicator: ``probability``
    that municipalities differ by more than the gate, ``between`` the variance between them, ``answers_needed`` for a
    reliable mean. ``sampling`` is the variance of each mean as an estimate, with what all units say about the scatter
    of answers. Where there is a signal and enough units: places ``rank_low`` to ``rank_high`` that hold for each unit
    alone (networks of up to ``ranking.PAIRWISE_UNITS``), ``set_low`` to ``set_high`` for all together.
    ``indicator_items`` are positions of the items of each indicator; ``tally`` the counts behind all of it.
    """

    indicators: tuple[str, ...]
    kinds: tuple[str, ...]
    indicator_items: tuple[IntArray, ...]
    tally: likert.Tally
    minimum_answered: IntArray
    n: IntArray
    mean: FloatArray
    variance: FloatArray
    low: FloatArray
    high: FloatArray
    enough: BoolArray
    shrunken: FloatArray
    shrunken_low: FloatArray
    shrunken_high: FloatArray
    band: TextArray
    probability: FloatArray
    between: FloatArray
    answers_needed: FloatArray
    sampling: FloatArray
    rank_low: FloatArray
    rank_high: FloatArray
    set_low: FloatArray
    set_high: FloatArray

    @property
    def item_count(self) -> IntArray:
        """Number of items of each indicator."""
        return np.array([items.size for items in self.indicator_items], dtype=np.int64)

    @property
    def scales(self) -> int:
        """Number of indicators made of several items; they stand before the items."""
        return len(self.tally.scales)


@dataclass(frozen=True, eq=False)
class PairView:
    """Self-view against newcomers' view: arrays (units, pairs); a pair is an item (position) and its criterion."""

    items: IntArray
    criteria: IntArray
    self_scores: FloatArray
    gap: FloatArray
    low: FloatArray
    high: FloatArray
    verdict: TextArray
    quadrant: TextArray

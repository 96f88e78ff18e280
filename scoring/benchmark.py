"""The one way through: a round in, everything that can be said about it out, as arrays.

A ``Benchmark`` is confidential, but for what ``public`` and ``own`` hold of it: that may be shown. ``publication``
writes it down, with what needs more than this round: earlier ones, and what newcomers said about themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.audience import Pooled, Shown, cut, pool, show, visible
from scoring.method import Method, ParameterOutOfRange, UnknownParameter
from scoring.newcomers import indicator_moments, mean_intervals, score_newcomers
from scoring.round_data import LevelOutOfRange, RoundData, ShapeMismatch
from scoring.self_assessments import score_self_assessments
from scoring.side_by_side import score_pairs
from scoring.threads import one_thread
from scoring.views import OutsideView, PairView, SelfView
from scoring.worth import Worth, assess

__all__ = [
    "Benchmark",
    "LevelOutOfRange",
    "Method",
    "OutsideView",
    "PairView",
    "ParameterOutOfRange",
    "RoundData",
    "SelfView",
    "ShapeMismatch",
    "UnknownParameter",
    "indicator_moments",
    "mean_intervals",
    "score_round",
]


@dataclass(frozen=True, eq=False)
class Benchmark:
    """Everything computed of a round.

    The three views are confidential. ``public`` and ``own`` are the newcomers' view and the pairs as these audiences
    may see them; ``pooled`` the region's answers taken together, and ``worth`` what the numbers are worth, both over
    the municipalities that may be counted in a figure of the region.
    """

    self_view: SelfView
    outside_view: OutsideView
    pairs: PairView
    public: Shown
    own: Shown
    pooled: Pooled
    worth: Worth


@one_thread
def score_round(data: RoundData, method: Method) -> Benchmark:
    """Score a round: every rule that needs no more than the round itself, once through.

    Random steps take their seed from the data, so the same round and method always give the same numbers.
    """
    self_view, outside = score_self_assessments(data, method), score_newcomers(data, method)
    pairs = score_pairs(data, self_view, outside, method)
    safe = cut(outside, method)
    public, own = (
        show(data, outside, pairs, safe, method, minimum) for minimum in (method.minimum_public, method.minimum_own)
    )
    pooled = pool(data, outside, visible(data, public), method)
    worth = assess(data, self_view, outside, public, pooled.counted, method)
    return Benchmark(self_view, outside, pairs, public, own, pooled, worth)

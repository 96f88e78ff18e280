"""What the numbers of a round are worth, over the municipalities that may be counted in a figure of the region.

Everything here may be published: whoever must not be found out by it has been left out before it is computed, so that
nothing of them is in it (``disclosure.contributors``, ``audience.pool``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring import agreement, diagnostics, disclosure, reliability
from scoring.arrays import BoolArray, FloatArray
from scoring.audience import Shown
from scoring.method import Method
from scoring.round_data import RoundData
from scoring.self_assessments import self_inputs, structure_of
from scoring.views import OutsideView, SelfView


@dataclass(frozen=True)
class Extent:
    """Over how many of ``units`` places the place of a typical one would extend; ``None`` where nothing is ranked."""

    places: int | None = None
    units: int = 0


@dataclass(frozen=True, eq=False)
class Worth:
    """``scales``: reliability of each scale for persons. ``importance`` (items, 3): share of each item in explaining

    the outcome, with limits. ``agreement``: how the two views go together, by name of the dimension, where enough units
    have both. ``by_rules``: places of the self-assessments over other weights and rules. ``by_chance``: places of the
    newcomers' overall score over what the answers leave open.
    """

    scales: tuple[reliability.Assessment, ...]
    importance: FloatArray
    agreement: dict[str, agreement.Agreement]
    by_rules: Extent
    by_chance: Extent


def assess(
    data: RoundData, self_view: SelfView, outside: OutsideView, public: Shown, counted: BoolArray, method: Method
) -> Worth:
    """Everything above; ``counted`` (units, indicators) says whose answers are in the region's figure of each."""
    tally = outside.tally.of_units(counted[:, 0])
    return Worth(
        diagnostics.assess_scales(tally, outside.indicator_items[: outside.scales], method),
        diagnostics.outcome_shares(tally, data.item_outcome, data.item_for_all, method),
        _agreements(data, self_view, outside, public, method),
        _by_rules(data, method),
        _by_chance(data, outside, public, method),
    )


def _agreements(
    data: RoundData, view: SelfView, outside: OutsideView, public: Shown, method: Method
) -> dict[str, agreement.Agreement]:
    """How the two views of each dimension go together, over municipalities that may enter a regional figure."""
    answered = data.handed_in[:, None] & ~data.not_applicable & ~np.isnan(data.levels)
    results = {}
    for column in range(1, outside.scales):
        dimension = data.dimensions.index(outside.indicators[column])
        self_scores = view.values[:, 1 + len(data.areas) + dimension]
        shown = np.where(public.tier[:, column] > disclosure.SUPPRESSED, outside.mean[:, column], np.nan)
        both = ~np.isnan(self_scores) & ~np.isnan(shown)
        allowed = _allowed(both, data, method)
        criteria = answered[:, data.criterion_dimension == dimension].sum(axis=1)
        found = diagnostics.agree(
            np.where(allowed, self_scores, np.nan), criteria, shown, outside.sampling[:, column], method
        )
        if found is not None:
            results[data.dimensions[dimension]] = found
    return results


def _by_rules(data: RoundData, method: Method) -> Extent:
    minimum, away, values = self_inputs(data, method)
    ranked = _allowed(data.handed_in, data, method)
    return Extent(*diagnostics.places_by_rules(structure_of(data), values[ranked], minimum, away[ranked], method))


def _by_chance(data: RoundData, outside: OutsideView, public: Shown, method: Method) -> Extent:
    if not outside.scales:
        return Extent()
    shown = _allowed(~np.isnan(public.score[:, 0]), data, method)
    return Extent(
        *diagnostics.places_by_chance(
            outside.mean[shown, 0], outside.sampling[shown, 0], float(outside.probability[0]), method
        )
    )


def _allowed(available: BoolArray, data: RoundData, method: Method) -> BoolArray:
    """Which of the ``available`` units (units,) may enter a regional figure."""
    shown = available & data.consented
    return disclosure.contributors(available[:, None], shown[:, None], method.minimum_hidden)[:, 0]

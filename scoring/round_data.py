"""What a round brings to be scored: the structure, the self-assessments and the newcomers' ratings, as arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from questionnaires.catalogue import Catalogue
from scoring.arrays import BoolArray, FloatArray, IntArray, RatingArray
from scoring.index import ROOT, check_weights
from scoring.intervals import PopulationBelowResponses
from scoring.likert import UnitOutOfRange, check_codes

NO_CRITERION = ROOT


class ShapeMismatch(ValueError):
    """An array of the round does not fit the number of units, criteria, items or responses."""


class LevelOutOfRange(ValueError):
    """A maturity level is not a whole number from 0 to 4."""


@dataclass(frozen=True, eq=False)
class RoundData:
    """A round as arrays; positions, not names, link them.

    ``dimension_area``, ``criterion_dimension``, ``item_criterion`` are positions in the list above (``NO_CRITERION``:
    the item is no criterion's outside view). ``item_for_all`` marks items that everybody is asked, ``item_outcome``
    results such as the wish to stay, which belong to no scale. ``levels`` (units, criteria) are 0 to 4, NaN where not
    answered; ``ratings`` (responses, items) as in ``likert``; ``newcomers`` (units,) NaN where unknown. ``lapsed``
    (responses,) marks people who have lived here too long for the items in ``item_lapses``, whose ratings of these
    were taken out (``pooling``); ``None`` where that was not asked.
    """

    areas: tuple[str, ...]
    area_weight: FloatArray
    dimensions: tuple[str, ...]
    dimension_area: IntArray
    dimension_weight: FloatArray
    criteria: tuple[str, ...]
    criterion_dimension: IntArray
    criterion_weight: FloatArray
    items: tuple[str, ...]
    item_criterion: IntArray
    item_for_all: BoolArray
    item_outcome: BoolArray
    units: tuple[str, ...]
    groups: tuple[str, ...]
    consented: BoolArray
    handed_in: BoolArray
    levels: FloatArray
    not_applicable: BoolArray
    ratings: RatingArray
    response_unit: IntArray
    newcomers: FloatArray
    lapsed: BoolArray | None = None
    item_lapses: BoolArray | None = None

    def __post_init__(self) -> None:
        for weights in (self.area_weight, self.dimension_weight, self.criterion_weight):
            check_weights(weights)
        self._check_shapes()
        self._check_levels()
        self._check_ratings()
        self._check_newcomers()

    @classmethod
    def from_catalogue(
        cls,
        catalogue: Catalogue,
        *,
        units: Sequence[str],
        groups: Sequence[str],
        consented: ArrayLike,
        handed_in: ArrayLike,
        levels: ArrayLike,
        not_applicable: ArrayLike,
        ratings: RatingArray,
        response_unit: ArrayLike,
        newcomers: ArrayLike | None = None,
    ) -> RoundData:
        """A round on a catalogue; columns of ``levels`` and ``ratings`` in catalogue order, rows as ``units``.

        Raises ``ShapeMismatch``, ``LevelOutOfRange``, ``RatingOutOfRange``, ``UnitOutOfRange``,
        ``PopulationBelowResponses``, ``WeightNotPositive``.
        """
        areas, dimensions, criteria = (
            [n.id for n in c] for c in (catalogue.areas, catalogue.dimensions, catalogue.criteria)
        )
        return cls(
            areas=tuple(areas),
            area_weight=np.array([area.weight for area in catalogue.areas]),
            dimensions=tuple(dimensions),
            dimension_area=_positions((d.area for d in catalogue.dimensions), areas),
            dimension_weight=np.array([d.weight for d in catalogue.dimensions]),
            criteria=tuple(criteria),
            criterion_dimension=_positions((c.dimension for c in catalogue.criteria), dimensions),
            criterion_weight=np.array([c.weight for c in catalogue.criteria]),
            items=tuple(item.id for item in catalogue.items),
            item_criterion=_positions((item.criterion for item in catalogue.items), criteria),
            item_for_all=np.array([not item.shown_if for item in catalogue.items]),
            item_outcome=np.array([item.outcome for item in catalogue.items]),
            units=tuple(units),
            groups=tuple(groups),
            consented=np.asarray(consented, dtype=bool),
            handed_in=np.asarray(handed_in, dtype=bool),
            levels=np.asarray(levels, dtype=float),
            not_applicable=np.asarray(not_applicable, dtype=bool),
            ratings=np.asarray(ratings, dtype=np.uint8),
            response_unit=np.asarray(response_unit, dtype=np.int64),
            newcomers=np.full(len(units), np.nan) if newcomers is None else np.asarray(newcomers, dtype=float),
        )

    @cached_property
    def pairs(self) -> IntArray:
        """Positions of the items that are a criterion's outside view."""
        return np.flatnonzero(self.item_criterion != NO_CRITERION)

    @cached_property
    def responses(self) -> IntArray:
        """Responses per unit."""
        return np.bincount(self.response_unit, minlength=len(self.units))

    @cached_property
    def seed(self) -> int:
        """A number drawn from everything in the round: the same round always gives the same random steps."""
        digest = hashlib.sha256()
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            digest.update(np.ascontiguousarray(value).data if isinstance(value, np.ndarray) else repr(value).encode())
        return int.from_bytes(digest.digest()[:16], "big")

    def _check_shapes(self) -> None:
        units, criteria, items, responses = len(self.units), len(self.criteria), len(self.items), len(self.ratings)
        expected = {
            "groups": (units,),
            "consented": (units,),
            "handed_in": (units,),
            "newcomers": (units,),
            "levels": (units, criteria),
            "not_applicable": (units, criteria),
            "ratings": (responses, items),
            "response_unit": (responses,),
        }
        if self.lapsed is not None:
            expected |= {"lapsed": (responses,), "item_lapses": (items,)}
        for name, shape in expected.items():
            if np.shape(getattr(self, name)) != shape:
                raise ShapeMismatch(f"{name} has shape {np.shape(getattr(self, name))}, expected {shape}.")

    def _check_levels(self) -> None:
        answered = self.levels[~np.isnan(self.levels)]
        wrong = answered[~np.isin(answered, (0, 1, 2, 3, 4))]
        if wrong.size:
            raise LevelOutOfRange(f"A maturity level is a whole number from 0 to 4, not {wrong[0]:g}.")

    def _check_ratings(self) -> None:
        check_codes(self.ratings)
        if self.response_unit.size and not 0 <= self.response_unit.min() <= self.response_unit.max() < len(self.units):
            raise UnitOutOfRange(f"A response belongs to a unit that does not exist; there are {len(self.units)}.")

    def _check_newcomers(self) -> None:
        short = np.flatnonzero(self.newcomers < self.responses)
        if short.size:
            raise PopulationBelowResponses(f"{self.units[short[0]]} has more responses than newcomers.")


def _positions(names: Iterable[str | None], within: Sequence[str]) -> IntArray:
    position = {name: place for place, name in enumerate(within)}
    return np.array([NO_CRITERION if name is None else position[name] for name in names], dtype=np.int64)

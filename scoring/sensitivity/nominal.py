"""An index as it is published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import BoolArray, FloatArray
from scoring.index import NotATree, Structure


class ArraysDiffer(ValueError):
    """An array does not fit the units, leaves or nodes of the index."""


class ScoreOutOfRange(ValueError):
    """A value of an indicator does not lie between 0 and 100."""


class SamplingErrorUnusable(ValueError):
    """A draw or a standard error is missing where there is a score, infinite or negative, or both were given."""


@dataclass(frozen=True, eq=False)
class Nominal:
    """An index as it is published: what the replications depart from.

    ``values`` (units, leaves) 0 to 100, NaN where missing; ``structure``, ``minimum_share``, ``order``,
    ``not_applicable`` and ``not_applicable_limit`` as in ``index.evaluate``. For the sampling error either ``draws``
    (draws, units, leaves), joint draws of the leaves' true scores, or ``standard_errors`` (units, leaves), 0 where a
    value is certain; both are cut at 0 and 100 and not looked at where the value is missing. Raises ``ArraysDiffer``,
    ``ScoreOutOfRange``, ``SamplingErrorUnusable``.
    """

    structure: Structure
    values: FloatArray
    minimum_share: ArrayLike = 0.0
    order: ArrayLike = 1.0
    not_applicable: BoolArray | None = None
    not_applicable_limit: float = 1 / 3
    draws: FloatArray | None = None
    standard_errors: FloatArray | None = None

    def __post_init__(self) -> None:
        if not self.structure.inner.size:
            raise NotATree("An index has at least one leaf below its root.")
        if self.values.ndim != 2 or self.values.shape[1] != self.structure.leaves.size:
            raise ArraysDiffer(
                f"Values have the shape (units, {self.structure.leaves.size} leaves), not {self.values.shape}."
            )
        for name, array in (("not_applicable", self.not_applicable), ("standard_errors", self.standard_errors)):
            if array is not None and array.shape != self.values.shape:
                raise ArraysDiffer(f"{name} has the shape of the values, {self.values.shape}, not {array.shape}.")
        with np.errstate(invalid="ignore"):
            wrong = np.argwhere(~np.isnan(self.values) & ~((self.values >= 0) & (self.values <= 100)))
        if wrong.size:
            unit, leaf = wrong[0].tolist()
            raise ScoreOutOfRange(
                f"Unit {unit + 1}, leaf {leaf + 1} is {self.values[unit, leaf]}; bring values to 0 to 100 first."
            )
        self._check_sampling()

    def _check_sampling(self) -> None:
        if self.draws is not None and self.standard_errors is not None:
            raise SamplingErrorUnusable("Give draws or standard errors, not both.")
        if self.draws is not None:
            if self.draws.ndim != 3 or self.draws.shape[1:] != self.values.shape or not len(self.draws):
                raise ArraysDiffer(f"Draws have the shape (draws, *{self.values.shape}), not {self.draws.shape}.")
            if not (np.isfinite(self.draws) | ~self.present).all():
                raise SamplingErrorUnusable("A draw is missing or infinite where the unit has a value.")
        if self.standard_errors is not None:
            with np.errstate(invalid="ignore"):
                usable = np.isfinite(self.standard_errors) & (self.standard_errors >= 0)
            if not (usable | ~self.present).all():
                raise SamplingErrorUnusable("A standard error is missing, infinite or negative where there is a value.")

    @cached_property
    def present(self) -> BoolArray:
        """Where a value counts: neither missing nor not applicable, (units, leaves)."""
        away = np.zeros(self.values.shape, dtype=bool) if self.not_applicable is None else self.not_applicable
        return np.asarray(~np.isnan(self.values) & ~away)

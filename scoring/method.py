"""Every choice of the method in one place, with its default and its version."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace


class UnknownParameter(ValueError):
    """The method has no parameter of that name."""


class ParameterOutOfRange(ValueError):
    """A parameter has a value that the method cannot work with."""


@dataclass(frozen=True)
class Method:
    """Parameters of the method; scores and margins in points (0 to 100), shares from 0 to 1.

    Changing a default changes ``version``: a release says with both how its numbers were made.
    """

    version: str = "1.4"
    level: float = 0.95
    pseudo_item: float = 2.0
    pseudo_scale: float = 1.0
    coverage_dimension: float = 2 / 3
    coverage_field: float = 2 / 3
    coverage_total: float = 0.8
    not_applicable_limit: float = 1 / 3
    person_share: float = 2 / 3
    scale_share: float = 0.6
    dimension_pairs: int = 2
    arrival_years: float = 2.0
    living_years: float = 5.0
    minimum_own: int = 5
    minimum_public: int = 10
    minimum_fine: int = 30
    minimum_hidden: int = 3
    minimum_quartiles: int = 5
    minimum_reliability: int = 30
    minimum_units: int = 8
    minimum_ranks: int = 10
    homogeneous_share: float = 0.9
    not_concerned_share: float = 0.2
    draws: int = 2000
    draws_small_network: int = 4000
    small_network: int = 200
    prior_df: float = 10.0
    prior_scale: float = 10.0
    grid_points: int = 160
    fdr: float = 0.05
    margin: float = 5.0
    margin_gap: float = 12.5
    same_probability: float = 0.9
    gate_points: float = 2.0
    gate_probability: float = 0.5
    reliability: float = 0.7
    quadrant_self: float = 50.0
    quadrant_outside: float = 60.0
    weight_trim_low: float = 0.3
    weight_trim_high: float = 3.0
    sobol_n: int = 1024

    def __post_init__(self) -> None:
        for name in ("level", "fdr", "homogeneous_share", "same_probability", "gate_probability", "reliability"):
            if not 0 < getattr(self, name) < 1:
                raise ParameterOutOfRange(f"{name} lies between 0 and 1, not {getattr(self, name)}.")
        if not 0 < self.arrival_years <= self.living_years:
            raise ParameterOutOfRange(
                "0 < arrival_years <= living_years is needed: who has just arrived lives here too."
            )
        if not 2 <= self.minimum_own <= self.minimum_public <= self.minimum_fine:
            raise ParameterOutOfRange(
                "2 <= minimum_own <= minimum_public <= minimum_fine is needed to protect answers."
            )

    def with_parameters(self, parameters: Mapping[str, float | int | str]) -> Method:
        """The method with some parameters changed; ``UnknownParameter`` names the nearest right one.

        >>> Method().with_parameters({"margin": 10.0}).margin
        10.0
        >>> Method().with_parameters({"margins": 10.0})
        Traceback (most recent call last):
        scoring.method.UnknownParameter: The method has no parameter "margins". Did you mean "margin"?
        """
        known = [field.name for field in fields(self)]
        for name in parameters:
            if name not in known:
                nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
                raise UnknownParameter(f'The method has no parameter "{name}". Did you mean "{nearest}"?')
        return replace(self, **parameters)  # type: ignore[arg-type]

    def parameters(self) -> dict[str, float | int | str | bool]:
        """Every parameter but the version, by name.

        >>> Method().parameters()["minimum_public"]
        10
        """
        return {name: value for name, value in asdict(self).items() if name != "version"}

    def draws_for(self, units: int) -> int:
        """Number of joint draws for a network of that size.

        >>> Method().draws_for(59), Method().draws_for(11_000)
        (4000, 2000)
        """
        return self.draws_small_network if units < self.small_network else self.draws

"""How far the places of an index depend on how it was made, and on chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring import index, sensitivity
from scoring.arrays import FloatArray
from scoring.files.indices import Trunk, minimum_shares
from scoring.files.persons import Wave
from scoring.files.reading import Input
from scoring.files.settings import NONE

# With more units the indices of all factors would need gigabytes; the places are computed all the same.
UNITS_FOR_SOBOL = 200
_RANKS = ("rank", "borda", "percentile_rank")


@dataclass(frozen=True, eq=False)
class Robustness:
    """Places of the root over many replications, and the share each factor has in them (``None`` if not computed)."""

    wave: str
    uncertainty: sensitivity.Uncertainty
    sobol: sensitivity.Sobol | None


def trunk_of_items(data: Input) -> Trunk:
    """The whole hierarchy, with the items as leaves."""
    return Trunk(np.arange(len(data.hierarchy.nodes)), data.hierarchy.structure)


def vary(
    data: Input, wave: str, trunk: Trunk, values: FloatArray, errors: FloatArray | None, position: int
) -> Robustness | None:
    """Make the index anew, with other choices and other answers; ``None`` where it has no places.

    ``values`` and their standard ``errors`` (units, leaves) stand on the scale of the settings.
    """
    scores = scores_0_to_100(data, values)
    if scores is None:
        return None
    shares, order = minimum_shares(data, trunk), data.order[trunk.nodes]
    nominal = sensitivity.Nominal(trunk.structure, scores, shares, order, standard_errors=errors)
    root = index.evaluate(trunk.structure, scores, shares, order).values[:, trunk.structure.parent == index.ROOT]
    units = int((~np.isnan(root)).sum())
    if units < 2:
        return None
    rng = np.random.default_rng([data.seed, position, 1])
    if units > UNITS_FOR_SOBOL:
        return Robustness(wave, sensitivity.uncertainty(nominal, rng=rng), None)
    found = sensitivity.sobol(nominal, rng=rng, n=data.settings.method.sobol_n)
    return Robustness(wave, found.uncertainty, found)


def scores_0_to_100(data: Input, values: FloatArray) -> FloatArray | None:
    """Indicators on a scale of 0 to 100: ranks by their percentile, z-scores as T scores; ``None`` if out of range."""
    method, (low, high) = data.normalisation, data.settings.to
    if not data.indicators:
        return values
    if method in _RANKS:
        count = np.maximum((~np.isnan(values)).sum(axis=0) - 1, 1)
        least = 1 if method == "rank" else 0
        return values if method == "percentile_rank" else np.clip(100 * (values - least) / count, 0, 100)
    if method == "zscore":
        return np.clip(50 + 10 * (values - low) / high, 0, 100)
    if method == NONE and ((values < low) | (values > high)).any():
        return None
    return np.clip(100 * (values - low) / (high - low), 0, 100)


def standard_errors(wave: Wave, columns: list[int]) -> FloatArray:
    """Standard errors of the means of some nodes of a wave (units, columns), 0 where there is no variance."""
    variance = wave.variance[:, columns] / np.maximum(wave.n[:, columns], 1)
    return np.sqrt(np.nan_to_num(variance))

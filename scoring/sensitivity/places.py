"""Within which places and scores units stay, whatever is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import BoolArray, FloatArray
from scoring.sensitivity.case import Case, case_of
from scoring.sensitivity.factors import FACTORS, Factors
from scoring.sensitivity.nominal import Nominal
from scoring.sensitivity.precision import DIGITS, TOLERANCE, ratio
from scoring.sensitivity.replications import Replications, ReplicationsNotUsable, replicate

ROBUST_PLACES = 0.05
ROBUST_SHARE = 0.9
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Places and scores of every unit over the replications: arrays (units,), NaN for units without a nominal score.

    ``nominal`` place among ``places`` units; ``low``, ``median``, ``high``: 5 %, 50 % and 95 % quantile of the place
    (1 is the highest score) and ``score_low``, ``score_median``, ``score_high`` of the score, over the replications in
    which the unit has a score, scores only on the first scale listed since the others have no unit in common with it;
    ``shift``: mean absolute difference to the nominal place; ``near``: share of all replications within 5 % of the
    places around the nominal one; ``robust``: at least 90 % of them; ``scored``: share in which there was a score.
    """

    places: int
    nominal: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray
    shift: FloatArray
    near: FloatArray
    robust: BoolArray
    scored: FloatArray
    score_low: FloatArray
    score_median: FloatArray
    score_high: FloatArray


def uncertainty(
    nominal: Nominal, *, rng: np.random.Generator, factors: Factors | None = None, replications: int = 1000
) -> Uncertainty:
    """Places and scores over ``replications`` in which all factors are drawn at once.

    The same ``rng`` state gives the same bytes. Raises ``TooFewUnits``, ``ReplicationsNotUsable`` and what
    ``index.evaluate`` raises. Sources: OECD/JRC (2008), step 7; Saisana, Saltelli and Tarantola (2005).

    >>> from scoring.index import Structure
    >>> structure = Structure(("index", "a", "b"), np.array([-1, 0, 0]), np.ones(3))
    >>> units = Nominal(structure, np.array([[90.0, 80.0], [10.0, 70.0], [60.0, 10.0]]))
    >>> found = uncertainty(units, rng=np.random.default_rng(1))
    >>> found.nominal.tolist(), found.low.tolist(), found.high.tolist(), found.robust.tolist()
    ([1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [1.0, 3.0, 3.0], [True, False, False])
    """
    if replications < 1:
        raise ReplicationsNotUsable(f"At least one replication is needed, not {replications}.")
    case = case_of(nominal, factors or Factors(), rng)
    return summary(case, replicate(case, rng.random((len(FACTORS), replications)), None))


def summary(case: Case, found: Replications) -> Uncertainty:
    """What the replications say of every unit, those without a place included."""
    ranks, places = found.ranks, case.ranked.size
    shift = np.abs(ranks - case.ranks)
    scored = ~np.isnan(ranks)
    near = (np.nan_to_num(shift, nan=np.inf) <= ROBUST_PLACES * places + TOLERANCE).mean(axis=0)
    low, median, high = _quantiles(ranks)
    score_low, score_median, score_high = _quantiles(found.scores[found.scaling == 0])
    robust = np.zeros(case.units, dtype=bool)
    robust[case.ranked] = near >= ROBUST_SHARE - TOLERANCE

    def spread(values: FloatArray) -> FloatArray:
        result = np.full(case.units, np.nan)
        result[case.ranked] = values
        return result

    return Uncertainty(
        places=places,
        nominal=spread(case.ranks),
        low=spread(low),
        median=spread(median),
        high=spread(high),
        shift=spread(ratio(np.nan_to_num(shift, nan=0.0).sum(axis=0), scored.sum(axis=0), np.nan)),
        near=spread(near),
        robust=robust,
        scored=spread(scored.mean(axis=0)),
        score_low=spread(score_low),
        score_median=spread(score_median),
        score_high=spread(score_high),
    )


def _quantiles(values: FloatArray) -> list[FloatArray]:
    """Quantiles over the replications (the inverted distribution function) of what is not NaN; NaN if all is."""
    if not len(values):
        return [np.full(values.shape[1], np.nan)] * len(QUANTILES)
    ordered, count = np.sort(values, axis=0), (~np.isnan(values)).sum(axis=0)
    positions = [np.maximum(np.ceil(np.round(p * count, DIGITS)).astype(np.int64) - 1, 0) for p in QUANTILES]
    return [np.take_along_axis(ordered, position[None], axis=0)[0] for position in positions]

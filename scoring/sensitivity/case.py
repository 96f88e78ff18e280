"""The units that have a place, and from what their scores may be made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from scoring.arrays import BoolArray, FloatArray, IntArray
from scoring.index import NOT_APPLICABLE, Structure, evaluate
from scoring.sensitivity.factors import Factors
from scoring.sensitivity.nominal import Nominal
from scoring.sensitivity.precision import DIGITS, TOLERANCE
from scoring.shrinkage import TooFewUnits

MIDDLE = 50.0


@dataclass(frozen=True, eq=False)
class Case:
    """The units that have a place, and what may become of their index.

    ``values`` and ``present`` (leaves, units); ``scores``, ``ranks`` (units,) nominal; ``criterion`` and ``dimension``
    (pool, leaves or inner nodes) weights as shares within the parent; ``applicable`` and ``allowed``, one array
    (1, units) or (1, 1) per node: whether it is in the denominator, and whether too much of it is not applicable;
    ``minimum`` and ``order`` per node; ``draw`` gives scores (leaves, numbers, units) of the draws of that number.
    """

    factors: Factors
    structure: Structure
    units: int
    ranked: IntArray
    scores: FloatArray
    ranks: FloatArray
    present: BoolArray
    applicable: list[FloatArray]
    allowed: list[FloatArray]
    minimum: FloatArray
    order: FloatArray
    criterion: FloatArray
    dimension: FloatArray
    draws: int
    draw: Callable[[IntArray], FloatArray]

    @cached_property
    def branches(self) -> list[tuple[int, list[int]]]:
        """Inner nodes, the deepest first, with their children."""
        return [(int(node), self.structure.children(int(node)).tolist()) for node in self.structure.inner]

    @cached_property
    def leaf(self) -> dict[int, int]:
        """Column of each leaf's node."""
        return {int(node): column for column, node in enumerate(self.structure.leaves)}

    @cached_property
    def left_out(self) -> int:
        """In how many ways a leaf may be left out, none included."""
        leaves = int(self.structure.leaves.size)
        return leaves + 1 if self.factors.leave_one_out and leaves > 1 else 1

    @property
    def active(self) -> tuple[bool, ...]:
        """Which factors vary."""
        return (
            len(self.criterion) > 1,
            len(self.dimension) > 1,
            self.factors.order is not None,
            len(self.factors.scalings) > 1,
            self.factors.coverage is not None and self._gaps,
            self.left_out > 1,
            self.draws > 1,
        )

    @property
    def _gaps(self) -> bool:
        missing = any(((self.applicable[node] > 0) & ~self.present[column]).any() for node, column in self.leaf.items())
        return missing or any((allowed == 0).any() for allowed in self.allowed)


def case_of(nominal: Nominal, factors: Factors, rng: np.random.Generator) -> Case:
    """What replications start from; ``TooFewUnits`` if no two units have a score."""
    structure = nominal.structure
    result = evaluate(
        structure,
        nominal.values,
        nominal.minimum_share,
        nominal.order,
        nominal.not_applicable,
        nominal.not_applicable_limit,
    )
    root = int(structure.inner[-1])
    ranked = np.flatnonzero(~np.isnan(result.values[:, root]))
    if ranked.size < 2:
        raise TooFewUnits(f"Places need at least two units with a score, not {ranked.size}.")
    scores = result.values[ranked, root]
    status = result.status[ranked]
    nodes = len(structure.ids)
    minimum, order = (np.broadcast_to(np.asarray(v, float), nodes) for v in (nominal.minimum_share, nominal.order))
    criterion, dimension = (
        _weight_pool(structure, of, spread, factors.pool, rng)
        for of, spread in (
            (structure.leaves, factors.criterion_weights),
            (structure.inner, factors.dimension_weights),
        )
    )
    draws, draw = _draw_source(nominal, ranked, factors.sampling, rng)
    return Case(
        factors=factors,
        structure=structure,
        units=len(nominal.values),
        ranked=ranked,
        scores=scores,
        ranks=order_of(scores),
        present=nominal.present[ranked].T,
        applicable=[row_of(status[:, node] != NOT_APPLICABLE) for node in range(nodes)],
        allowed=[row_of(_allowed(structure, status, node, nominal.not_applicable_limit)) for node in range(nodes)],
        minimum=minimum,
        order=order,
        criterion=criterion,
        dimension=dimension,
        draws=draws,
        draw=draw,
    )


def order_of(scores: FloatArray) -> FloatArray:
    """Ranks of scores (..., units), 1 the highest; what differs by rounding only is equal."""
    return np.asarray(scipy.stats.rankdata(-np.round(scores, DIGITS), axis=-1), dtype=np.float64)


def row_of(flags: BoolArray) -> FloatArray:
    """Flags of the units as numbers to multiply with, (1, units); a single one where all are true."""
    return np.ones((1, 1)) if flags.all() else flags[None].astype(np.float64)


def _allowed(structure: Structure, status: NDArray[Any], node: int, limit: float) -> BoolArray:
    """Units for which no more than ``limit`` of the node's children are not applicable."""
    children = structure.children(node)
    if not children.size:
        return np.ones(len(status), dtype=bool)
    return np.asarray((status[:, children] == NOT_APPLICABLE).mean(axis=1) <= limit + TOLERANCE)


def _weight_pool(
    structure: Structure, nodes: IntArray, spread: float, size: int, rng: np.random.Generator
) -> FloatArray:
    """Sets of weights (size, nodes) as shares within the parent; a single, nominal one if nothing can vary."""
    nominal = np.ones(nodes.size)
    varied: list[tuple[IntArray, FloatArray]] = []
    for parent in np.unique(structure.parent[nodes]):
        if parent < 0:
            continue
        members = np.flatnonzero(structure.parent[nodes] == parent)
        share = structure.weight[nodes[members]] / structure.weight[structure.children(int(parent))].sum()
        nominal[members] = share
        if np.count_nonzero(share) > 1 and spread > 0:
            varied.append((members[share > 0], share[share > 0]))
    if not varied:
        return nominal[None]
    pool = np.tile(nominal, (size, 1))
    for members, share in varied:
        # Leaves and inner nodes below one parent are varied apart; each group keeps its part of the weight.
        concentration = (members.size - 1) / spread**2 - 1
        pool[:, members] = rng.dirichlet(concentration * share / share.sum(), size) * share.sum()
    return pool


def _draw_source(
    nominal: Nominal, ranked: IntArray, sampling: bool, rng: np.random.Generator
) -> tuple[int, Callable[[IntArray], FloatArray]]:
    """How many draws there are, and a function that gives some of them by number: (leaves, numbers, units)."""
    present = nominal.present[ranked].T[:, None]
    values = np.where(present, nominal.values[ranked].T[:, None], MIDDLE)
    if sampling and nominal.draws is not None:
        draws = nominal.draws

        def given(numbers: IntArray) -> FloatArray:
            chosen = draws[np.ix_(numbers, ranked)]
            scores = np.empty((chosen.shape[2], numbers.size, ranked.size))
            scores[...] = np.moveaxis(np.clip(chosen, 0, 100, out=chosen), 2, 0)
            np.copyto(scores, MIDDLE, where=~present)
            return scores

        return len(draws), given
    if sampling and nominal.standard_errors is not None:
        errors = np.where(present, nominal.standard_errors[ranked].T[:, None], 0.0)
        if errors.any():
            key = int(rng.integers(2**63))

            def drawn(numbers: IntArray) -> FloatArray:
                # Every draw has a stream of its own, so that it is the same whenever it is needed and none is kept.
                noise = [
                    np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, int(k)])).standard_normal(
                        present[:, 0].shape
                    )
                    for k in numbers
                ]
                return np.asarray(np.clip(values + errors * np.stack(noise, axis=1), 0, 100))

            return 2**20, drawn
    return 1, lambda numbers: np.repeat(values, numbers.size, axis=1)
